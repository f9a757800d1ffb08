"""Who is lent to another queue: who may be, for how long, and that nobody is missing for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.people.person import Person, Post, Qualification
from acd.queue_rules import Levels, QueueRules
from acd.staffing.adjustment import Proposed, Situation, propose
from acd.staffing.counted_once import unmet
from acd.staffing.cover import WHOLE, Need
from acd.staffing.lending import STAYS
from acd.staffing.loan import Loan, levels_for
from acd.staffing.moves import MoveKind, MoveRules
from acd.staffing.roster import CELLS, DayRoster, Shift, Work

DAY = date(2026, 11, 2)
ZONE = ZoneInfo("Asia/Shanghai")
EIGHT, NINE = 32, 36
P, B = Post.PHONES, None
NAMES = ("general", "tax", "transit")


def shift(who: str, *cells: Work) -> Shift:
    return Shift(person_id=who, day=DAY, start=EIGHT, cells=cells or (P,) * 32)


def city(
    queues: Mapping[str, str],
    need: Mapping[str, int | list[int]],
    shifts: list[Shift] | None = None,
    lent: tuple[Loan, ...] = (),
    unqualified: str = "",
) -> Situation:
    """`queues` by person, with blanks between; everybody may answer everything."""
    people = [Person(id=who, name=who, posts=(P,)) for who in queues]
    agents = {
        name: [n] * CELLS if isinstance(n, int) else [0] * NINE + n + [0] * 56
        for name, n in need.items()
    }
    return Situation(
        roster=DayRoster.of(DAY, ZONE, people, shifts or [shift(w) for w in queues]),
        need=Need(day=DAY, agents={WHOLE: [0] * CELLS, **agents}),
        queues={who: frozenset(own.split()) for who, own in queues.items()},
        now=NINE,
        lent=lent,
        qualified={
            who: {} if who in unqualified else dict.fromkeys(NAMES, ())
            for who in queues
        },
    )


def loans(now: Situation) -> list[Loan]:
    return [
        one.move.loan
        for one in propose(now, MoveRules(spare=100))
        if one.move.kind is MoveKind.LEND and one.move.loan
    ]


def told(now: Situation) -> list[tuple[str, str, str, int]]:
    return [(n.person_id, n.of, n.to, n.last - n.first) for n in loans(now)]


def test_who_is_too_many_in_one_queue_is_lent_to_one_that_is_short() -> None:
    now = city({"a": "tax", "b": "tax", "c": "general"}, {"tax": 1, "general": 2})
    assert told(now) == [("a", "tax", "general", 4)]
    [one] = propose(now, MoveRules())
    assert (one.queue, one.missing, one.relieves) == ("general", 1, 4)
    assert one.move.cells == (36, 37, 38, 39)


def test_nobody_is_lent_by_a_queue_that_needs_all_its_agents() -> None:
    assert not told(city({"a": "tax", "c": "general"}, {"tax": 1, "general": 2}))


def test_queue_that_nobody_calls_keeps_one_agent() -> None:
    assert not told(city({"a": "tax", "c": "general"}, {"tax": 0, "general": 2}))


def test_who_is_not_qualified_is_not_lent() -> None:
    queues, need = {"a": "tax", "b": "tax", "c": "general"}, {"tax": 1, "general": 2}
    assert told(city(queues, need, unqualified="a")) == [("b", "tax", "general", 4)]
    assert not told(city(queues, need, unqualified="ab"))


def test_loan_ends_when_its_own_queue_needs_him_again() -> None:
    queues = {"a": "tax", "b": "tax", "c": "general"}
    assert told(city(queues, {"tax": [1, 1, 2, 1], "general": 2})) == [
        ("a", "tax", "general", 2)
    ]


def test_loan_ends_when_the_other_queue_needs_him_no_more() -> None:
    queues = {"a": "tax", "b": "tax", "c": "general"}
    assert told(city(queues, {"tax": 1, "general": [2, 2, 2, 1]})) == [
        ("a", "tax", "general", 3)
    ]


def test_loan_ends_with_his_break() -> None:
    shifts = [shift("a", *[P] * 6, B, *[P] * 9), shift("b"), shift("c")]
    now = city(
        {"a": "tax", "b": "tax", "c": "general"}, {"tax": 0, "general": 2}, shifts
    )
    assert told(replace(now, qualified={"a": {"general": ()}})) == [
        ("a", "tax", "general", 2)
    ]


def test_shared_agent_is_counted_once() -> None:
    """Tax has four by name, but two of them are all that the general queue has."""
    queues = {"a": "tax", "b": "tax", "s": "tax general", "t": "tax general"}
    assert not told(city(queues, {"tax": 2, "general": 2}))
    assert not told(city(queues, {"tax": 2, "general": 3}))
    assert told(city({**queues, "c": "tax"}, {"tax": 2, "general": 3})) == [
        ("a", "tax", "general", 4)
    ]


def test_who_answers_several_queues_leaves_one_of_them() -> None:
    queues = {"a": "tax transit", "b": "tax", "c": "transit", "d": "general"}
    now = city(queues, {"tax": 1, "transit": 1, "general": 2})
    assert told(now) == [("a", "tax", "general", 4)]
    assert loans(now)[0].lent(now.queues["a"]) == {"transit", "general"}


def test_who_is_lent_already_counts_where_he_is_and_is_not_lent_on() -> None:
    lent = Loan(
        person_id="a", day=DAY, of="tax", to="general", first=NINE, last=NINE + 2
    )
    queues = {"a": "tax", "b": "tax", "c": "general"}
    now = city(queues, {"tax": 1, "general": [2, 2, 1, 1]}, lent=(lent,))
    assert [now.cover().at("general", cell) for cell in now.cells] == [2, 2, 1, 1]
    assert [now.cover().at("tax", cell) for cell in now.cells] == [1, 1, 2, 2]
    assert propose(now, MoveRules(spare=100)) == ()


def test_night_shift_is_lent_for_cells_of_this_day() -> None:
    night = Shift(person_id="a", day=date(2026, 11, 1), start=88, cells=(P,) * 50)
    queues = {"a": "tax", "b": "tax", "c": "general"}
    now = city(queues, {"tax": 1, "general": 2}, [night, shift("b"), shift("c")], ())
    [one] = propose(now, MoveRules(spare=100))
    assert one.move.loan and one.move.loan.cells == range(36, 40)
    assert one.move.cells == (132, 133, 134, 135)


QUEUE = QueueRules(name="tax", skills=(("tax", 3),))


def test_skill_or_a_qualification_that_holds_makes_qualified() -> None:
    paper = Qualification(name="tax", last_day=DAY)
    plain = Person(id="a", name="a", posts=(P,))
    shown = replace(plain, qualifications=(paper,))
    later = date(2026, 11, 3)
    cases: list[tuple[Person, Levels, date, Levels | None]] = [
        (plain, (("tax", 3),), DAY, ()),
        (plain, (("tax", 2),), DAY, None),
        (plain, (), DAY, None),
        (shown, (("tax", 2),), DAY, (("tax", 3),)),
        (shown, (), DAY, (("tax", 3),)),
        (shown, (), later, None),
    ]
    for person, skills, day, levels in cases:
        assert levels_for(person, skills, QUEUE, day, ()) == levels


def test_queue_without_skills_takes_whom_it_says() -> None:
    anybody = Person(id="a", name="a", posts=(P,))
    named = replace(anybody, qualifications=(Qualification(name="general"),))
    general = QueueRules(name="general")
    assert levels_for(anybody, (), general, DAY, ()) is None
    assert levels_for(anybody, (), general, DAY, ("general",)) == ()
    assert levels_for(named, (), general, DAY, ()) == ()


GROUP = st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3)


def missing_in_any(groups: Counter[frozenset[str]], need: Mapping[str, int]) -> int:
    """The same by Hall's theorem: the worst of all sets of queues."""
    sets = chain.from_iterable(combinations(need, n) for n in range(len(need) + 1))
    return max(
        sum(need[queue] for queue in some)
        - sum(n for queues, n in groups.items() if not queues.isdisjoint(some))
        for some in sets
    )


@given(
    groups=st.dictionaries(GROUP, st.integers(0, 9), max_size=7),
    need=st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(0, 12))),
)
@settings(max_examples=20, deadline=None)
def test_who_is_missing_counted_once_is_what_the_worst_set_of_queues_lacks(
    groups: dict[frozenset[str], int], need: dict[str, int]
) -> None:
    assert unmet(groups, need) == missing_in_any(Counter(groups), need)


PERSON = st.tuples(
    GROUP, st.lists(st.sampled_from([P, P, P, B]), min_size=8, max_size=8)
)
NEEDS = st.lists(st.integers(0, 4), min_size=4, max_size=4)


@given(
    people=st.lists(PERSON, min_size=2, max_size=9),
    need=st.fixed_dictionaries(dict.fromkeys(NAMES, NEEDS)),
)
@settings(max_examples=30, deadline=None)
def test_no_loan_takes_a_lender_below_what_it_needs(
    people: list[tuple[frozenset[str], list[Work]]], need: dict[str, list[int]]
) -> None:
    """As people stand when it is chosen: each one takes away what is missing, counted once."""
    shifts = [shift(f"p{n}", *cells) for n, (_, cells) in enumerate(people)]
    queues = {f"p{n}": " ".join(own) for n, (own, _) in enumerate(people)}
    now = city(queues, dict(need), shifts)
    proposed = propose(now, MoveRules(spare=100))
    for nth, one in enumerate(proposed):
        if loan := one.move.loan:
            before, after = proposed[:nth], proposed[: nth + 1]
            cover = now.cover(each.move for each in after)
            assert one.relieves == len(loan.cells)
            assert loan.last <= now.cells.stop
            for cell in loan.cells:
                keeps = max(now.need.at(loan.of, cell), STAYS)
                assert cover.at(loan.of, cell) >= keeps
                assert missing(now, after, cell) < missing(now, before, cell)


def missing(now: Situation, proposed: Sequence[Proposed], cell: int) -> int:
    loans = {one.move.person_id: one.move.loan for one in proposed}
    moved = {one.move.before: one.move.after for one in proposed}
    groups: Counter[frozenset[str]] = Counter()
    for planned in now.roster.shifts:
        if moved.get(planned, planned).post(DAY, cell) is P:
            own, loan = now.queues[planned.person_id], loans.get(planned.person_id)
            groups[loan.lent(own) if loan and cell in loan.cells else own] += 1
    return missing_in_any(groups, {name: now.need.at(name, cell) for name in NAMES})


@given(own=GROUP, of=st.sampled_from(NAMES), to=st.sampled_from(NAMES))
def test_who_comes_back_answers_what_he_answered_before(
    own: frozenset[str], of: str, to: str
) -> None:
    loan = Loan(person_id="a", day=DAY, of=of, to=to, first=NINE, last=NINE + 1)
    if of in own and to not in own:
        assert loan.given_back(loan.lent(own)) == own
        assert loan.taken_back(DAY, NINE).lent(loan.lent(own)) == own
