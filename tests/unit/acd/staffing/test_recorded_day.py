"""A recorded day: what is taken from it, and what is left to chance."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from acd.events import AgentState, Outcome
from acd.people.rows import AgentMove
from acd.records.rows import CallRow
from acd.staffing.behaviour import Behaviour
from acd.staffing.chance import Chance
from acd.staffing.day import WITHHELD
from acd.staffing.plan import Ivr
from acd.staffing.recorded_day import duties_of, recorded_day
from acd.staffing.simulation import simulate
from ivr_flows.language import read_flow
from tests.unit.acd.staffing.days import START, STEADY, agent, plan

LOGGED_OUT, READY, TALKING, PAUSED = (
    AgentState.LOGGED_OUT,
    AgentState.READY,
    AgentState.TALKING,
    AgentState.PAUSED,
)
DAY = timedelta(days=1)


def row(
    at: float,
    *,
    outcome: Outcome = Outcome.ANSWERED,
    wait: float = 8.0,
    talk: float | None = 50.0,
    queue: str = "general",
    entered: bool = True,
    direction: str = "in",
) -> CallRow:
    """A recorded call, two seconds in the flow."""
    arrived = START + timedelta(seconds=at)
    nothing = dict.fromkeys(field.name for field in fields(CallRow))
    known = {
        "id": f"c{at}",
        "caller": "",
        "called": "12345",
        "direction": direction,
        "arrived_at": arrived,
        "queue": queue,
        "entered_at": arrived + timedelta(seconds=2) if entered else None,
        "outcome": outcome,
        "wait_seconds": wait,
        "talk_seconds": talk,
    }
    return CallRow(**{**nothing, **known})


def gave_up(at: float, wait: float) -> CallRow:
    """A citizen who hung up."""
    return row(at, outcome=Outcome.ABANDONED_IN_QUEUE, wait=wait, talk=None)


def test_calls_keep_their_moments_talks_and_patience() -> None:
    found = recorded_day([gave_up(20, 30), row(10)], START, ["general"])
    answered, left = found.day.calls
    assert (answered.at_seconds, answered.ivr_seconds, answered.talk_seconds) == (
        10,
        2,
        50,
    )
    assert (answered.patience_seconds, answered.waited_seconds) == (None, 8)
    assert (left.patience_seconds, left.talk_seconds) == (30, None)
    assert (left.caller, left.called, left.queue) == (WITHHELD, "12345", "general")


def test_means_are_those_of_the_day() -> None:
    rows = [row(0, wait=10, talk=40), row(1, wait=20, talk=60), gave_up(2, 30)]
    found = recorded_day(rows, START, ["general"])
    assert (found.talk_seconds, found.patience_seconds) == (50, 60)
    patient = recorded_day(rows[:2], START, ["general"])
    assert patient.patience_seconds is None


def test_calls_that_we_placed_are_no_calls_of_citizens() -> None:
    found = recorded_day([row(0, direction="out"), row(1)], START, ["general"])
    assert [call.at_seconds for call in found.day.calls] == [1]


def test_calls_that_asked_for_nobody_are_left_out_and_gone_queues_are_not_named() -> (
    None
):
    found = recorded_day(
        [row(0, entered=False), row(1, queue="gone")], START, ["general"]
    )
    (call,) = found.day.calls
    assert call.queue == ""


def test_who_was_answered_is_more_patient_than_he_waited() -> None:
    day = recorded_day([row(0, wait=100)] * 50, START, ["general"]).day
    chance = Chance(Behaviour(patience_seconds=10), len(day.calls), seed=1)
    waits = [chance.fate(n, call).patience_seconds for n, call in enumerate(day.calls)]
    assert min(waits) > 100
    assert sum(waits) / len(waits) == pytest.approx(110, abs=5)


def test_replay_enters_the_queue_when_the_flow_was_over() -> None:
    day = recorded_day([row(10)], START, ["general"]).day
    (story,) = simulate(day, plan(agent("1")), STEADY).stories
    assert (story.entered_at, story.talk_seconds, story.queue) == (12, 50, "general")


def test_replayed_citizen_waits_as_his_flow_lets_him_wait(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n  hello: {do: say, say: hello}\n  wait: {do: enqueue, leave_key: '*', "
        "left: bye}\n  bye: {do: hang_up}\n",
        encoding="utf-8",
    )
    day = recorded_day([row(0), gave_up(1, 30)], START, ["general"]).day
    under = replace(plan(agent("1")), ivr=Ivr(usual=read_flow(file)))
    behaviour = replace(STEADY, leave_share=1)
    answered, left = simulate(day, under, behaviour).stories
    assert (answered.entered_at, answered.talk_seconds) == (2, 50)
    assert (left.left_by_key, left.wait_seconds) == (True, 30)


def move(at: float, old: AgentState, new: AgentState) -> AgentMove:
    """A line of an agent's log."""
    moment = START + timedelta(seconds=at)
    return AgentMove(agent_id="1", at=moment, old=old, new=new, reason="", call_id="")


@pytest.mark.parametrize(
    ("moves", "duties"),
    [
        ([], ()),
        ([move(-50, LOGGED_OUT, READY)], ((0.0, 86400.0),)),
        (
            [
                move(10, LOGGED_OUT, READY),
                move(20, READY, TALKING),
                move(90, TALKING, PAUSED),
            ],
            ((10.0, 90.0),),
        ),
        (
            [
                move(-50, LOGGED_OUT, READY),
                move(-20, READY, PAUSED),
                move(30, PAUSED, READY),
                move(40, READY, LOGGED_OUT),
                move(90_000, LOGGED_OUT, READY),
            ],
            ((30.0, 40.0),),
        ),
    ],
)
def test_agent_is_on_duty_while_he_is_logged_in_and_not_paused(
    moves: list[AgentMove], duties: tuple[tuple[float, float], ...]
) -> None:
    assert duties_of(moves, START, START + DAY) == duties
