"""Those whom the demo's hotline rings: their numbers, their orders, the questions they hear."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import ivr_flows
from hotline.demo.arrivals import WAY_SECONDS, Arrivals
from hotline.demo.outside import (
    ORDERS,
    QUESTIONS,
    Does,
    habit_of,
    orders,
    question_tone_hz,
    recall_number,
    staff_of,
)
from hotline.demo.past import city_of
from hotline.demo.questions import question_heard
from hotline.demo.rung import Rung
from hotline.demo.script import RESTING, Script, all_tones_hz
from hotline.demo.voices import RATE, TONE_LEVEL
from ivr_flows.flow import load_flow
from ivr_flows.survey import SurveyStep
from telephony.speech.audio import write_wav
from tests.unit.hotline.demo.rung_people import ENDED, tell

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
FLOWS = Path(ivr_flows.__file__).parent / "flows"


def test_no_order_is_closed_in_the_future_and_no_number_is_a_callers() -> None:
    closed = orders(city_of(NOW))
    assert len({order["number"] for order in closed}) == ORDERS
    assert all(datetime.fromisoformat(order["closed_at"]) < NOW for order in closed)
    rung = [order["number"] for order in closed]
    rung += [recall_number(id_) for id_, _ in RESTING]
    assert not any(Script().citizen_of(number) for number in rung)


def test_first_dozen_orders_show_everything() -> None:
    first = [habit_of(order["number"]) for order in orders(city_of(NOW))[:12]]
    assert {habit.does for habit in first} == set(Does)


def test_recall_numbers_are_told_from_citizens() -> None:
    for id_, _ in RESTING:
        assert staff_of(recall_number(id_)) == id_
    assert staff_of(orders(city_of(NOW))[0]["number"]) == ""


@pytest.mark.parametrize("number", ["13912340007", "110", "sip", ""])
def test_number_that_somebody_else_entered_is_answered_in_some_way(number: str) -> None:
    assert habit_of(number).does in Does


def test_every_key_is_an_answer_of_the_built_in_flow() -> None:
    for prefix, flow in (("follow_up_", "follow_up"), ("recall_", "recall")):
        steps = load_flow(FLOWS / f"{flow}.yaml").steps
        numbers = [order["number"] for order in orders(city_of(NOW))]
        numbers += [recall_number(id_) for id_, _ in RESTING]
        for question, key in (
            pair for number in numbers for pair in habit_of(number).keys.items()
        ):
            step = steps.get(question.removeprefix(prefix))
            if question.startswith(prefix) and isinstance(step, SurveyStep):
                assert step.accepts(key)


def test_question_is_known_by_its_tone_while_it_sounds(tmp_path: Path) -> None:
    waves = np.arange(2 * RATE) * 2 * np.pi / RATE
    for question in QUESTIONS:
        tone = TONE_LEVEL * np.sin(waves * question_tone_hz(question))
        quiet = np.zeros(RATE)
        write_wav(tmp_path / "heard.wav", np.concatenate([quiet, tone]))
        assert question_heard(tmp_path / "heard.wav") == question
        write_wav(tmp_path / "heard.wav", np.concatenate([tone, quiet]))
        assert question_heard(tmp_path / "heard.wav") == ""


def test_what_was_hardly_heard_is_no_question(tmp_path: Path) -> None:
    write_wav(tmp_path / "heard.wav", np.zeros(10))
    assert question_heard(tmp_path / "heard.wav") == ""


def test_no_question_has_the_tone_of_a_voice() -> None:
    tones = {question_tone_hz(question) for question in QUESTIONS}
    assert len(tones) == len(QUESTIONS)
    assert not tones & set(all_tones_hz())


def test_who_said_ten_minutes_arrives_once_and_nobody_else() -> None:
    rung, arrivals = Rung(), Arrivals()
    tell(rung, recall_number("3001"), *ENDED, recall_comes="1", recall_soon="1")
    tell(rung, recall_number("3002"), *ENDED, recall_comes="2")
    tell(rung, recall_number("3004"), *ENDED, recall_comes="1", recall_soon="2")
    assert arrivals.now(rung, 100) == []
    assert arrivals.now(rung, 100 + WAY_SECONDS) == ["3001"]
    assert arrivals.now(rung, 200) == []
