"""Calls being offered to agents, talks going on, and how each is told."""

from dataclasses import dataclass
from datetime import datetime

from acd import messages as m
from acd.events import (
    CallConnected,
    CallOffered,
    CallRequeued,
    OfferUnanswered,
    TalkEnded,
    TalkMoved,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A citizen and an agent speak. `wish` is how the call entered.

    `offers` and `decisions` are how many there were about the call so far.
    """

    wish: m.CallerEnters
    agent_id: str
    queue: str
    connected_at: datetime
    offers: int
    decisions: int

    @property
    def call_id(self) -> str:
        """Which call it is."""
        return self.wish.call_id

    def moved(self, agent_id: str, now: datetime) -> TalkMoved:
        """The event of the citizen speaking with another agent."""
        return TalkMoved(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            from_agent_id=self.agent_id,
            agent_id=agent_id,
        )

    def ended(self, now: datetime, end: m.TalkEnd) -> TalkEnded:
        """The event of its end."""
        return TalkEnded(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            agent_id=self.agent_id,
            talk_seconds=(now - self.connected_at).total_seconds(),
            end=end,
        )

    def requeued(self, now: datetime) -> CallRequeued:
        """The event of the citizen losing his agent and waiting again."""
        return CallRequeued(
            at=now, call_id=self.call_id, queue=self.queue, agent_id=self.agent_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOffer:
    """An agent is being rung for a waiting call."""

    id: str
    call_id: str
    queue: str
    agent_id: str
    offered_at: datetime

    def command(self) -> m.Offer:
        """Ring him."""
        return m.Offer(
            call_id=self.call_id,
            offer_id=self.id,
            agent_id=self.agent_id,
            queue=self.queue,
        )

    def withdraw(self) -> m.Withdraw:
        """Stop ringing him."""
        return m.Withdraw(call_id=self.call_id, offer_id=self.id)

    def connect(self) -> m.Connect:
        """Let him speak with the citizen."""
        return m.Connect(call_id=self.call_id, offer_id=self.id, agent_id=self.agent_id)

    def offered(self) -> CallOffered:
        """The event of the offer."""
        return CallOffered(
            at=self.offered_at,
            call_id=self.call_id,
            queue=self.queue,
            agent_id=self.agent_id,
            offer_id=self.id,
        )

    def unanswered(self, now: datetime, failure: m.OfferFailure) -> OfferUnanswered:
        """The event of his phone not taking the call."""
        return OfferUnanswered(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            agent_id=self.agent_id,
            offer_id=self.id,
            failure=failure,
            ring_seconds=(now - self.offered_at).total_seconds(),
        )

    def connected(self, now: datetime, entered_at: datetime) -> CallConnected:
        """The event of his answer to a citizen who entered the queue at `entered_at`."""
        return CallConnected(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            agent_id=self.agent_id,
            wait_seconds=(now - entered_at).total_seconds(),
            ring_seconds=(now - self.offered_at).total_seconds(),
        )


class Offers:
    """The open offers, found by their own id or by the agent who is rung."""

    def __init__(self) -> None:
        self._by_id: dict[str, OpenOffer] = {}
        self._by_agent: dict[str, OpenOffer] = {}

    def __getitem__(self, offer_id: str) -> OpenOffer:
        return self._by_id[offer_id]

    def add(self, offer: OpenOffer) -> None:
        """Keep a new offer."""
        self._by_id[offer.id] = self._by_agent[offer.agent_id] = offer

    def remove(self, offer: OpenOffer) -> None:
        """Forget an offer that is over."""
        del self._by_id[offer.id], self._by_agent[offer.agent_id]

    def get(self, offer_id: str) -> OpenOffer | None:
        """The open offer with this id."""
        return self._by_id.get(offer_id)

    def of_agent(self, agent_id: str) -> OpenOffer | None:
        """The open offer that this agent is rung for."""
        return self._by_agent.get(agent_id)
