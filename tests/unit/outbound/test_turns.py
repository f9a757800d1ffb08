"""Whose turn it is: any calls of any class, in any order, on trunks that are short."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.placing import TrafficClass
from outbound.turns import Turns, Wanted, take_turns
from telephony.trunks import NoLine, NoLineWhy, TrunkLine, Trunks
from tests.unit.telephony.trunk_lines import ABROAD, MOBILE, START, trunk, trunks_of

CLASSES = list(TrafficClass)
GAP = timedelta(seconds=0.5)
asks = st.tuples(
    st.just("ask"), st.sampled_from(CLASSES), st.sampled_from([MOBILE, ABROAD])
)
ends = st.tuples(st.just("end"), st.integers(0, 5), st.none())
ticks = st.tuples(st.just("tick"), st.sampled_from([0.1, 0.5, 2.0]), st.none())


def short_trunks() -> Trunks:
    """Two lines that every call may take, and one for calls at home alone."""
    both = trunk("both", lines=2, calls_per_second=2, prefixes=("+",))
    home = trunk("home", lines=1, calls_per_second=2, prefixes=("+86",))
    return trunks_of(both, home)


class Exchange:
    """Who waits and who speaks, and the promises that hold after each step."""

    def __init__(self) -> None:
        self.trunks, self.now = short_trunks(), START
        self.waiting: list[Wanted] = []
        self.speaking: list[str] = []
        self.answered: list[Wanted] = []
        self.begun: dict[str, datetime] = {}
        self.asked = 0

    def ask(self, traffic: TrafficClass, number: str) -> None:
        self.waiting.append(
            Wanted(
                number=number,
                caller_number="",
                traffic=traffic,
                tried=frozenset(),
                place=self.asked,
            )
        )
        self.asked += 1

    def end(self, nth: int) -> None:
        if self.speaking:
            self.trunks.give_back(self.speaking.pop(nth % len(self.speaking)))

    def look(self) -> Turns:
        turns = take_turns(self.waiting, self.trunks, self.now)
        for wanted, line in turns.answered:
            assert isinstance(line, TrunkLine)
            self._begins(wanted, line)
        return turns

    def _begins(self, wanted: Wanted, line: TrunkLine) -> None:
        before = self.begun.get(line.trunk)
        assert before is None or self.now - before >= GAP
        self.begun[line.trunk] = self.now
        self.waiting.remove(wanted)
        self.speaking.append(line.trunk)
        self.answered.append(wanted)

    def assert_promises(self, turns: Turns) -> None:
        views = self.trunks.views()
        assert all(view.lines_in_use <= view.lines for view in views)
        for wanted, why in turns.waiting:
            urgent = wanted.traffic is TrafficClass.CONSULTATION
            found = self.trunks.choose(wanted.number, "", self.now, urgent=urgent)
            assert not isinstance(found, TrunkLine), "a line is idle, somebody waits"
            assert why.why is NoLineWhy.LINES_IN_USE
        for served, _ in turns.answered:
            for wanted, _ in turns.waiting:
                alike = wanted.number == served.number or wanted.number == MOBILE
                assert not alike or served.order < wanted.order, "an order was inverted"


@settings(max_examples=60, deadline=None)
@given(st.lists(asks | ends | ticks, max_size=40))
def test_no_class_goes_before_a_more_urgent_one_and_nobody_is_forgotten(
    steps: list[tuple[str, object, object]],
) -> None:
    exchange = Exchange()
    for step in steps:
        match step:
            case ("ask", TrafficClass() as traffic, str(number)):
                exchange.ask(traffic, number)
            case ("end", int(nth), _):
                exchange.end(nth)
            case ("tick", float(seconds), _):
                exchange.now += timedelta(seconds=seconds)
        exchange.assert_promises(exchange.look())
    for _ in range(4 * exchange.asked):
        exchange.end(0)
        exchange.now += GAP
        exchange.assert_promises(exchange.look())
    assert len(exchange.answered) == exchange.asked
    assert len(set(exchange.answered)) == exchange.asked


def test_recall_goes_before_call_backs_and_they_before_follow_ups() -> None:
    trunks = trunks_of(trunk(lines=1, calls_per_second=50))
    wanted = [
        Wanted(number=MOBILE, caller_number="", traffic=one, tried=frozenset(), place=n)
        for n, one in enumerate(reversed(CLASSES))
    ]
    served = []
    for n in range(len(CLASSES)):
        now = START + timedelta(seconds=n)
        ((first, _),) = take_turns(wanted, trunks, now).answered
        served.append(first.traffic)
        wanted.remove(first)
        trunks.give_back("telecom")
    assert served == ["consultation", "recall", "call_back", "follow_up"]


def test_what_does_not_pass_is_not_waited_for() -> None:
    trunks = trunks_of(trunk(prefixes=("+86",)))
    wanted = Wanted(
        number=ABROAD,
        caller_number="",
        traffic=TrafficClass.RECALL,
        tried=frozenset(),
        place=0,
    )
    turns = take_turns([wanted], trunks, START)
    ((_, found),) = turns.answered
    assert isinstance(found, NoLine)
    assert found.why is NoLineWhy.NOT_SERVED
    assert turns.waiting == ()


def test_emergency_goes_before_all_who_asked_first() -> None:
    trunks = trunks_of(trunk(lines=1, calls_per_second=50))
    trunks.take("telecom", START - GAP)
    wanted = [
        Wanted(
            number=number,
            caller_number="",
            traffic=traffic,
            tried=frozenset(),
            place=place,
        )
        for place, (number, traffic) in enumerate(
            [
                ("110", TrafficClass.CALL_BACK),
                (MOBILE, TrafficClass.CONSULTATION),
                ("119", TrafficClass.CONSULTATION),
            ]
        )
    ]
    assert not take_turns(wanted, trunks, START).answered
    trunks.give_back("telecom")
    ((served, _),) = take_turns(wanted, trunks, START).answered
    assert served.number == "119"
