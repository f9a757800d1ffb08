"""Sentences that a reader found after the tables were frozen: bad must not be good."""

import pytest

from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.meaning import understand

NOT_SOLVED = ("没人来解决", "没人来处理", "解决了才怪", "解决了个寂寞")
WISHED = ("赶紧给我解决", "尽快解决", "催他们解决")
NOT_SATISFIED = (
    *("很难满意", "难满意", "无法满意", "能满意就怪了", "满意不起来", "离满意还远"),
)


@pytest.mark.parametrize("said", NOT_SOLVED)
def test_what_nobody_solved_is_not_solved(said: str) -> None:
    assert understand(said, Question.SOLVED, "zh").answer is Answer.NO


@pytest.mark.parametrize("said", WISHED)
def test_wish_is_no_answer(said: str) -> None:
    assert understand(said, Question.SOLVED, "zh").answer is Answer.UNCLEAR


@pytest.mark.parametrize("said", NOT_SATISFIED)
def test_hardly_satisfied_is_dissatisfied(said: str) -> None:
    assert understand(said, Question.SATISFIED, "zh").answer is Answer.DISSATISFIED
