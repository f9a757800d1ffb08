"""What has happened to calls and agents, told over the bus to records, metrics and MQTT.

`at` is aware UTC. Numbers are in events because records need them; whoever passes
events on decides what to mask. Nothing of this goes into a log.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acd.ledger.debt import AttemptOutcome, DebtKind, DebtState
from acd.messages import Declined, OfferFailure, TalkEnd
from acd.queue_rules import OverflowWhen
from acd.routing_words import RoutingRule, Skipped


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a moment."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Event):
    """Something that happened to a call."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(CallEvent):
    """An INVITE came. `caller` is normalised (E.164 or short code), "" if withheld."""

    caller: str
    called: str
    peer: str
    sip_call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackBegun(CallEvent):
    """We begin a call to a citizen, in a queue or at once; `caller` is his number.

    It takes the place of `CallArrived`. `call_back_id` names the debt that it pays. A
    `confidential` caller's number is not passed on.
    """

    caller: str
    called: str
    call_back_id: str
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpBegun(CallEvent):
    """We call a citizen (`caller`) about his closed order; `called` is what we show."""

    caller: str
    called: str
    contact_id: str
    confidential: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(CallEvent):
    """We answered; the wait counted from the SIP answer begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallEvent):
    """The call is over. `cause` is an EndCause of telephony or "service_killed"."""

    outcome: Outcome
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMissed(CallEvent):
    """A citizen could not be served: the missed-call ledger takes him in.

    `stage` is the outcome that made it one. A `confidential` number is not passed on.
    """

    caller: str
    called: str
    queue: str
    stage: Outcome
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegOpened(CallEvent):
    """A leg was made: the citizen's INVITE, or ours to an agent."""

    leg_id: str
    role: Role
    agent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered(CallEvent):
    """A leg was answered."""

    leg_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegClosed(CallEvent):
    """A leg ended; `cause` is an EndCause, `sip_code` the final status or 0."""

    leg_id: str
    cause: str
    sip_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStepTaken(CallEvent):
    """The citizen went through a step of the flow; never the digits themselves."""

    step: str
    kind: str
    result: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerEntered(CallEvent):
    """ENTERQUEUE: the citizen waits for a person; position 1 is next."""

    queue: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(CallEvent):
    """OFFER: an agent's phone is being called."""

    queue: str
    agent_id: str
    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferUnanswered(CallEvent):
    """RINGNOANSWER and its like: an agent did not take the call."""

    queue: str
    agent_id: str
    offer_id: str
    failure: OfferFailure
    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallConnected(CallEvent):
    """CONNECT: citizen and agent speak. `wait_seconds` counts from queue entry."""

    queue: str
    agent_id: str
    wait_seconds: float
    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAbandoned(CallEvent):
    """ABANDON: the citizen hung up before a person answered."""

    queue: str
    position: int
    wait_seconds: float
    while_ringing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackPromised(CallEvent):
    """CALLBACK: the citizen gave his place up for a call-back."""

    queue: str
    position: int
    wait_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRouted(CallEvent):
    """A routing decision about a waiting call: the `record`-th that the call keeps.

    `eligible` agents could be asked at this moment; `skipped` counts the others of the
    queue by reason (an agent of two queues that the call asks counts in both).
    A flow's transfer to another telephone is told as record 0, without agents.
    `candidates` are the first ten in the order of asking, `agent_id` the chosen one, ""
    when nobody is rung. `detail` goes with the rule: the strategy, the other queue.
    """

    queue: str
    record: int
    rule: RoutingRule
    position: int
    eligible: int
    skipped: dict[Skipped, int]
    candidates: tuple[str, ...]
    agent_id: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOverflowed(CallEvent):
    """OVERFLOW: a rule took the call out of its queue, to the queue `to` or, "", the flow.

    In `to` the call enters with the same wait behind it.
    """

    queue: str
    to: str
    reason: OverflowWhen
    wait_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDeclined(CallEvent):
    """DECLINE: in a flood there was no place for the call in the line."""

    queue: str
    kind: Declined


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTakenBack(CallEvent):
    """The caller has the place of an earlier call of his number, waiting since `since`.

    `call_back` says that it was a call-back which waited for him, and is cancelled.
    """

    queue: str
    from_call_id: str
    since: datetime
    call_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEstimated(CallEvent):
    """What the caller was first told about his wait, and how long it was from then on.

    Where he was not `connected` he gave up: he would have waited longer.
    """

    queue: str
    told_seconds: float
    actual_seconds: float
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkMoved(CallEvent):
    """The citizen speaks with another agent, who was asked about him before."""

    queue: str
    from_agent_id: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded(CallEvent):
    """COMPLETE: the talk is over."""

    queue: str
    agent_id: str
    talk_seconds: float
    end: TalkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequeued(CallEvent):
    """The agent's leg died: the citizen is back at the head of the queue."""

    queue: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged(Event):
    """An agent moved from one state to another; `reason` says why, "" when plain."""

    agent_id: str
    old: AgentState
    new: AgentState
    reason: str = ""
    call_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRulesChanged(Event):
    """A queue works by other rules from now on."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfileChanged(Event):
    """An agent has other skills, queues or penalties from now on."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseOverdue(Event):
    """An agent's pause is longer than its reason allows; told once in each pause."""

    agent_id: str
    reason: str
    limit_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackMoved(CallEvent):
    """A debt of the ledger is new, or has moved; `call_id` is the call that made it.

    `due_at` is when it is tried next, None when it is closed. A `confidential` caller's
    number is not passed on.
    """

    call_back_id: str
    kind: DebtKind
    caller: str
    queue: str
    state: DebtState
    reason: str
    tries: int
    due_at: datetime | None
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackTried(CallEvent):
    """An attempt to call a citizen back is over; `call_id` is the attempt's own."""

    call_back_id: str
    kind: DebtKind
    outcome: AttemptOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(CallEvent):
    """The citizen rated his call; `asked_in` is the call in which he was asked."""

    step: str
    answer: str
    asked_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLeft(CallEvent):
    """A message of an unrecorded call has its own `file` in the folder of messages."""

    step: str
    seconds: float
    file: str
