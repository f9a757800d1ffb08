"""Calls follow each other no faster than the trunk allows."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony.pacing import Pace
from tests.unit.telephony.trunk_lines import START


@given(
    st.floats(0.1, 50),
    st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_no_second_sees_more_calls_than_allowed(
    per_second: float, pauses: list[float]
) -> None:
    """Callers who ask at any moments, and wait until they may begin."""
    pace, now, begun = Pace(per_second), START, []
    for pause in pauses:
        now = pace.ready_at(now + timedelta(seconds=pause))
        pace.take(now)
        begun.append(now)
    for first in begun:
        within = [at for at in begun if first <= at < first + timedelta(seconds=1)]
        assert len(within) <= per_second + 1


def test_long_quiet_saves_nothing_up() -> None:
    pace, later = Pace(2), START + timedelta(hours=1)
    pace.take(START)
    assert pace.ready_at(later) == later
    pace.take(later)
    assert pace.ready_at(later) == later + timedelta(seconds=0.5)
