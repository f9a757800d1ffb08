"""A recall rings whom it should, and knows who comes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from acd.staffing.recall import Answer, Recall, RecallRules, Standing
from acd.staffing.recall_order import OffDuty, PassedOver, recall_order

START = datetime(2026, 11, 2, 1, 10, tzinfo=UTC)
SIX = tuple("abcdef")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def recall(needed: int = 2, people: tuple[str, ...] = SIX, **rules: float) -> Recall:
    return Recall(RecallRules(**rules), needed, people, START)  # type: ignore[arg-type]


def test_so_many_ring_at_once_that_enough_are_expected() -> None:
    assert recall(2).to_ring(START) == ("a", "b", "c", "d")
    assert recall(2, at_once=3).to_ring(START) == ("a", "b", "c")


def test_enough_confirmations_stop_the_rest() -> None:
    one = recall(1)
    assert one.to_ring(START) == ("a", "b")
    one.answered("a", Answer.COMES, at(1), minutes=20)
    one.answered("b", Answer.NOT_REACHED, at(1))
    assert one.to_ring(at(10)) == ()
    assert one.missing == 0
    assert [p.due_at for p in one.people if p.person_id == "a"] == [at(21)]


def test_who_does_not_answer_is_tried_again_and_then_passed_over() -> None:
    one = recall(1, people=("a",), tries=2)
    assert one.to_ring(START) == ("a",)
    one.answered("a", Answer.NOT_REACHED, at(0.5))
    assert (one.to_ring(at(1)), one.next_at()) == ((), at(2))
    assert one.to_ring(at(2)) == ("a",)
    one.answered("a", Answer.NOT_REACHED, at(2.5))
    assert one.people[0].standing is Standing.PASSED_OVER
    assert one.is_over(at(3))


def test_who_declines_is_not_rung_again_and_another_is() -> None:
    one = recall(1, people=("a", "b", "c"), at_once=1)
    assert one.to_ring(START) == ("a",)
    one.answered("a", Answer.DECLINES, at(1))
    assert one.to_ring(at(1)) == ("b",)


def test_recall_learns_that_few_come() -> None:
    one = recall(4, people=tuple(f"p{n}" for n in range(60)), at_once=40)
    first = len(one.to_ring(START))
    for who in (f"p{n}" for n in range(first)):
        one.answered(who, Answer.DECLINES, at(1))
    assert len(one.to_ring(at(1))) > 2 * first


def test_late_is_who_confirmed_and_is_not_there() -> None:
    one = recall(2)
    one.to_ring(START)
    one.answered("a", Answer.COMES, at(1), minutes=10)
    one.answered("b", Answer.COMES, at(1), minutes=10)
    assert one.arrived("a", at(9))
    assert one.late(at(10)) == ()
    assert one.late(at(12)) == ("b",)
    assert one.arrived("b", at(15)) and not one.arrived("b", at(16))
    assert one.late(at(17)) == ()


def test_who_was_not_reached_but_comes_has_arrived() -> None:
    one = recall(1, people=("a",))
    one.to_ring(START)
    one.answered("a", Answer.NOT_REACHED, at(1))
    assert one.arrived("a", at(20))
    assert one.missing == 0
    assert not one.arrived("stranger", at(20))


def test_recall_that_is_called_off_tells_those_who_are_on_their_way() -> None:
    one = recall(2)
    one.to_ring(START)
    one.answered("a", Answer.COMES, at(1))
    one.answered("b", Answer.COMES, at(1))
    one.arrived("b", at(5))
    assert one.call_off(at(6)) == ("a",)
    assert one.to_ring(at(6)) == ()
    assert not one.is_over(at(6))
    for who in "cd":
        one.answered(who, Answer.NOT_REACHED, at(7))
    assert one.is_over(at(7))


def test_who_was_rung_and_has_not_answered_is_known_when_it_is_called_off() -> None:
    one = recall(2)
    one.to_ring(START)
    one.answered("a", Answer.COMES, at(1))
    one.answered("b", Answer.DECLINES, at(1))
    one.answered("c", Answer.NOT_REACHED, at(1))
    one.call_off(at(2))
    assert one.unanswered() == ("c", "d")


def test_nobody_is_rung_when_the_time_is_over() -> None:
    assert recall(2).to_ring(at(30)) == ()


def test_recall_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="one person"):
        recall(0)


def test_nearest_come_first_and_equals_take_turns() -> None:
    people = [
        OffDuty(person_id="far", minutes_away=28),
        OffDuty(person_id="unknown"),
        OffDuty(person_id="lately", minutes_away=11, last_recalled_at=START),
        OffDuty(person_id="never", minutes_away=19),
        OffDuty(person_id="near", minutes_away=3, last_recalled_at=START),
    ]
    order = recall_order(people, 30)
    assert order.rung == ("near", "never", "lately", "far", "unknown")


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (OffDuty(person_id="p", on_duty=True), PassedOver.ON_DUTY),
        (OffDuty(person_id="p", on_leave=True, rested=False), PassedOver.ON_LEAVE),
        (OffDuty(person_id="p", qualified=False), PassedOver.NOT_QUALIFIED),
        (OffDuty(person_id="p", rested=False), PassedOver.NOT_RESTED),
        (OffDuty(person_id="p", has_number=False), PassedOver.NO_NUMBER),
        (OffDuty(person_id="p", minutes_away=31), PassedOver.TOO_FAR),
    ],
)
def test_everybody_who_is_not_rung_has_a_reason(
    person: OffDuty, why: PassedOver
) -> None:
    order = recall_order([person], 30)
    assert (order.rung, order.passed_over) == ((), (("p", why),))


class Recalls(RuleBasedStateMachine):
    """Rings, answers and arrivals in any order."""

    @initialize(needed=st.integers(1, 6), at_once=st.integers(1, 5))
    def begin(self, needed: int, at_once: int) -> None:
        self.now, self.ringing = START, set[str]()
        self.recall = recall(needed, people=tuple("abcdefgh"), at_once=at_once)

    @rule(minutes=st.sampled_from([0, 0.5, 2, 10]))
    def time_goes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def ring(self) -> None:
        for who in self.recall.to_ring(self.now):
            assert who not in self.ringing, "rung twice at the same time"
            self.ringing.add(who)

    @rule(
        data=st.data(),
        answer=st.sampled_from(Answer),
        minutes=st.sampled_from([None, 5, 25]),
    )
    def answer(
        self, data: st.DataObject, answer: Answer, minutes: float | None
    ) -> None:
        if self.ringing:
            who = data.draw(st.sampled_from(sorted(self.ringing)))
            self.ringing.discard(who)
            self.recall.answered(who, answer, self.now, minutes)

    @rule(who=st.sampled_from("abcdefgh"))
    def arrive(self, who: str) -> None:
        self.recall.arrived(who, self.now)

    @rule()
    def call_off(self) -> None:
        self.recall.call_off(self.now)

    @invariant()
    def it_ends(self) -> None:
        """Rung whenever it is due and answered by nobody, it is over soon."""
        if not hasattr(self, "recall") or self.ringing:
            return
        assert self.recall.count(Standing.RINGING) == 0
        within = timedelta(seconds=self.recall.rules.within_seconds)
        assert self.recall.is_over(self.recall.ends_at + within)

    @invariant()
    def tries_are_bounded(self) -> None:
        if hasattr(self, "recall"):
            most = self.recall.rules.tries
            assert all(person.tries <= most for person in self.recall.people)


TestRecalls = Recalls.TestCase
TestRecalls.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_recall_that_was_broken_off_goes_on_with_what_was_known() -> None:
    one = recall(2, tries=2)
    one.to_ring(START)
    one.answered("a", Answer.COMES, at(1), minutes=20)
    again = Recall.of(RecallRules(tries=2), 2, one.people, START)
    assert again.count(Standing.RINGING) == 0
    assert again.missing == 1
    assert again.to_ring(at(1)) == ("e", "f")
    assert again.to_ring(at(3)) == ()
    again.answered("e", Answer.NOT_REACHED, at(4))
    again.answered("f", Answer.NOT_REACHED, at(4))
    assert again.to_ring(at(7)) == ("b", "c")


def test_who_is_late_is_awaited_for_as_long_again() -> None:
    one = recall(1, people=("a",))
    one.to_ring(START)
    one.answered("a", Answer.COMES, at(1), minutes=20)
    assert not one.is_over(at(40))
    assert one.late(at(40)) == ("a",)
    assert one.is_over(at(60))


def test_busy_people_are_rung_later_and_others_in_their_place() -> None:
    one = recall(1, at_once=1)
    assert one.to_ring(START, busy={"a"}) == ("b",)


def test_greater_number_rings_more_also_those_who_were_not_free_before() -> None:
    one = recall(1, people=("a",))
    assert one.to_ring(START) == ("a",)
    assert [p.person_id for p in one.newcomers(("b", "a"))] == ["b"]
    one.enlarge(3, ("b", "a"))
    assert (one.needed, one.to_ring(START)) == (3, ("b",))
    one.enlarge(2, ())
    assert one.needed == 3


def test_recall_that_is_handed_over_is_over_and_who_rings_goes_on_in_the_other() -> (
    None
):
    old, new = recall(1, people=("a", "b")), recall(1)
    old.to_ring(START)
    old.call_off(at(0.1))
    old.hand_over(new)
    assert old.is_over(at(0.1)) and not old.takes_more(at(0.1))
    assert old.count(Standing.RINGING) == 0
    assert new.count(Standing.RINGING) == 2
    new.answered("a", Answer.COMES, at(0.5))
    assert new.missing == 0 and not new.is_over(at(0.5))
