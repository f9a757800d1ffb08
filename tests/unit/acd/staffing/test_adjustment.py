"""Proposals of moves: who comes to the phones, who goes back, and why."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.people.person import Leave, Person, Post, Qualification
from acd.staffing.adjustment import Proposed, Situation, propose, within_limits
from acd.staffing.cover import WHOLE, Cover, Need
from acd.staffing.limits import Limits
from acd.staffing.moves import MoveKind, MoveRules
from acd.staffing.roster import CELLS, DayRoster, Shift, Work

DAY = date(2026, 11, 2)
ZONE = ZoneInfo("Asia/Shanghai")
EIGHT, NINE = 32, 36
P, D, Q, T, B = Post.PHONES, Post.DISPATCH, Post.QUALITY, Post.TRAINING, None
RULES = MoveRules()


def shift(who: str, *cells: Work, start: int = EIGHT, day: date = DAY) -> Shift:
    return Shift(person_id=who, day=day, start=start, cells=cells)


def eight_hours(who: str, post: Post = P) -> Shift:
    return shift(who, *[post] * 16, *[B] * 4, *[post] * 12)


def person(who: str, *posts: Post) -> Person:
    return Person(id=who, name=who, posts=posts or (P,), contact=f"sip:{who}@127.0.0.1")


def situation(
    shifts: list[Shift],
    needed: int,
    people: list[Person] | None = None,
    now: int = NINE,
    **more: object,
) -> Situation:
    people = people or [person(s.person_id) for s in shifts]
    return Situation(
        roster=DayRoster.of(DAY, ZONE, people, shifts),
        need=Need(day=DAY, agents={WHOLE: [needed] * CELLS, "general": [0] * CELLS}),
        queues={p.id: frozenset({"general"}) for p in people},
        now=now,
        **more,  # type: ignore[arg-type]
    )


def needed_in_the_hour(now: Situation) -> Situation:
    """The same, with nobody needed after the hour."""
    agents = {
        queue: [n if cell in now.cells else 0 for cell, n in enumerate(needed)]
        for queue, needed in now.need.agents.items()
    }
    return replace(now, need=Need(day=DAY, agents=agents))


def told(proposed: tuple[Proposed, ...]) -> list[tuple[MoveKind, str]]:
    return [(one.move.kind, one.move.person_id) for one in proposed]


def test_nothing_is_proposed_where_agents_are_just_enough() -> None:
    assert propose(situation([eight_hours("a"), eight_hours("b")], 2), RULES) == ()


def test_break_of_the_hour_in_need_is_moved_first() -> None:
    """It costs least, and the break stays as long as it was."""
    breaks = shift("a", *[P] * 4, B, B, *[P] * 20)
    other = shift("b", *[Q] * 26)
    now = needed_in_the_hour(
        situation([breaks, other], 1, [person("a"), person("b", Q, P)])
    )
    (one,) = propose(now, RULES)
    assert (one.move.kind, one.move.person_id) == (MoveKind.MOVE_BREAK, "a")
    after = one.move.after
    assert [after.post(DAY, cell) for cell in range(NINE, NINE + 4)].count(P) >= 3
    assert after.cells.count(B) == 2 and len(after.cells) == len(breaks.cells)
    assert (one.missing, one.cell, one.queue) == (1, 37, WHOLE)


def test_break_is_not_moved_to_where_as_many_are_missing() -> None:
    breaks, other = shift("a", *[P] * 4, B, B, *[P] * 20), shift("b", *[Q] * 26)
    now = situation([breaks, other], 1, [person("a"), person("b", Q, P)])
    assert told(propose(now, RULES)) == [(MoveKind.TO_PHONES, "b")]


def test_nobody_goes_home_who_is_needed_before_his_shift_ends() -> None:
    shifts = [shift(who, *[P] * 10) for who in "abcd"]
    late = [0] * 41 + [4] + [0] * (CELLS - 42)
    now = replace(situation(shifts, 1), need=Need(day=DAY, agents={WHOLE: late}))
    assert propose(now, RULES) == ()


def test_training_is_put_off_before_dispatch_is_left() -> None:
    people = [person("a"), person("d", D, P), person("t", T, P)]
    shifts = [eight_hours("a"), eight_hours("d", D), eight_hours("t", T)]
    assert told(propose(situation(shifts, 2, people), RULES)) == [
        (MoveKind.MOVE_TRAINING, "t")
    ]
    assert told(propose(situation(shifts, 3, people), RULES)) == [
        (MoveKind.MOVE_TRAINING, "t"),
        (MoveKind.TO_PHONES, "d"),
    ]


def test_who_comes_to_the_phones_goes_back_by_himself_after_an_hour() -> None:
    now = situation([eight_hours("d", D)], 1, [person("d", D, P)])
    (one,) = propose(now, RULES)
    posts = [one.move.after.post(DAY, cell) for cell in range(NINE, NINE + 6)]
    assert posts == [P, P, P, P, D, D]


def test_posts_keep_as_many_as_they_must() -> None:
    people = [person("d", D, P), person("e", D, P)]
    shifts = [eight_hours("d", D), eight_hours("e", D)]
    rules = MoveRules(kept={D: 1})
    assert told(propose(situation(shifts, 2, people), rules)) == [
        (MoveKind.TO_PHONES, "d")
    ]


def test_who_may_not_answer_calls_is_not_brought() -> None:
    now = situation([eight_hours("d", D)], 1, [person("d", D)])
    assert propose(now, RULES) == ()


def test_who_is_on_leave_or_absent_is_not_moved() -> None:
    leave = Leave(first=DAY, last=DAY)
    away = replace(person("d", D, P), leave=(leave,))
    assert propose(situation([eight_hours("d", D)], 1, [away]), RULES) == ()
    missing = situation(
        [eight_hours("d", D)], 1, [person("d", D, P)], absent=frozenset("d")
    )
    assert propose(missing, RULES) == ()


def test_absent_agents_are_missing() -> None:
    people = [person("a"), person("q", Q, P)]
    now = situation(
        [eight_hours("a"), eight_hours("q", Q)], 1, people, absent=frozenset("a")
    )
    assert told(propose(now, RULES)) == [(MoveKind.TO_PHONES, "q")]


def test_shift_that_ends_too_soon_is_made_longer() -> None:
    now = situation([shift("a", *[P] * 6)], 1)
    (one,) = propose(now, RULES)
    assert one.move.kind is MoveKind.OVERTIME
    assert one.move.after.end == NINE + 4
    assert one.move.cells == (38, 39)


def test_overtime_ends_where_it_must_however_often_it_is_asked_for() -> None:
    long = shift("a", *[P] * 6)
    limits = Limits(latest_ends={long.key: 40})
    now = situation([long], 1, now=NINE + 1, limits=limits)
    (one,) = propose(now, RULES)
    assert (one.move.kind, one.move.after.end) == (MoveKind.OVERTIME, 40)
    later = situation([one.move.after], 1, now=NINE + 3, limits=limits)
    assert propose(later, RULES) == ()


def test_what_was_declined_is_not_proposed_and_others_are() -> None:
    people = [person("d", D, P), person("q", Q, P)]
    shifts = [eight_hours("d", D), eight_hours("q", Q)]
    now = situation(shifts, 1, people)
    assert told(propose(now, RULES)) == [(MoveKind.TO_PHONES, "d")]
    declined = Limits(declined=frozenset({("d", MoveKind.TO_PHONES)}))
    assert told(propose(replace(now, limits=declined), RULES)) == [
        (MoveKind.TO_PHONES, "q")
    ]


def test_nobody_is_released_again_who_would_not_go() -> None:
    now = needed_in_the_hour(situation([shift(who, *[P] * 10) for who in "abcd"], 1))
    assert told(propose(now, RULES))[0] == (MoveKind.RELEASE, "a")
    declined = Limits(declined=frozenset({("a", MoveKind.RELEASE)}))
    left = told(propose(replace(now, limits=declined), RULES))
    assert left and (MoveKind.RELEASE, "a") not in left


def test_who_is_absent_holds_no_post_that_others_may_leave() -> None:
    people = [person("d", D, P), person("e", D, P)]
    shifts = [eight_hours("d", D), eight_hours("e", D)]
    now = situation(shifts, 1, people, absent=frozenset("e"))
    assert propose(now, MoveRules(kept={D: 1})) == ()


def test_too_many_go_back_to_their_posts_and_then_home() -> None:
    people = [person("a"), person("b"), person("c"), person("d", D, P), person("e")]
    shifts = [
        shift(who, *[P] * length)
        for who, length in zip("abcde", (9, 20, 20, 20, 20), strict=True)
    ]
    proposed = propose(situation(shifts, 1, people), RULES)
    assert told(proposed) == [(MoveKind.SEND_BACK, "d"), (MoveKind.RELEASE, "a")]
    assert [one.spare for one in proposed] == [2, 2]
    assert proposed[0].move.after.cells[4:] == (D,) * 16
    assert proposed[1].move.after.cells == (P,) * 4


def test_queue_of_specialists_is_not_relieved_by_others() -> None:
    people = [person("a"), person("q", Q, P), person("r", Q, P)]
    shifts = [eight_hours("a"), eight_hours("q", Q), eight_hours("r", Q)]
    now = replace(
        situation(shifts, 1, people),
        need=Need(day=DAY, agents={WHOLE: [1] * CELLS, "tax": [1] * CELLS}),
        queues={
            "a": frozenset({"general"}),
            "q": frozenset({"general"}),
            "r": frozenset({"tax"}),
        },
    )
    (one,) = propose(now, RULES)
    assert (one.move.person_id, one.queue) == ("r", "tax")


def test_shared_agents_count_once() -> None:
    cover = Cover.of(DAY, [eight_hours("a")], {"a": frozenset({"tax", "general"})})
    assert {queue: held[NINE] for queue, held in cover.agents.items()} == {
        WHOLE: 1,
        "tax": 1,
        "general": 1,
    }


def test_night_shift_that_began_yesterday_can_go_on() -> None:
    yesterday = date(2026, 11, 1)
    night = shift("n", *[P] * 34, start=88, day=yesterday)  # 22:00 to 06:30
    now = situation([night], 1, now=24)
    (one,) = propose(now, RULES)
    assert (one.move.kind, one.move.after.end) == (MoveKind.OVERTIME, CELLS + 28)


def test_automatic_mode_takes_only_what_it_may() -> None:
    people = [person("d", D, P), person("t", T, P), person("u", T, P)]
    shifts = [eight_hours("d", D), eight_hours("t", T), eight_hours("u", T)]
    proposed = propose(situation(shifts, 3, people), RULES)
    kinds = {MoveKind.MOVE_TRAINING}
    assert told(within_limits(proposed, kinds, 1)) == [(MoveKind.MOVE_TRAINING, "t")]


WORK = st.sampled_from([P, P, P, D, Q, T, B])


@given(
    shifts=st.lists(
        st.tuples(st.integers(20, 44), st.lists(WORK, min_size=4, max_size=30)),
        min_size=1,
        max_size=8,
    ),
    needed=st.integers(0, 6),
    later=st.integers(0, 6),
)
@settings(max_examples=40, deadline=None)
def test_no_proposal_makes_it_worse_or_moves_anybody_twice(
    shifts: list[tuple[int, list[Work]]], needed: int, later: int
) -> None:
    """Neither in the hour nor, needed otherwise then, in the rest of the day."""
    given_shifts = [
        shift(f"p{n}", *cells, start=start) for n, (start, cells) in enumerate(shifts)
    ]
    people = [person(s.person_id, D, P) for s in given_shifts]
    agents = [needed] * (NINE + 4) + [later] * (CELLS - NINE - 4)
    need = Need(day=DAY, agents={WHOLE: agents, "general": [0] * CELLS})
    now = replace(situation(given_shifts, needed, people), need=need)
    proposed = propose(now, RULES)
    moved = {one.move.person_id: one.move.after for one in proposed}
    assert len(moved) == len(proposed)
    after = [moved.get(s.person_id, s) for s in given_shifts]
    before = Cover.of(DAY, given_shifts, now.queues).short(now.need, now.cells)
    left = Cover.of(DAY, after, now.queues).short(now.need, now.cells)
    rest = range(NINE, CELLS)
    assert Cover.of(DAY, after, now.queues).short(now.need, rest) <= Cover.of(
        DAY, given_shifts, now.queues
    ).short(now.need, rest)
    assert left == before - sum(one.relieves for one in proposed)
    assert all(one.relieves > 0 for one in proposed) or left == before
    for one in proposed:
        past = range(one.move.before.start, NINE)
        assert all(
            one.move.before.post(DAY, c) == one.move.after.post(DAY, c) for c in past
        )


def test_what_is_over_of_a_move_stays_when_it_is_taken_back() -> None:
    dispatcher = eight_hours("d", D)
    (one,) = propose(situation([dispatcher], 1, [person("d", D, P)]), RULES)
    back = one.move.taken_back(DAY, NINE + 2)
    assert back.before == one.move.after
    assert back.cells == (NINE + 2, NINE + 3)
    assert one.move.taken_back(DAY, NINE).after == dispatcher
    late = one.move.taken_back(DAY, NINE + 4)
    assert late.before == late.after and late.cells == ()


def test_who_went_home_comes_back_for_the_rest_of_his_shift() -> None:
    people = [person(who) for who in "abcd"]
    shifts = [shift(who, *[P] * 10) for who in "abcd"]
    first = propose(situation(shifts, 1, people), RULES)[0].move
    assert first.kind is MoveKind.RELEASE
    back = first.taken_back(DAY, NINE + 2)
    assert back.after.cells == (*[P] * 4, B, B, *[P] * 4)


def test_whose_qualification_has_expired_is_not_brought_to_the_phones() -> None:
    rules = replace(RULES, needs=("12345",))
    shifts = [shift("a", *[Q] * 26), shift("b", *[Q] * 26), shift("c", *[Q] * 26)]
    expired = Qualification(name="12345", last_day=DAY - timedelta(days=1))
    holds = Qualification(name="12345", last_day=DAY)
    people = [
        replace(person("a", Q, P), qualifications=(expired,)),
        replace(person("b", Q, P), qualifications=(holds,)),
        person("c", Q, P),
    ]
    assert told(propose(situation(shifts, 3, people), rules)) == [
        (MoveKind.TO_PHONES, "b")
    ]
