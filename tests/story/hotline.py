"""A whole hotline on fakes, in virtual time: everything but SIP, audio and disk."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from acd.agent import AgentProfile
from acd.call_backs.book import Book
from acd.call_backs.desk import CallBackDesk
from acd.call_backs.rules import CallBackRules
from acd.distributor import Distributor
from acd.engine import Engine
from acd.equipment import Equipment
from acd.events import CallEnded, CallMissed, Event, Outcome
from acd.flow_versions.published import PublishedFlows
from acd.last_agent import LastAgentOf, nobody
from acd.messages import AgentLogsIn
from acd.neighbours import Neighbours
from acd.placing import CallPlacer
from acd.plan_words import PlanWords
from acd.queue_rules import QueueRules
from acd.reception import Reception
from acd.talk_commands import ThirdParty
from acd.talk_rules import TalkRules
from config.bus import EventBus
from config.clock import LoopClock
from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from telephony.events import InvitationRefused
from telephony.numbers import NumberPlan
from tests.fakes.archive import FakeArchive
from tests.fakes.ledger import FakeLedger
from tests.fakes.leg import FakeLeg
from tests.fakes.placer import FakePlacer
from tests.fakes.prompts import FakePrompts
from tests.fakes.telephony import FakeEndpoint
from tests.unit.acd.desk import START, profile

E = TypeVar("E")
MUSIC = Path("/music.wav")
NO_CALL_BACKS = CallBackRules()
POLICE = ThirdParty(id="110", title="公安", number="110", key="*1", ring_seconds=20)


class StoryHotline:
    """Reception, engine and flow as in life; the test plays citizens and phones.

    `others` are fields of its `Equipment` that are not the usual ones.
    """

    def __init__(
        self,
        *agents: AgentProfile,
        rules: QueueRules,
        call_backs: CallBackRules = NO_CALL_BACKS,
        placer_of: Callable[["StoryHotline"], CallPlacer] | None = None,
        **others: Any,
    ) -> None:
        self.bus, self.clock = EventBus(), LoopClock(START)
        self.endpoint = FakeEndpoint(prompt_seconds=4.5)
        self.placer = FakePlacer(self.endpoint)
        self.archive, self.prompts = FakeArchive(), FakePrompts()
        self.engine = Engine([rules], agents, START)
        self.distributor = Distributor(self.engine, self.clock, self.bus)
        self.told: list[Event | InvitationRefused] = []
        self.bus.subscribe(Event, self.told.append)
        self.bus.subscribe(InvitationRefused, self.told.append)
        self.ledger, self.call_back_rules = FakeLedger(self.bus), call_backs
        self.book = Book(
            self.ledger, call_backs.debts, self.bus, self.clock, can_call=True
        )
        placer = placer_of(self) if placer_of else self.placer
        self.equipment = self._equipment(agents, rules.name, placer, others)

    def _equipment(
        self,
        agents: Sequence[AgentProfile],
        queue: str,
        placer: CallPlacer,
        others: Mapping[str, Any],
    ) -> Equipment:
        equipment = Equipment(
            endpoint=self.endpoint,
            placer=placer,
            link=self.distributor,
            bus=self.bus,
            clock=self.clock,
            archive=self.archive,  # type: ignore[arg-type]
            prompts=self.prompts,  # type: ignore[arg-type]
            flow_context=FlowContext(queues=self.distributor.queue_names),
            numbers=NumberPlan(country_code="86", area_code="0531"),
            agents={agent.id: agent for agent in agents},
            music={queue: MUSIC},
            help_queue=queue,
            messages_dir=Path("/messages"),
            talk=TalkRules(third_parties=(POLICE,)),
            call_backs=self.book,
            **others,
        )
        equipment.plan_words.listen(self.bus)
        equipment.neighbours.listen(self.bus)
        return equipment

    def flow_of(self, _: str) -> Flow:
        """What a call meets that begins now."""
        return self.flows[self.flow.name]

    def call_back_desk(self, flow: Flow) -> CallBackDesk:
        """The desk of a service that starts now, on the ledger as it is."""
        self.flow, self.flows = flow, PublishedFlows({flow.name: flow})
        self.desk = CallBackDesk(
            self.book, self.call_back_rules, self.equipment, self.flow_of
        )
        return self.desk

    def log_in(self, *agents: str) -> None:
        """Agents come to work."""
        for agent in agents:
            self.distributor.send(AgentLogsIn(agent_id=agent))

    def phones_of(self, agent: str) -> list[FakeLeg]:
        """The legs that were placed to an agent, in order."""
        target = f"sip:{agent}@127.0.0.3"
        return [
            placed.leg for placed in self.endpoint.placed if placed.target == target
        ]

    def all(self, kind: type[E]) -> list[E]:
        """All events of one kind."""
        return [event for event in self.told if isinstance(event, kind)]

    def outcome_of(self, leg: FakeLeg) -> Outcome:
        """How a call ended; exactly once."""
        (ended,) = [end for end in self.all(CallEnded) if end.call_id == leg.id]
        return ended.outcome

    def is_owed_a_call_back(self, leg: FakeLeg) -> bool:
        """Whether the citizen is on the missed-call ledger."""
        return any(missed.call_id == leg.id for missed in self.all(CallMissed))


@asynccontextmanager
async def open_hotline(
    *agents: str,
    max_calls: int = 100,
    flow_file: Path = BUILT_IN / "citizen.yaml",
    last_agent: LastAgentOf = nobody,
    call_backs: CallBackRules = NO_CALL_BACKS,
    neighbours: Neighbours | None = None,
    plan_words: PlanWords | None = None,
    placer_of: Callable[[StoryHotline], CallPlacer] | None = None,
    **rules: Any,
) -> AsyncIterator[StoryHotline]:
    """A hotline with these agents, all logged out, and the default flow.

    `placer_of` makes another way out than the one that only remembers.
    """
    hotline = StoryHotline(
        *map(profile, agents),
        rules=QueueRules(name="general", **rules),
        last_agent=last_agent,
        call_backs=call_backs,
        neighbours=neighbours or Neighbours(),
        plan_words=plan_words or PlanWords(),
        placer_of=placer_of,
    )
    flow = load_flow(flow_file)
    async with (
        hotline.call_back_desk(flow),
        Reception(
            hotline.equipment,
            hotline.flow_of,
            max_calls=lambda flow: max_calls + flow.is_emergency,
            retry_after_seconds=30,
            is_test=lambda invitation: bool(invitation.test_mark),
        ),
    ):
        yield hotline
    hotline.distributor.close()
