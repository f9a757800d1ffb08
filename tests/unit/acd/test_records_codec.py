"""Events as lines of the journal."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd import events as e
from acd.records.codec import KINDS, UnreadableLine, decode, encode
from tests.fakes import call_events as told

EVENTS = [kind for kind in KINDS.values() if not kind.__subclasses__()]
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(data=st.data(), kind=st.sampled_from(EVENTS))
def test_every_event_comes_back_as_it_was(
    data: st.DataObject, kind: type[e.Event]
) -> None:
    strategy = st.builds(kind, at=MOMENTS, **finite(kind))
    event = data.draw(strategy)
    assert decode(encode(event)) == event


def finite(kind: type[e.Event]) -> dict[str, st.SearchStrategy[float]]:
    """Seconds are numbers, never infinite."""
    hints = kind.__dataclass_fields__
    seconds = [name for name in hints if name.endswith("seconds")]
    numbers = st.floats(min_value=0, max_value=1e6)
    return dict.fromkeys(seconds, numbers)


def test_line_is_one_line_whatever_the_texts_hold() -> None:
    line = encode(told.arrived("a\nb", caller="\u2028\n"))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


def test_time_of_another_zone_is_the_same_moment() -> None:
    zone = timezone(timedelta(hours=8))
    event = told.arrived("call", datetime(2026, 7, 20, 9, tzinfo=zone))
    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b'{"kind":"CallAnsw',
        b"null\n",
        b"[]\n",
        b'{"kind":"CallFlew","event":{}}\n',
        b'{"kind":"CallAnswered","event":{"at":"yesterday","call_id":"x"}}\n',
        b"\xff\xfe\n",
    ],
)
def test_torn_or_unknown_line_is_unreadable_and_its_text_is_not_quoted(
    line: bytes,
) -> None:
    with pytest.raises(UnreadableLine) as refused:
        decode(line)
    assert str(refused.value) == ""
    assert refused.value.__suppress_context__


def test_every_event_that_happens_is_known() -> None:
    assert {e.CallArrived, e.CallMissed, e.AgentStateChanged} <= set(EVENTS)
