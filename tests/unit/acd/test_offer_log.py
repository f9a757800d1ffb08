"""Each way of not taking a call has its line in the log."""

import logging

import pytest

from acd.events import OfferUnanswered, PauseOverdue
from acd.messages import OfferFailure
from acd.offer_log import log_overdue, log_unanswered
from tests.unit.acd.desk import START


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (OfferFailure.NO_ANSWER, "an agent who leaves his place should be paused"),
        (OfferFailure.BUSY, "see whether the agent speaks on another line"),
        (OfferFailure.REJECTED, "see whether it is set not to be disturbed"),
        (OfferFailure.UNREACHABLE, "see that it is on and connected"),
    ],
)
def test_warning_names_call_and_agent_and_says_what_to_do(
    failure: OfferFailure, advice: str, caplog: pytest.LogCaptureFixture
) -> None:
    event = OfferUnanswered(
        at=START, call_id="c", queue="general", agent_id="1001", offer_id="c-1",
        failure=failure, ring_seconds=20.04,
    )  # fmt: skip
    log_unanswered(event)
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert line.getMessage().startswith(
        "call c: the phone of agent 1001 did not take it after 20.0 s: "
    )
    assert advice in line.getMessage()


def test_pause_that_is_too_long_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    log_overdue(
        PauseOverdue(at=START, agent_id="1001", reason="meal", limit_seconds=2700)
    )
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert line.getMessage().startswith("agent 1001 has been paused (meal) for 2700 s")
    assert line.getMessage().endswith("hotline agents ready 1001")
