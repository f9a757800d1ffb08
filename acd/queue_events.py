"""What happens to a call in a queue: entered, offered, connected, given up, talked."""

from dataclasses import dataclass
from datetime import datetime

from acd.event import CallEvent
from acd.messages import Declined, OfferFailure, TalkEnd
from acd.queue_rules import OverflowReason
from acd.routing_words import RoutingRule, Skipped


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

    In `to` the call enters with the same wait behind it. `key`: the citizen himself did.
    """

    queue: str
    to: str
    reason: OverflowReason
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
class NeighbourAsked(CallEvent):
    """NEIGHBOUR: plan 3 asked a neighbour hotline to serve the citizen.

    `result` is "answered", why he could not be had, or "hung_up" for a citizen who was
    gone before; `ring_seconds` is how long it rang.
    """

    queue: str
    neighbour: str
    result: str
    ring_seconds: float


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
