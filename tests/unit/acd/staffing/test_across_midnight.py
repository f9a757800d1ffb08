"""Proposals of moves whose hour goes on after midnight, with the roster of the next day."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Leave, Person, Post
from acd.staffing.adjustment import Proposed, Situation, propose
from acd.staffing.cover import SPAN, WHOLE, Need
from acd.staffing.loan import Loan
from acd.staffing.moves import MoveKind, MoveRules
from acd.staffing.roster import CELLS, DayRoster, Shift, Work, moment

DAY, ZONE = date(2026, 11, 2), ZoneInfo("Asia/Shanghai")
NEXT = DAY + timedelta(days=1)
HALF_PAST = 94
P, T, Q = Post.PHONES, Post.TRAINING, Post.QUALITY
RULES = MoveRules()


def shift(who: str, start: int, *cells: Work, day: date = DAY) -> Shift:
    return Shift(person_id=who, day=day, start=start, cells=cells)


LATE = shift("late", 64, *[P] * 32)
NIGHT = shift("night", 88, *[P] * 32)
TRAINEE = shift("trainee", 0, *[T] * 24, day=NEXT)
OWL = shift("owl", 0, *[P] * 24, day=NEXT)


def person(who: str, *leave: Leave) -> Person:
    contact = f"sip:{who}@127.0.0.1"
    return Person(id=who, name=who, posts=(P, T, Q), contact=contact, leave=leave)


def situation(
    *shifts: Shift, needed: int, leave: Leave | None = None, known: int = SPAN
) -> Situation:
    """Half past eleven in the evening; so many are needed from midnight on."""
    people = [person(s.person_id, *([leave] if leave else [])) for s in shifts]
    today, tomorrow = (DayRoster.of(day, ZONE, people, shifts) for day in (DAY, NEXT))
    agents = [1] * CELLS + [needed] * (known - CELLS)
    return Situation(
        roster=today,
        tomorrow=tomorrow,
        need=Need(day=DAY, agents={WHOLE: agents}),
        queues={each.id: frozenset({"general"}) for each in people},
        now=HALF_PAST,
    )


def told(proposed: tuple[Proposed, ...]) -> list[tuple[MoveKind, str, int]]:
    return [(one.move.kind, one.move.person_id, one.cell) for one in proposed]


def test_who_leaves_at_midnight_is_asked_to_stay_when_he_is_missing_then() -> None:
    now = situation(LATE, NIGHT, needed=2)
    (one,) = propose(now, RULES)
    assert told((one,)) == [(MoveKind.OVERTIME, "late", CELLS + 1)]
    assert one.move.after.ends_at(ZONE) == moment(NEXT, 2, ZONE)
    assert list(now.cells) == [94, 95, 96, 97]


def test_nobody_is_asked_to_stay_for_whom_somebody_comes_at_midnight() -> None:
    assert propose(situation(LATE, NIGHT, OWL, needed=2), RULES) == ()
    at_home = situation(LATE, NIGHT, OWL, needed=2, leave=Leave(first=NEXT, last=NEXT))
    assert [kind for kind, _, _ in told(propose(at_home, RULES))] == [MoveKind.OVERTIME]


def test_training_of_the_next_days_first_hour_is_put_off() -> None:
    now = situation(NIGHT, TRAINEE, needed=2)
    (one,) = propose(now, RULES)
    assert told((one,)) == [(MoveKind.MOVE_TRAINING, "trainee", CELLS + 1)]
    assert one.move.after.cells[:3] == (P, P, T)


def test_nobody_is_sent_home_before_midnight_who_is_missing_after_it() -> None:
    nights = [shift(who, 88, *[P] * 14) for who in ("a", "b", "c", "d")]
    (first, *_) = propose(situation(*nights, needed=0), RULES)
    assert first.move.kind is MoveKind.RELEASE
    assert propose(situation(*nights, needed=3), RULES) == ()


def test_hour_ends_at_midnight_when_the_next_day_cannot_be_foreseen() -> None:
    now = situation(LATE, NIGHT, needed=0, known=CELLS)
    assert list(now.cells) == [94, 95]
    assert propose(now, RULES) == ()


def test_who_is_there_before_his_shift_is_counted_once() -> None:
    early = replace(
        situation(NIGHT, OWL, needed=1),
        unplanned=frozenset({"owl"}),
    )
    agents = early.cover().agents[WHOLE]
    assert list(agents[HALF_PAST : HALF_PAST + 4]) == [2, 2, 2, 2]


def test_loan_that_began_before_midnight_ends_when_it_was_to() -> None:
    loan = Loan(person_id="a", day=DAY, of="tax", to="general", first=94, last=98)
    assert list(loan.on(NEXT).cells) == [-2, -1, 0, 1]
    back = loan.taken_back(NEXT, 1)
    assert (list(back.cells), back.of, back.to) == ([97], "general", "tax")
    assert list(loan.taken_back(NEXT, 2).cells) == []
