"""An engine to which anything is done in any order, watched by what must always hold."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from acd import messages as m
from acd.agent import AgentLoggedOut, AgentProfile
from acd.events import (
    AgentState,
    CallConnected,
    CallRequeued,
    CallRouted,
    TalkEnded,
    TalkMoved,
)
from acd.queue_rules import (
    EMERGENCY,
    QueueRules,
)
from acd.strategies import STRATEGIES
from tests.unit.acd.desk import START, Desk
from tests.unit.acd.engine_watch import EngineWatch
from tests.unit.acd.machine_rules import AGENTS, RULES, SHORT, TINY
from tests.unit.acd.oracle import missed_pairs, sent_on, too_many

IN_OFFER = (AgentState.OFFERED, AgentState.RINGING)
LATE = "late"
QUEUES = [rules.name for rules in RULES]
IDS = [agent.id for agent in AGENTS]
NUMBERS = ["", "", "+861", "+862", "+863"]
agents = st.sampled_from(IDS)


class EngineMachine(EngineWatch):
    """Callers, phones, agents and shift managers do anything at any time."""

    def __init__(self) -> None:
        super().__init__(Desk(*AGENTS, rules=RULES, pause_limits={"tea": 7}))
        self.calls = 0
        self.questions: list[str] = []
        self.failed = 0

    @rule(
        queue=st.sampled_from(QUEUES),
        priority=st.sampled_from([0, 0, 0, 1, 2, EMERGENCY]),
        caller=st.sampled_from(NUMBERS),
        law=st.sampled_from([0, 0, 1, 2]),
        last_agent=st.sampled_from(["", "", *IDS]),
    )
    def caller_enters(
        self, queue: str, priority: int, caller: str, law: int, last_agent: str
    ) -> None:
        self.calls += 1
        owed = self.engine_owes(caller)
        self.send(
            m.CallerEnters(
                call_id=str(self.calls),
                queue=queue,
                priority=priority,
                caller=caller,
                skills=(("law", law),) if law else (),
                last_agent=last_agent,
            )
        )
        owed_now = self.engine_owes(caller)
        assert owed_now == max(0, owed - 1), "he is here: he need not be called"

    def engine_owes(self, number: str) -> int:
        """How many call-backs to a number wait; of withheld ones nobody knows."""
        waiting = self.engine.waiting.values()
        return sum(
            bool(call.wish.call_back_id) and call.wish.caller == number
            for call in waiting
        )

    @rule(queue=st.sampled_from(QUEUES), caller=st.sampled_from(NUMBERS[2:]))
    def call_back_enters(self, queue: str, caller: str) -> None:
        self.calls += 1
        self.send(
            m.CallerEnters(
                call_id=str(self.calls),
                queue=queue,
                caller=caller,
                since=START,
                call_back_id=f"m{self.calls}",
            )
        )

    @rule(agent=agents)
    def agent_is_asked(self, agent: str) -> None:
        self.calls += 1
        call_id = str(self.calls)
        self.send(m.CallerEnters(call_id=call_id, queue="tax", only_agent=agent))

    @precondition(lambda self: self.engine.talks)
    @rule(data=st.data(), agent=agents, queue=st.sampled_from(QUEUES))
    def colleague_is_asked(self, data: st.DataObject, agent: str, queue: str) -> None:
        talk = m.call_in_question(data.draw(st.sampled_from(sorted(self.engine.talks))))
        self.questions.append(m.question_of(talk, len(self.questions)))
        self.send(
            m.CallerEnters(
                call_id=self.questions[-1], queue=queue, at_head=True, only_agent=agent
            )
        )

    @precondition(lambda self: self.questions)
    @rule(data=st.data())
    def question_is_over(self, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from(self.questions))
        self.gone.add(question)
        self.send(m.CallerLeaves(call_id=question))

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), promised=st.booleans(), keeps=st.booleans())
    def caller_leaves(self, data: st.DataObject, promised: bool, keeps: bool) -> None:
        call = str(data.draw(st.integers(1, self.calls)))
        self.gone.add(call)
        self.send(m.CallerLeaves(call_id=call, promised=promised, keeps_place=keeps))

    @precondition(lambda self: self.engine.waiting)
    @rule(data=st.data(), queue=st.sampled_from([*QUEUES, LATE]), asks=st.booleans())
    def caller_moves_by_key(self, data: st.DataObject, queue: str, asks: bool) -> None:
        if queue not in self.engine.queues:
            return
        call = self.engine.waiting[
            data.draw(st.sampled_from(sorted(self.engine.waiting)))
        ]
        kept = call.rank, call.since, call.entered_at
        skills = (("law", 1),) if asks else ()
        self.send(m.CallerMoves(call_id=call.call_id, queue=queue, skills=skills))
        assert self.engine.waiting[call.call_id] is call, "nobody is sent away by a key"
        assert (call.rank, call.since, call.entered_at) == kept

    @precondition(lambda self: self.engine.talks)
    @rule(data=st.data(), end=st.sampled_from(m.TalkEnd))
    def talk_ends(self, data: st.DataObject, end: m.TalkEnd) -> None:
        call = data.draw(st.sampled_from(sorted(self.engine.talks)))
        self.send(m.TalkEnds(call_id=call, end=end))
        if end in m.NOT_SERVED and not m.is_question(call):
            self.send(m.CallerEnters(call_id=call, queue="general", at_head=True))

    @precondition(lambda self: self.engine.talks)
    @rule(data=st.data(), queue=st.sampled_from(QUEUES), only=st.booleans())
    def citizen_is_handed_on(self, data: st.DataObject, queue: str, only: bool) -> None:
        call = data.draw(st.sampled_from(sorted(self.engine.talks)))
        if m.is_question(call):
            return
        self.send(m.TalkEnds(call_id=call, end=m.TalkEnd.TRANSFERRED))
        caller = data.draw(st.sampled_from(NUMBERS))
        agent = data.draw(agents) if only else ""
        self.send(
            m.CallerEnters(
                call_id=call, queue=queue, caller=caller, since=START, only_agent=agent
            )
        )
        waits = self.engine.waiting.get(call)
        assert waits is None or waits.since == START, "he keeps what he has waited"

    @precondition(lambda self: self.engine.talks)
    @rule(data=st.data(), agent=agents, comes=st.booleans())
    def agent_hangs_up_while_another_is_rung(
        self, data: st.DataObject, agent: str, comes: bool
    ) -> None:
        call = data.draw(st.sampled_from(sorted(self.engine.talks)))
        if m.is_question(call):
            return
        self.send(m.TalkEnds(call_id=call, end=m.TalkEnd.TRANSFERRED))
        if comes:
            self.send(m.TalkMoves(call_id=call, agent_id=agent))
        if call not in self.engine.talks:
            self.failed += 1
            self.send(m.TalkEnds(call_id=call, end=m.TalkEnd.TRANSFER_FAILED))
            self.send(m.CallerEnters(call_id=call, queue="general", at_head=True))

    @precondition(lambda self: len(self.engine.talks) > 1)
    @rule(data=st.data(), agent=agents)
    def talk_moves(self, data: st.DataObject, agent: str) -> None:
        call = data.draw(st.sampled_from(sorted(self.engine.talks)))
        self.send(m.TalkMoves(call_id=call, agent_id=agent))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), news=st.sampled_from([m.OfferRings, m.OfferAnswered]))
    def phone_news(
        self, data: st.DataObject, news: type[m.OfferRings] | type[m.OfferAnswered]
    ) -> None:
        offers = sorted(self.ringing) or self.offers
        self.send(news(offer_id=data.draw(st.sampled_from(offers))))

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), failure=st.sampled_from(m.OfferFailure))
    def phone_fails(self, data: st.DataObject, failure: m.OfferFailure) -> None:
        offer = data.draw(st.sampled_from(self.offers))
        self.ringing.pop(offer, None)
        self.send(m.OfferFailed(offer_id=offer, failure=failure))

    @rule(agent=agents, asks=st.sampled_from([m.AgentLogsIn, m.AgentLogsOut]))
    def agent_comes_or_goes(
        self, agent: str, asks: type[m.AgentLogsIn] | type[m.AgentLogsOut]
    ) -> None:
        self.send(asks(agent_id=agent))

    @rule()
    def everybody_comes(self) -> None:
        for agent in IDS:
            self.send(m.AgentLogsIn(agent_id=agent))

    @rule(agent=agents, pauses=st.booleans())
    def agent_pauses_or_gets_ready(self, agent: str, pauses: bool) -> None:
        ready = m.AgentGetsReady(agent_id=agent)
        message = m.AgentPauses(agent_id=agent, reason="tea") if pauses else ready
        try:
            self.send(message)
        except AgentLoggedOut:
            assert self.desk.state(agent) is AgentState.LOGGED_OUT
            self.log.pop()
            self.send(m.TimePasses())

    @rule(
        agent=agents,
        queues=st.sets(st.sampled_from(QUEUES)),
        law=st.integers(0, 2),
        penalty=st.integers(0, 4),
    )
    def profile_changes(
        self, agent: str, queues: set[str], law: int, penalty: int
    ) -> None:
        old: AgentProfile = self.engine.agents[agent].profile
        new = replace(
            old,
            queues=tuple(sorted(queues)),
            skills=(("law", law),),
            penalties=tuple((queue, penalty) for queue in sorted(queues)),
        )
        self.send(m.AgentProfileChanges(profile=new))

    @precondition(lambda self: self.engine.waiting)
    @rule(data=st.data(), priority=st.sampled_from([0, 1, 2, EMERGENCY]))
    def priority_changes(self, data: st.DataObject, priority: int) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.engine.waiting)))
        self.send(m.CallPriorityChanges(call_id=call_id, priority=priority))

    @rule(
        rules=st.sampled_from([*RULES, TINY, *SHORT]),
        strategy=st.sampled_from(sorted(STRATEGIES)),
        asks_law=st.booleans(),
    )
    def rules_change(self, rules: QueueRules, strategy: str, asks_law: bool) -> None:
        skills = (("law", 2),) if asks_law else ()
        new = replace(rules, strategy=strategy, skills=skills)
        self.send(m.QueueRulesChange(rules=new))
        assert too_many(self.engine, rules.name) == []

    @rule(asks_law=st.booleans())
    def queue_comes_or_goes(self, asks_law: bool) -> None:
        known = self.engine.queues.get(LATE)
        if known and not known.heir:
            self.send(m.QueueLeaves(queue=LATE, to="general"))
            assert not known.calls()
        else:
            skills = (("law", 1),) if asks_law else ()
            self.send(m.QueueJoins(rules=QueueRules(name=LATE, skills=skills)))

    @precondition(lambda self: LATE in self.engine.queues)
    @rule(caller=st.sampled_from(NUMBERS), priority=st.sampled_from([0, EMERGENCY]))
    def caller_enters_the_late_queue(self, caller: str, priority: int) -> None:
        self.caller_enters(
            queue=LATE, priority=priority, caller=caller, law=0, last_agent=""
        )

    @precondition(lambda self: LATE in self.engine.queues)
    @rule(agent=agents)
    def agent_answers_the_late_queue(self, agent: str) -> None:
        old: AgentProfile = self.engine.agents[agent].profile
        names = tuple(sorted({*old.queues, LATE}))
        self.send(m.AgentProfileChanges(profile=replace(old, queues=names)))

    @rule(seconds=st.sampled_from([0, 0.0004, 1, 10 / 3, 5, 9.5, 10, 30]))
    def time_passes(self, seconds: float) -> None:
        end = self.desk.now + timedelta(seconds=seconds)
        while (due := self.engine.next_due()) and due <= end:
            self.desk.now = max(due, self.desk.now)
            self.send(m.TimePasses())
        self.desk.now = end

    @invariant()
    def no_idle_agent_beside_a_call_that_he_may_take(self) -> None:
        assert missed_pairs(self.engine, self.desk.now) == []

    @invariant()
    def nobody_waits_whom_a_rule_sends_on(self) -> None:
        for call in self.engine.waiting.values():
            assert sent_on(self.engine, call, self.desk.now) == []

    @invariant()
    def every_entry_waits_or_has_ended_once(self) -> None:
        waiting = [c.call_id for q in self.engine.queues.values() for c in q.calls()]
        assert sorted(waiting) == sorted(self.engine.waiting)
        assert not set(self.engine.waiting) & set(self.engine.talks)
        for call, entries in self.entries.items():
            assert entries == self.ends[call] + (call in self.engine.waiting)

    @invariant()
    def no_agent_is_stuck(self) -> None:
        talking = [talk.agent_id for talk in self.engine.talks.values()]
        assert len(talking) == len(set(talking))
        for agent_id, agent in self.engine.agents.items():
            offered = self.engine.offers.of_agent(agent_id) is not None
            assert (agent.state in IN_OFFER) == offered
            assert (agent.state is AgentState.TALKING) == (agent_id in talking)

    @invariant()
    def what_waits_for_time_ends_by_itself(self) -> None:
        busy = (*IN_OFFER, AgentState.WRAP_UP)
        agents = self.engine.agents.values()
        if any(a.state in busy or a.rests_until for a in agents):
            due = self.engine.next_due()
            assert due is not None
            assert (due - self.desk.now).total_seconds() <= 30

    @invariant()
    def the_order_is_never_inverted(self) -> None:
        for queue in self.engine.queues.values():
            for line in (queue.line, queue.questions):
                ranks = [call.rank for call in line]
                assert ranks == sorted(ranks)
            for place, call in enumerate(queue.line, start=1):
                assert queue.position(call) == place

    @invariant()
    def phones_ring_for_open_offers_only(self) -> None:
        for offer_id, agent_id in self.ringing.items():
            offer = self.engine.offers.get(offer_id)
            assert offer is not None
            assert offer.agent_id == agent_id
        by_call = {i for c in self.engine.waiting.values() for i in c.offer_ids}
        assert by_call == set(self.ringing)

    @invariant()
    def counters_equal_what_there_is(self) -> None:
        for name, queue in self.engine.queues.items():
            states = Counter(
                agent.state
                for agent in self.engine.agents.values()
                if name in agent.profile.queues
            )
            assert +queue.agents == states
            here = [c for c in self.engine.waiting.values() if c.queue == name]
            calls = [call for call in here if not m.is_question(call.call_id)]
            assert queue.ringing == sum(bool(call.offer_ids) for call in calls)
            quiet = [call for call in calls if not call.offer_ids]
            live = [call for call in quiet if not call.wish.call_back_id]
            assert (queue.waiting, queue.live_waiting) == (len(quiet), len(live))

    @invariant()
    def calls_of_each_agent_equal_the_events(self) -> None:
        talked = Counter(e.agent_id for e in self.desk.all(TalkEnded))
        talked += Counter(t.agent_id for t in self.engine.talks.values())
        begun = Counter(e.agent_id for e in self.desk.all(CallConnected))
        begun += Counter(e.agent_id for e in self.desk.all(TalkMoved))
        assert talked == begun
        ends = [e.end for e in self.desk.all(TalkEnded)]
        lost = sum(end in m.NOT_SERVED for end in ends)
        assert lost + self.failed == len(self.desk.all(CallRequeued))

    def teardown(self) -> None:
        """A second engine, told the same, answers the same."""
        again = Desk(*AGENTS, rules=RULES, pause_limits={"tea": 7})
        for message, now in self.log:
            again.now = now
            again.send(message)
        assert again.told == self.desk.told
        for record in self.desk.all(CallRouted):
            assert record.record <= 50
            assert len(record.candidates) == min(10, record.eligible)
