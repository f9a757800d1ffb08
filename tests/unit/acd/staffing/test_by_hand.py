"""Moves that a person thinks of himself."""

from datetime import date

import pytest

from acd.people.person import Person, Post
from acd.staffing.by_hand import HandMove, MoveRefused, by_hand
from acd.staffing.moves import MoveKind
from acd.staffing.roster import CELLS, Shift

DAY = date(2026, 3, 2)
P, D, T = Post.PHONES, Post.DISPATCH, Post.TRAINING
LI = Person(id="li", name="李强", posts=(P, D))
EVENING = Shift(person_id="li", day=DAY, start=88, cells=(D,) * 6 + (None,) + (D,) * 9)


def wanted(post: Post, until: int | None = None) -> HandMove:
    return HandMove(person_id="li", post=post, until=until)


def test_he_holds_the_post_from_now_to_a_time_and_keeps_his_break() -> None:
    move = by_hand(LI, EVENING, 92, wanted(P, until=0))
    assert move.kind is MoveKind.BY_HAND
    assert move.after.cells == (D,) * 4 + (P, P, None, P) + (D,) * 8
    assert move.cells == (92, 93, 95)


def test_time_that_is_over_today_is_one_of_the_next_day() -> None:
    move = by_hand(LI, EVENING, 92, wanted(P, until=4))
    assert move.after.cells[4:13] == (P, P, None, *(P,) * 5, D)


def test_night_shift_of_the_day_before_is_moved_after_midnight() -> None:
    move = by_hand(LI, EVENING, CELLS + 2, wanted(P, until=4))
    assert move.cells == (CELLS + 2, CELLS + 3)


def test_without_a_time_it_lasts_until_the_shift_ends_and_never_longer() -> None:
    whole = by_hand(LI, EVENING, 100, wanted(P))
    assert whole.cells == (100, 101, 102, 103)
    assert by_hand(LI, EVENING, 100, wanted(P, until=40)) == whole


def test_post_that_is_not_his_is_refused_with_those_that_are() -> None:
    with pytest.raises(MoveRefused, match=r"may not hold training.*phones, dispatch"):
        by_hand(LI, EVENING, 92, wanted(T))


def test_post_that_he_holds_is_refused() -> None:
    with pytest.raises(MoveRefused, match="holds dispatch until 23:30 already"):
        by_hand(LI, EVENING, 92, wanted(D, until=94))
