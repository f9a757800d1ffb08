"""The mark of test calls: only who has the key makes it, and only once."""

from datetime import UTC, datetime, timedelta

import pytest

from telephony.test_marks import LIFE_SECONDS, Marks, make_mark

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KEY = b"k" * 32


def test_mark_of_the_key_is_taken_once() -> None:
    marks, mark = Marks(KEY), make_mark(KEY, NOW)
    assert marks.take(mark, NOW)
    assert not marks.take(mark, NOW), "who has heard it on the wire repeats it in vain"
    assert marks.take(make_mark(KEY, NOW), NOW)


def test_mark_is_good_for_a_minute_and_for_clocks_that_differ_by_one() -> None:
    for seconds, good in ((-61, False), (-60, True), (60, True), (61, False)):
        mark = make_mark(KEY, NOW + timedelta(seconds=seconds))
        assert Marks(KEY).take(mark, NOW) is good


def test_mark_that_was_taken_is_not_good_again_when_it_is_forgotten() -> None:
    marks, mark = Marks(KEY), make_mark(KEY, NOW + timedelta(seconds=LIFE_SECONDS))
    assert marks.take(mark, NOW)
    for seconds in range(0, 3 * LIFE_SECONDS, 7):
        assert not marks.take(mark, NOW + timedelta(seconds=seconds))
    assert marks.take(make_mark(KEY, NOW), NOW)


@pytest.mark.parametrize("mark", ["", "yes", "1.2.3", "9" * 400, make_mark(b"x", NOW)])
def test_other_marks_are_none(mark: str) -> None:
    assert not Marks(KEY).take(mark, NOW)


def test_mark_that_was_changed_is_none() -> None:
    mark = make_mark(KEY, NOW)
    for place in (0, 15, len(mark) - 1):
        other = "0" if mark[place] != "0" else "1"
        assert not Marks(KEY).take(mark[:place] + other + mark[place + 1 :], NOW)
