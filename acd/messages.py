"""The seam between the calls and the engine: messages in, commands out.

Reception sends messages and carries out commands; the engine does the reverse. The two
know each other only by these values, over a `Link`. Messages and commands are frozen
and hold only plain values, so that they can also travel between machines.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from acd.agent_profile import AgentProfile
from acd.pauses.limits import PauseLimitsChange
from acd.queue_rules import Levels, OverflowWhen, QueueRules


class OfferFailure(StrEnum):
    """Why an agent's phone did not take an offered call."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"


class TalkEnd(StrEnum):
    """Who or what ended a talk.

    `NOT_BEGUN`: an agent picked up for a call-back, but left before he and the citizen
    heard each other.
    """

    CALLER = "caller"
    AGENT = "agent"
    AGENT_LEG_DIED = "agent_leg_died"
    TRANSFERRED = "transferred"
    TRANSFER_FAILED = "transfer_failed"
    NOT_BEGUN = "not_begun"


class Declined(StrEnum):
    """What a citizen is told for whom there is no place in the line."""

    CALL_BACK = "call_back"
    MESSAGE = "message"


NOT_SERVED = frozenset({TalkEnd.AGENT_LEG_DIED, TalkEnd.TRANSFER_FAILED})
"""Ends after which the citizen is still there and goes first to another agent."""


_ASKS = "?"


def question_of(call_id: str, number: int) -> str:
    """The id under which an agent is asked about a call."""
    return f"{call_id}{_ASKS}{number}"


def is_question(call_id: str) -> bool:
    """Whether this is a question to an agent, and no citizen's call."""
    return _ASKS in call_id


def call_in_question(call_id: str) -> str:
    """The call that a question is about; a call's own id is itself."""
    return call_id.partition(_ASKS)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerEnters:
    """A citizen asks for a person. `at_head` puts him before all others.

    `caller` is his normalised number, "" when withheld. `skills` are asked for besides
    the queue's own. `last_agent` is whom he spoke with when he called before, "" when
    nobody. `since` gives him the place of one who entered then: what he asks of agents
    and his rank count from it, the waits that are told from his own entry.
    `call_back_id` names the debt that is paid when this is a call-back, which waits in a citizen's stead.
    `here_since` is when the call came to us: a promise made later at his number was
    made to somebody else. None: he came just now.
    `leave_when_nobody`: he does not wait in a queue without agents, the flow goes on.
    `only_agent` names the one agent who may take the call, for a talk that is handed to
    him or a question to him, "" when all of the queue may.
    `placed`: we call him for a reason of ours, so that no rule sends him elsewhere.
    """

    call_id: str
    queue: str
    priority: int = 0
    at_head: bool = False
    caller: str = field(default="", repr=False)
    skills: Levels = ()
    last_agent: str = ""
    since: datetime | None = None
    call_back_id: str = ""
    here_since: datetime | None = None
    leave_when_nobody: bool = False
    only_agent: str = ""
    placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLeaves:
    """The citizen is gone, or no longer waits; `promised` when a call-back takes his place.

    `keeps_place`: a call-back is not made because he is calling himself, and he takes
    its place when he asks for a person.
    """

    call_id: str
    promised: bool = False
    keeps_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerMoves:
    """By a key the waiting citizen asks to wait in this queue, for what he asks with `skills` there.

    He keeps his place in time; where he cannot go he waits on where he is.
    """

    call_id: str
    queue: str
    skills: Levels = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRings:
    """The agent's phone rings."""

    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """The agent has picked up."""

    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFailed:
    """The agent's phone did not take the call."""

    offer_id: str
    failure: OfferFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnds:
    """Citizen and agent no longer speak with each other."""

    call_id: str
    end: TalkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkMoves:
    """The citizen speaks with this agent from now on, who was asked about him before.

    The agent's own talk, in which he was asked, is over; whoever asked him is free.
    """

    call_id: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLogsIn:
    """An agent comes to work and is ready."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLogsOut:
    """An agent leaves, after the talk that he may be in."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPauses:
    """An agent wants no calls, after the talk that he may be in."""

    agent_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGetsReady:
    """An agent ends his pause or his wrap-up."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRulesChange:
    """A queue has other rules from now on, also for those who wait already."""

    rules: QueueRules


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueJoins:
    """A queue is new, or one that was removed is back."""

    rules: QueueRules


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeaves:
    """A queue is removed: whoever waits or comes back there goes to the queue `to`."""

    queue: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfileChanges:
    """An agent has other skills, queues or penalties from now on, whatever he does."""

    profile: AgentProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoins:
    """An agent is new in the team, or back in it; he is logged out."""

    profile: AgentProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeaves:
    """An agent is removed: logged out after the talk that he is in, and unknown then."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPriorityChanges:
    """A waiting call is more or less urgent than its flow said; `EMERGENCY` before all.

    `asked_by` and `peer` are who says so, and from where.
    """

    call_id: str
    priority: int
    asked_by: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBacksOwed:
    """How many call-backs are promised to callers of a queue, as the ledger counts.

    `noted` are calls whose promises stood in the ledger before it was counted: those
    that were given or noted since, the engine adds itself.
    """

    queue: str
    owed: int
    noted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePasses:
    """A moment that the engine asked to be woken at has come."""


Message = (
    CallerEnters
    | CallerLeaves
    | CallerMoves
    | OfferRings
    | OfferAnswered
    | OfferFailed
    | TalkEnds
    | TalkMoves
    | AgentLogsIn
    | AgentLogsOut
    | AgentPauses
    | AgentGetsReady
    | QueueRulesChange
    | QueueJoins
    | QueueLeaves
    | AgentProfileChanges
    | PauseLimitsChange
    | AgentJoins
    | AgentLeaves
    | CallPriorityChanges
    | CallBacksOwed
    | TimePasses
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Ring this agent for this call."""

    call_id: str
    offer_id: str
    agent_id: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Stop ringing, or hang up on the agent: the call is not his."""

    call_id: str
    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Let citizen and agent speak."""

    call_id: str
    offer_id: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPosition:
    """Tell the waiting citizen his position: 1 is next.

    `wait_seconds` is how long he will probably wait, None when nobody knows.
    """

    call_id: str
    position: int
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQueue:
    """The call now waits in this queue, with the time that it has waited.

    `skills` are asked for there besides the queue's own. `by_key`: he wanted it so.
    """

    call_id: str
    queue: str
    skills: Levels = ()
    by_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StayInQueue:
    """The citizen cannot go to the queue that he asked for: tell him that he waits on."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue:
    """The call waits no more: its flow goes on."""

    call_id: str
    reason: OverflowWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """There is no place for the call: promise a call-back, or say so honestly."""

    call_id: str
    kind: Declined


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPriority:
    """Wherever the citizen waits from now on, it is with this priority."""

    call_id: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCallBack:
    """The citizen has called again himself: he is not to be called back for this."""

    call_id: str


Command = (
    Offer
    | Withdraw
    | Connect
    | TellPosition
    | ChangeQueue
    | StayInQueue
    | LeaveQueue
    | Decline
    | KeepPriority
    | CancelCallBack
)
