"""What has happened to calls and agents, told over the bus to records, metrics and MQTT.

`at` is aware UTC. Numbers are in events because records need them; whoever passes
events on decides what to mask. Nothing of this goes into a log.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acd.event import AgentState as AgentState
from acd.event import CallEvent as CallEvent
from acd.event import Event as Event
from acd.event import Outcome as Outcome
from acd.event import Role as Role
from acd.ledger.debt import AttemptOutcome, DebtKind, DebtState
from acd.queue_events import CallAbandoned as CallAbandoned
from acd.queue_events import CallBackPromised as CallBackPromised
from acd.queue_events import CallConnected as CallConnected
from acd.queue_events import CallDeclined as CallDeclined
from acd.queue_events import CallerEntered as CallerEntered
from acd.queue_events import CallOffered as CallOffered
from acd.queue_events import CallOverflowed as CallOverflowed
from acd.queue_events import CallRequeued as CallRequeued
from acd.queue_events import CallRouted as CallRouted
from acd.queue_events import NeighbourAsked as NeighbourAsked
from acd.queue_events import OfferUnanswered as OfferUnanswered
from acd.queue_events import PlaceTakenBack as PlaceTakenBack
from acd.queue_events import TalkEnded as TalkEnded
from acd.queue_events import TalkMoved as TalkMoved
from acd.queue_events import WaitEstimated as WaitEstimated


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
class RecallBegun(CallEvent):
    """We call somebody of the staff to come to work; his number is told to nobody."""

    person_id: str


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
    """A leg was made: the citizen's INVITE, or ours to an agent or over a trunk.

    `shown` is the caller number that a leg over a trunk shows, "" for any other.
    """

    leg_id: str
    role: Role
    agent_id: str = ""
    shown: str = ""


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
class FlowBegun(CallEvent):
    """The call meets a flow in this version, which it keeps; 0 is no kept version."""

    flow: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStepTaken(CallEvent):
    """The citizen went through a step of the flow; never the digits themselves."""

    step: str
    kind: str
    result: str
    seconds: float


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLevelChanged(Event):
    """The emergency plans are at another level: 0 is normal, 3 the highest.

    While it is not 0 nobody is called for a follow-up. `reason` says why, for people.
    """

    level: int
    old_level: int
    reason: str = ""


class PreviewEnd(StrEnum):
    """What became of a contact that was shown to an agent.

    `WITHDRAWN`: the agent has something else to do, or nobody is called any more.
    """

    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOffered(Event):
    """An agent is shown a contact of a campaign, to accept or skip until `expires_at`."""

    agent_id: str
    campaign: str
    contact_id: str
    order_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewEnded(Event):
    """The contact is shown to him no more."""

    agent_id: str
    campaign: str
    contact_id: str
    end: PreviewEnd
