"""Why a leg ended, from codes and Reason headers."""

import pytest

from telephony.events import EndCause
from telephony.pjsua.end_causes import cause_of_refusal, final_code, reason_header


@pytest.mark.parametrize(
    ("code", "reason", "cause"),
    [
        (486, "", EndCause.BUSY),
        (600, "", EndCause.BUSY),
        (480, "", EndCause.NO_ANSWER),
        (404, "", EndCause.UNREACHABLE),
        (503, "", EndCause.UNREACHABLE),
        (302, "", EndCause.UNREACHABLE),
        (403, "", EndCause.REJECTED),
        (603, "", EndCause.REJECTED),
        (488, "", EndCause.MEDIA_FAILED),
        (503, "Q.850;cause=17", EndCause.BUSY),
        (480, 'SIP;cause=480, Q.850 ;text="x" ; cause = 1', EndCause.UNREACHABLE),
        (480, "q.850;cause=21", EndCause.REJECTED),
        (486, "Q.850;cause=16", EndCause.BUSY),
        (486, "Q.850;cause=x", EndCause.BUSY),
        (486, "SIP;cause=1", EndCause.BUSY),
        (699, "nonsense", EndCause.REJECTED),
    ],
)
def test_refusal_is_understood(code: int, reason: str, cause: EndCause) -> None:
    assert cause_of_refusal(code, reason) is cause


def test_silence_is_no_answer_only_from_a_phone_that_rang() -> None:
    assert cause_of_refusal(408, rang=True) is EndCause.NO_ANSWER
    assert cause_of_refusal(408, rang=False) is EndCause.UNREACHABLE


@pytest.mark.parametrize("cause", list(EndCause))
def test_every_cause_can_be_told(cause: EndCause) -> None:
    assert reason_header(cause).startswith("Q.850;cause=")
    assert 400 <= final_code(cause) < 700
