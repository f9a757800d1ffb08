"""What a person's answers in a recall call come to."""

import pytest

from acd.recalls.call import Said, what_was_said
from acd.staffing.recall import Answer

COMES, DECLINES = Answer.COMES, Answer.DECLINES


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, Said(answer=Answer.NOT_REACHED)),
        ({"comes": "yes"}, Said(answer=COMES)),
        ({"comes": "no"}, Said(answer=DECLINES)),
        ({"comes": "in_20"}, Said(answer=COMES, minutes=20)),
        ({"comes": "yes", "soon": "in_30"}, Said(answer=COMES, minutes=30)),
        ({"comes": "yes", "soon": "yes"}, Said(answer=COMES)),
        ({"comes": "yes", "soon": "no"}, Said(answer=DECLINES)),
    ],
)
def test_a_time_is_a_promise_and_a_no_at_any_moment_declines(
    answers: dict[str, str], said: Said
) -> None:
    assert what_was_said(answers) == said
