"""What a dry run of the plans says to a shift manager."""

from dataclasses import replace
from datetime import UTC, date, datetime

from acd.people.person import Post
from acd.plans.desk import DryRun
from acd.plans.foresight import Sight
from acd.staffing.moves import Move, MoveKind
from acd.staffing.recall_order import PassedOver, RecallOrder
from acd.staffing.roster import Shift
from hotline.plan_tables import NO_RECALL, would_be

DAY = date(2026, 11, 27)
SHIFT = Shift(person_id="3001", day=DAY, start=32, cells=(Post.DISPATCH,) * 4)
ON_PHONES = Shift(person_id="3001", day=DAY, start=32, cells=(Post.PHONES,) * 4)
MOVE = Move(kind=MoveKind.TO_PHONES, before=SHIFT, after=ON_PHONES)
NAMES = {"3001": "梁红", "5001": "备勤"}


def dry_run(*moves: Move, recall: RecallOrder | None = None) -> DryRun:
    sight = Sight(
        at=datetime(2026, 11, 27, tzinfo=UTC),
        surge=False,
        surge_ratio=1.0,
        missing=0,
        levels=(),
    )
    return DryRun(sight=sight, moves=moves, recall=recall)


def test_people_are_named_who_would_be_moved_and_rung_and_why_not_the_others() -> None:
    order = RecallOrder(
        rung=("5001",),
        passed_over=(("3001", PassedOver.ON_DUTY), ("x", PassedOver.NOT_RESTED)),
    )
    assert list(would_be(dry_run(MOVE, recall=order), NAMES)) == [
        "plan 1 would move 3001 梁红: 08:00-09:00 phones",
        "plan 2 would ring, in this order: 5001 备勤",
        "  not 3001 梁红: on duty",
        "  not x: not rested",
    ]


def test_it_is_said_when_nobody_would_be_moved_or_can_be_rung() -> None:
    assert list(would_be(dry_run(), NAMES)) == ["plan 1 would move nobody", NO_RECALL]


def test_people_at_the_posts_who_are_not_logged_in_are_named() -> None:
    run = replace(dry_run(), absent=("3001",))
    assert list(would_be(run, NAMES))[:2] == [
        "plan 1 would move nobody",
        "  not 3001 梁红: not logged in",
    ]
