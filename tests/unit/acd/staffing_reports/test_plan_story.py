"""Each activation of the emergency plans: what was decided, who came, what came of it."""

from datetime import datetime, timedelta

import pytest

from acd.people.person import Post
from acd.plans.foresight import LevelAhead, Sight
from acd.plans.store import KeptDecision, KeptMove
from acd.recalls.store import KeptRecall
from acd.staffing.escalation import PlanDecision, PlanReason, Turn
from acd.staffing.moves import Move, MoveKind
from acd.staffing.recall import Recalled, Standing
from acd.staffing.roster import Shift
from acd.staffing_reports.plan_picture import LABELS, plan_picture
from acd.staffing_reports.plan_story import (
    Activation,
    Happened,
    PlanFacts,
    PlanStory,
    activations,
    plan_story,
)
from acd.statistics.counted_call import CallFacts
from acd.statistics.queue_intervals import Handling, IntervalCounter
from tests.unit.acd.staffing_reports.rounds import CITY, EVENING, FRIDAY, start

BEGAN = start(40) + timedelta(minutes=3)
MINUTE = timedelta(minutes=1)


def decided(
    minutes: float, turn: Turn, before: int, level: int, wait: float = 100
) -> KeptDecision:
    """A decision so many minutes after 10:03, with the waits foreseen at all levels."""
    at = BEGAN + minutes * MINUTE
    sight = Sight(
        at=at,
        surge=True,
        surge_ratio=2,
        missing=3,
        levels=tuple(
            LevelAhead(level=n, agents=9, waits=(wait / (n + 1),) * 3, abandoned=0.1)
            for n in range(3)
        ),
    )
    one = PlanDecision(
        at=at, turn=turn, before=before, level=level, reason=PlanReason.SURGE
    )
    return KeptDecision(id=0, decision=one, decided_by="li", sight=sight)


UP = decided(0, Turn.CHANGED, 0, 1)
UP_AGAIN = decided(12, Turn.CHANGED, 1, 2)
DOWN = decided(60, Turn.CHANGED, 1, 0)


def of(*decisions: KeptDecision) -> Activation:
    """The one activation of some decisions."""
    [found] = activations(decisions)
    return found


def calls(*waits: tuple[datetime, float, bool]) -> IntervalCounter:
    """Calls that arrived, how long they waited, and whether they were answered."""
    counter = IntervalCounter()
    for n, (at, wait, answered) in enumerate(waits):
        ended = at + timedelta(seconds=wait)
        facts = CallFacts(
            id=f"{n}",
            caller="",
            arrived_at=at,
            queue="general",
            entered_at=at,
            connected_at=ended if answered else None,
            ended_at=ended,
            outcome="answered" if answered else "abandoned_in_queue",
        )
        counter.add([(facts, Handling(wait_seconds=wait))])
    return counter


def recall(*people: Recalled, called_off: float | None = None) -> KeptRecall:
    """A recall of two, begun at 10:15."""
    return KeptRecall(
        id="R",
        began_at=BEGAN + 12 * MINUTE,
        needed=2,
        called_off_at=BEGAN + called_off * MINUTE if called_off else None,
        ended_at=None,
        people=people,
    )


def story(
    activation: Activation,
    *recalls: KeptRecall,
    moves: tuple[KeptMove, ...] = (),
    counter: IntervalCounter | None = None,
    now: datetime = EVENING,
) -> PlanStory:
    """What is told of it."""
    intervals = (counter or IntervalCounter()).intervals()
    facts = PlanFacts(moves=moves, recalls=recalls, calls=intervals, now=now)
    return plan_story(activation, facts)


def test_activation_goes_from_normal_to_normal() -> None:
    again = decided(300, Turn.CHANGED, 0, 1)
    first, second = activations([UP, UP_AGAIN, DOWN, again])
    assert (first.began_at, first.ended_at) == (BEGAN, DOWN.decision.at)
    assert story(first).highest == 2
    assert (second.began_at, second.ended_at) == (again.decision.at, None)


def test_proposal_that_led_there_is_part_of_it_and_one_taken_back_is_not() -> None:
    early = decided(-60, Turn.PROPOSED, 0, 1)
    back = decided(-50, Turn.WITHDRAWN, 0, 1)
    wanted = decided(-2, Turn.PROPOSED, 0, 1)
    assert of(early, back, wanted, UP, DOWN).decisions == (wanted, UP, DOWN)
    assert activations([early, back]) == []


def test_what_was_foreseen_stands_beside_what_came() -> None:
    counter = calls(
        *((start(40), 40.0, True), (start(42), 10.0, True), (start(42), 30.0, False))
    )
    [up, *_] = story(of(UP, DOWN), counter=counter).timeline
    # At 10:13, 10:33 and 11:03: the quarters from 10:00, 10:30 and 11:00 on.
    assert (up.foreseen, up.came) == ((50, 50, 50), (40, 20, None))


def test_quarter_to_come_has_no_wait_yet() -> None:
    counter = calls((start(40), 40.0, True), (start(42), 10.0, True))
    now = start(42) + 5 * MINUTE
    [up, *_] = story(of(UP), counter=counter, now=now).timeline
    assert up.came == (40, None, None)


def test_calls_of_the_quarters_that_it_touched_are_counted() -> None:
    made = of(UP, DOWN)
    span = made.span(EVENING)
    assert (span.since, span.until) == (start(40), start(45))
    counter = calls((start(40), 40.0, True), (start(41), 80.0, False))
    told = story(made, counter=counter)
    assert (told.came.once, told.came.lost.part, told.wait_seconds) == (2, 1, 60)
    assert [quarter.start for quarter in told.quarters] == [start(40), start(41)]


def test_who_came_when_and_who_was_late_is_told() -> None:
    due = BEGAN + 30 * MINUTE
    on_time = Recalled(
        person_id="1",
        standing=Standing.ARRIVED,
        rung_at=BEGAN + 13 * MINUTE,
        due_at=due,
        arrived_at=due - MINUTE,
    )
    late = Recalled(
        person_id="2",
        standing=Standing.ARRIVED,
        rung_at=BEGAN + 13 * MINUTE,
        due_at=due,
        arrived_at=due + 20 * MINUTE,
    )
    never = Recalled(
        person_id="3",
        standing=Standing.CONFIRMED,
        rung_at=BEGAN + 14 * MINUTE,
        due_at=due,
    )
    declined = Recalled(
        person_id="4", standing=Standing.DECLINED, rung_at=BEGAN + 14 * MINUTE
    )
    told = story(of(UP, UP_AGAIN, DOWN), recall(on_time, late, never, declined))
    figures = told.recall
    assert figures
    assert (figures.needed, figures.rung, figures.confirmed) == (2, 4, 3)
    assert (figures.declined, figures.arrived, figures.in_time) == (1, 2, 1)
    assert figures.late == 2
    arrived = [m for m in told.timeline if m.what is Happened.ARRIVED]
    assert [(m.who, m.late) for m in arrived] == [("1", False), ("2", True)]


def test_nobody_is_late_whose_recall_was_called_off_before() -> None:
    comes = Recalled(
        person_id="1",
        standing=Standing.CONFIRMED,
        rung_at=BEGAN + 13 * MINUTE,
        due_at=BEGAN + 40 * MINUTE,
    )
    told = story(of(UP, DOWN), recall(comes, called_off=35))
    assert told.recall and told.recall.late == 0


def test_moved_people_come_and_go_back_in_order_of_time() -> None:
    shift = Shift(person_id="7", day=FRIDAY, start=40, cells=(Post.TRAINING,))
    move = Move(kind=MoveKind.TO_PHONES, before=shift, after=shift)
    moved = KeptMove(move=move, moved_at=BEGAN, back_at=DOWN.decision.at)
    told = story(of(UP, DOWN), moves=(moved,))
    assert [(m.what, m.who) for m in told.timeline] == [
        (Happened.CHANGED, "li"),
        (Happened.MOVED, "7"),
        (Happened.CHANGED, "li"),
        (Happened.BACK, "7"),
    ]
    assert told.moved == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_picture_shows_every_part_in_both_languages(language: str) -> None:
    counter = calls((start(40), 40.0, True), (start(41), 80.0, False))
    drawn = plan_picture([story(of(UP, DOWN), counter=counter)], CITY, language)
    whole = ("title", "calls", "came", "lost", "waits", "wait", "foreseen", "help")
    assert [
        LABELS[language][key] for key in whole if LABELS[language][key] not in drawn
    ] == []
    assert LABELS[language]["none"] in plan_picture([], CITY, language)
    assert LABELS["en"].keys() == LABELS["zh"].keys()
