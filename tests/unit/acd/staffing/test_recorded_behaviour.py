"""What a recorded day tells of how people behave."""

import pytest

from acd.staffing.recorded_behaviour import Happened, Times, behaviour_of


def times(count: int, seconds: float = 0.0) -> Times:
    """So often, and so long in all."""
    return Times(count=count, seconds=seconds)


def test_phones_are_measured_by_offer() -> None:
    queue = {
        ("OFFER", ""): times(100),
        ("RINGNOANSWER", "no_answer"): times(4, 80),
        ("RINGNOANSWER", "unreachable"): times(1),
        ("RINGNOANSWER", "rejected"): times(3),
        ("RINGNOANSWER", "busy"): times(2),
        ("CONNECT", ""): times(90, 360),
    }
    found = behaviour_of(Happened(queue=queue))
    assert found["no_answer_share"] == 0.05
    assert (found["reject_share"], found["busy_share"]) == (0.03, 0.02)
    assert found["answer_seconds"] == 4


def test_colleague_who_took_over_was_asked_before_and_counts_once() -> None:
    queue = {
        ("CONNECT", ""): times(100),
        ("MOVE", "agent 1"): times(2),
        ("COMPLETEAGENT", ""): times(60),
        ("COMPLETECALLER", ""): times(30),
    }
    talk = {
        ("HANDOVER", "agent"): times(5),
        ("HANDOVER", "queue"): times(4),
        ("HANDOVER", "third_party"): times(9),
        ("UNHOLD", ""): times(10, 350),
    }
    found = behaviour_of(Happened(queue=queue, talk=talk, colleagues=8))
    assert found["attended_share"] == 0.02
    assert (found["consult_share"], found["to_agent_share"]) == (0.06, 0.03)
    assert (found["to_queue_share"], found["consult_seconds"]) == (0.04, 35)
    assert found["agent_ends_share"] == pytest.approx(2 / 3)


def test_keys_surveys_and_calls_to_citizens_are_measured() -> None:
    found = behaviour_of(
        Happened(
            queue={("ABANDON", ""): times(20), ("CALLBACK", ""): times(5)},
            steps={
                ("enqueue", "left"): times(4),
                ("survey", "satisfied"): times(6),
                ("survey", "timeout"): times(2),
                ("transfer", "connected"): times(3),
                ("transfer", "failed"): times(1),
            },
            attempts={"answered": 6, "refused": 1, "no_answer": 2, "no_line": 9},
            told_of_call_backs=50,
        )
    )
    assert (found["leave_share"], found["call_back_share"]) == (0.2, 0.1)
    assert (found["survey_share"], found["transfer_no_answer_share"]) == (0.75, 0.25)
    assert found["call_back_no_answer_share"] == pytest.approx(2 / 9)


def test_what_never_happened_is_not_known() -> None:
    assert set(behaviour_of(Happened()).values()) == {None}
