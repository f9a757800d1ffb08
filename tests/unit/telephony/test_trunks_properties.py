"""Whatever is asked of the trunks, in any order, their limits and lists hold."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from telephony.trunk_state import Sign, TrunkView
from telephony.trunks import NoLine, NoLineWhy, TrunkLine
from tests.unit.telephony.trunk_lines import (
    ABROAD,
    FIXED,
    MOBILE,
    PLAN,
    START,
    trunk,
    trunks_of,
)

SECTIONS = (
    trunk("a", lines=1, calls_per_second=1, caller_numbers=("053112345",)),
    trunk("b", lines=3, prefixes=("+86531", "110"), priority=5),
    trunk("c", lines=2, prefixes=("+",), caller_numbers=("96345", "053112345")),
)
LISTED = {section.name: set(section.caller_numbers) for section in SECTIONS}
NAMES = st.sampled_from([section.name for section in SECTIONS])
CALLERS = st.sampled_from(["", "053112345", "053196345", "96345", "13800138000"])


class TrunksMachine(RuleBasedStateMachine):
    """Calls come and go, trunks fail and recover, time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.trunks, self.now = trunks_of(*SECTIONS), START
        self.talking: list[str] = []
        self.begun: dict[str, list[float]] = {name: [] for name in LISTED}

    @rule(
        number=st.sampled_from([MOBILE, FIXED, ABROAD, "110"]),
        caller=CALLERS,
        without=st.frozensets(NAMES),
    )
    def call(self, number: str, caller: str, without: frozenset[str]) -> None:
        """A call asks for a line, and takes it if there is one."""
        found = self.trunks.choose(number, caller, self.now, without=without)
        if caller == "13800138000":
            assert isinstance(found, NoLine)
            assert found.why in (NoLineWhy.NOT_ALLOWED, NoLineWhy.NOT_SERVED)
        if not isinstance(found, TrunkLine):
            return
        assert found.trunk not in without
        assert found.caller_number in LISTED[found.trunk]
        assert not caller or PLAN.normalise(caller) == PLAN.normalise(
            found.caller_number
        )
        assert self.view(found.trunk).up
        self.trunks.take(found.trunk, self.now)
        self.talking.append(found.trunk)
        self.begun[found.trunk].append((self.now - START).total_seconds())

    @rule(data=st.data())
    def hang_up(self, data: st.DataObject) -> None:
        """Some call ends."""
        if self.talking:
            place = data.draw(st.integers(0, len(self.talking) - 1))
            self.trunks.give_back(self.talking.pop(place))

    @rule(name=NAMES, sign=st.sampled_from(Sign), bad=st.booleans())
    def sign(self, name: str, sign: Sign, bad: bool) -> None:
        """A sign changes for the better or worse."""
        was_up = self.view(name).up
        change = self.trunks.note(name, sign, "bad" if bad else "", self.now)
        assert (change is not None) >= (self.view(name).up != was_up)
        if change:
            assert (change.up, change.reason) == (
                self.view(name).up,
                self.view(name).reason,
            )

    @rule(name=NAMES)
    def fail(self, name: str) -> None:
        """A trunk fails a call."""
        self.trunks.failed(name, self.now)

    @rule(seconds=st.floats(0, 5))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @invariant()
    def lines_are_those_of_the_calls(self) -> None:
        """No trunk carries more calls than it has lines, and none is forgotten."""
        for view in self.trunks.views():
            assert view.lines_in_use == self.talking.count(view.name) <= view.lines

    @invariant()
    def calls_do_not_follow_each_other_too_fast(self) -> None:
        """The last two calls over the slow trunk are a second apart."""
        *_, earlier, later = [-9.0, -8.0, *self.begun["a"]]
        assert later - earlier >= 1 - 1e-6

    def view(self, name: str) -> TrunkView:
        """A trunk as it is now."""
        return next(view for view in self.trunks.views() if view.name == name)


TestTrunks = TrunksMachine.TestCase
TestTrunks.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
