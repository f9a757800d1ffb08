"""What an engine tells, followed as phones and records do, by those who do anything to it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from hypothesis.stateful import RuleBasedStateMachine

from acd import messages as m
from acd.engine import Engine
from acd.events import (
    AgentProfileChanged,
    CallAbandoned,
    CallBackPromised,
    CallConnected,
    CallDeclined,
    CallerEntered,
    CallOverflowed,
    PlaceTakenBack,
    QueueRulesChanged,
)
from acd.floor import Doing
from acd.talk_events import CallPriorityChanged
from tests.unit.acd.desk import Desk
from tests.unit.acd.oracle import goes_before, may_take

REORDERS = (
    AgentProfileChanged,
    CallerEntered,
    CallPriorityChanged,
    QueueRulesChanged,
)
"""After these another call may go first, or another agent may take it."""


class EngineWatch(RuleBasedStateMachine):
    """An engine at its desk; what it tells is held against what it told before."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.log: list[tuple[m.Message, datetime]] = []
        self.offers: list[str] = []
        self.gone: set[str] = set()
        self.ringing: dict[str, str] = {}
        self.ends: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()

    @property
    def engine(self) -> Engine:
        """The engine that is looked at."""
        return self.desk.engine

    def send(self, message: m.Message) -> None:
        """Send, and follow what comes of it as phones and records do."""
        self.log.append((message, self.desk.now))
        self.follow(self.desk.send(message))

    def follow(self, doings: Iterable[Doing]) -> None:
        """Everything that was told must fit what was told before."""
        doings = list(doings)
        for doing in doings:
            self.phone(doing)
            self.count(doing)
        self.check_order(doings)

    def phone(self, doing: Doing) -> None:
        """A phone rings for one call at a time, stops when told to, for nobody gone."""
        match doing:
            case m.Offer():
                assert doing.agent_id not in self.ringing.values()
                assert doing.offer_id not in self.offers
                assert doing.call_id not in self.gone
                self.ringing[doing.offer_id] = doing.agent_id
                self.offers.append(doing.offer_id)
            case m.Withdraw() | m.Connect():
                del self.ringing[doing.offer_id]

    def count(self, doing: Doing) -> None:
        """Each entry into a queue ends once."""
        match doing:
            case CallerEntered():
                self.entries[doing.call_id] += 1
            case (
                CallConnected() | CallAbandoned() | CallDeclined() | CallBackPromised()
            ):
                self.ends[doing.call_id] += 1
            case CallOverflowed():
                self.ends[doing.call_id] += 1
            case PlaceTakenBack() if doing.call_back:
                self.ends[doing.from_call_id] += 1

    def check_order(self, doings: list[Doing]) -> None:
        """Nobody is rung for a call while one before it waits that he may take.

        Of those who rang before the last entry or change the order was another.
        """
        now, waiting = self.desk.now, self.engine.waiting
        last = max(
            (n for n, d in enumerate(doings) if isinstance(d, REORDERS)), default=0
        )
        for doing in doings[last:]:
            if not isinstance(doing, m.Offer) or doing.offer_id not in self.ringing:
                continue
            call, agent = waiting[doing.call_id], self.engine.agents[doing.agent_id]
            for other in waiting.values():
                if not other.offer_ids and goes_before(self.engine, other, call, now):
                    assert not may_take(self.engine, agent, other, now)
