"""No order of messages loses a call, strands an agent or reaches an illegal state."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd.agent import AgentLoggedOut
from acd.events import AgentState, CallAbandoned, CallConnected, CallerEntered
from acd.messages import (
    AgentGetsReady,
    AgentLogsIn,
    AgentLogsOut,
    AgentPauses,
    CallerEnters,
    CallerLeaves,
    Connect,
    Message,
    Offer,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    OfferRings,
    TalkEnd,
    TalkEnds,
    Withdraw,
)
from acd.queue_rules import QueueRules
from tests.unit.acd.desk import Desk, profile

RULES = (
    QueueRules(name="general", wrap_up_seconds=5, auto_pause_after=2),
    QueueRules(name="tax", ring_seconds=7, wrap_up_seconds=0, auto_pause_after=0),
)
AGENTS = (
    profile("a", "general"),
    profile("b", "general", "tax"),
    profile("c", "tax"),
)
IN_OFFER = (AgentState.OFFERED, AgentState.RINGING)
agents = st.sampled_from([agent.id for agent in AGENTS])


class EngineMachine(RuleBasedStateMachine):
    """Callers, phones and agents do anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(*AGENTS, rules=RULES)
        self.offers: list[str] = []
        self.calls = 0
        self.ringing: dict[str, str] = {}

    def send(self, message: Message) -> None:
        """Send, and follow the offers like the phones do."""
        for doing in self.desk.send(message):
            self.follow(doing)

    def follow(self, doing: object) -> None:
        """An agent's phone rings for one call at a time, and stops when told to."""
        match doing:
            case Offer():
                assert doing.agent_id not in self.ringing.values()
                self.ringing[doing.offer_id] = doing.agent_id
                self.offers.append(doing.offer_id)
            case Withdraw() | Connect():
                del self.ringing[doing.offer_id]

    @rule(queue=st.sampled_from(["general", "tax"]), priority=st.integers(0, 2))
    def caller_enters(self, queue: str, priority: int) -> None:
        self.calls += 1
        self.send(CallerEnters(call_id=str(self.calls), queue=queue, priority=priority))

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def caller_leaves(self, data: st.DataObject) -> None:
        call = data.draw(st.integers(1, self.calls))
        self.send(CallerLeaves(call_id=str(call)))

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), end=st.sampled_from(TalkEnd))
    def talk_ends(self, data: st.DataObject, end: TalkEnd) -> None:
        call = str(data.draw(st.integers(1, self.calls)))
        talked = call in self.desk.engine.talks
        self.send(TalkEnds(call_id=call, end=end))
        if talked and end is TalkEnd.AGENT_LEG_DIED:
            self.send(CallerEnters(call_id=call, queue="general", at_head=True))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), news=st.sampled_from([OfferRings, OfferAnswered]))
    def phone_news(
        self, data: st.DataObject, news: type[OfferRings] | type[OfferAnswered]
    ) -> None:
        self.send(news(offer_id=data.draw(st.sampled_from(self.offers))))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), failure=st.sampled_from(OfferFailure))
    def phone_fails(self, data: st.DataObject, failure: OfferFailure) -> None:
        offer = data.draw(st.sampled_from(self.offers))
        self.ringing.pop(offer, None)
        self.send(OfferFailed(offer_id=offer, failure=failure))

    @rule(agent=agents, asks=st.sampled_from([AgentLogsIn, AgentLogsOut]))
    def agent_comes_or_goes(
        self, agent: str, asks: type[AgentLogsIn] | type[AgentLogsOut]
    ) -> None:
        self.send(asks(agent_id=agent))

    @rule(agent=agents, pauses=st.booleans())
    def agent_pauses_or_gets_ready(self, agent: str, pauses: bool) -> None:
        ready = AgentGetsReady(agent_id=agent)
        message = AgentPauses(agent_id=agent, reason="tea") if pauses else ready
        try:
            self.send(message)
        except AgentLoggedOut:
            assert self.desk.state(agent) is AgentState.LOGGED_OUT

    @rule(seconds=st.sampled_from([0, 1, 4, 5, 9.5, 10, 30]))
    def time_passes(self, seconds: float) -> None:
        for doing in self.desk.wait(seconds):
            self.follow(doing)

    @invariant()
    def no_able_agent_idles_beside_a_waiting_call(self) -> None:
        for queue in self.desk.engine.queues.values():
            if any(not call.offer_ids for call in queue.line):
                name = queue.rules.name
                idle = [
                    agent.profile.id
                    for agent in self.desk.engine.agents.values()
                    if name in agent.profile.queues and agent.can_take()
                ]
                assert idle == []

    @invariant()
    def every_call_that_entered_waits_talks_or_has_ended(self) -> None:
        engine = self.desk.engine
        in_lines = [c.call_id for q in engine.queues.values() for c in q.line]
        assert sorted(in_lines) == sorted(engine.waiting)
        entered = len(self.desk.all(CallerEntered))
        left = len(self.desk.all(CallAbandoned)) + len(self.desk.all(CallConnected))
        assert entered == left + len(engine.waiting)

    @invariant()
    def no_agent_is_stuck(self) -> None:
        engine = self.desk.engine
        talking = {talk.agent_id for talk in engine.talks.values()}
        for agent_id, agent in engine.agents.items():
            offered = engine.offers.of_agent(agent_id) is not None
            assert (agent.state in IN_OFFER) == offered
            assert (agent.state is AgentState.TALKING) == (agent_id in talking)

    @invariant()
    def a_wrap_up_or_an_offer_ends_by_itself(self) -> None:
        busy = (*IN_OFFER, AgentState.WRAP_UP)
        if any(agent.state in busy for agent in self.desk.engine.agents.values()):
            due = self.desk.engine.next_due()
            assert due is not None
            assert due <= self.desk.now + timedelta(seconds=30)

    @invariant()
    def the_order_is_never_inverted(self) -> None:
        for queue in self.desk.engine.queues.values():
            ranks = [call.rank for call in queue.line]
            assert ranks == sorted(ranks)
            for place, call in enumerate(queue.line, start=1):
                assert queue.line.position(call) == place

    @invariant()
    def phones_ring_for_open_offers_only(self) -> None:
        for offer_id, agent_id in self.ringing.items():
            offer = self.desk.engine.offers.get(offer_id)
            assert offer is not None
            assert offer.agent_id == agent_id


TestEngine = EngineMachine.TestCase
TestEngine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
