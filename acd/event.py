"""What every event has, and the words that events are told in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AgentState(StrEnum):
    """What an agent is doing."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    OFFERED = "offered"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class Outcome(StrEnum):
    """How a call ended, once for each call.

    `CALL_BACK_PROMISED`: he hung up knowing that we call him. `DECLINED`: no place for
    him, or nobody where the flow sent him. `NOT_REACHED`: he did not answer a call of ours.
    """

    ANSWERED = "answered"
    ABANDONED_IN_IVR = "abandoned_in_ivr"
    ABANDONED_IN_QUEUE = "abandoned_in_queue"
    ABANDONED_WHILE_RINGING = "abandoned_while_ringing"
    BLOCKED = "blocked"
    REFUSED = "refused"
    CALL_BACK_PROMISED = "call_back_promised"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    COMPLETED_IN_IVR = "completed_in_ivr"
    FAILED = "failed"
    CUT_OFF = "cut_off"


class Role(StrEnum):
    """Whose leg it is."""

    CITIZEN = "citizen"
    AGENT = "agent"
    THIRD_PARTY = "third_party"
    SUPERVISOR = "supervisor"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Event):
    """Something that happened to a call."""

    call_id: str
