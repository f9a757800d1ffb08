"""What the records must say of a call follows from what its phones did."""

import pytest

from acd.events import Outcome
from hotline.demo.reports import Heard
from hotline.demo.witness import Witness, possible_outcomes
from tests.unit.hotline.demo.evening import AGENT, NUMBER, steps, tell

IVR, QUEUE = Outcome.ABANDONED_IN_IVR, Outcome.ABANDONED_IN_QUEUE
RINGING, ANSWERED = Outcome.ABANDONED_WHILE_RINGING, Outcome.ANSWERED


def outcomes(witness: Witness) -> set[Outcome]:
    """How the one call of this witness may be told."""
    (citizen,) = witness.citizens
    return possible_outcomes(citizen, witness.rings_for(NUMBER))


@pytest.mark.parametrize("code", [486, 503])
def test_refused_citizen_is_blocked(code: int) -> None:
    assert outcomes(steps("c", dialled=0, ended=1, code=code)) == {Outcome.BLOCKED}


def test_call_that_nobody_answered_should_not_have_ended_so() -> None:
    assert outcomes(steps("c", dialled=0, ended=32, code=408)) == set()


def test_call_that_never_ended_has_no_outcome() -> None:
    assert outcomes(steps("c", dialled=0, answered=1)) == set()


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ({"hung_up": 1}, {IVR}),
        ({"hung_up": 4}, {IVR, QUEUE}),
        ({"hung_up": 20}, {QUEUE}),
        ({"pressed": 1, "hung_up": 1.2}, {IVR, QUEUE}),
        ({"pressed": 1, "hung_up": 3}, {QUEUE}),
    ],
)
def test_citizen_whom_no_phone_rang_for_left_the_greeting_or_the_queue(
    moments: dict[str, float], expected: set[Outcome]
) -> None:
    assert outcomes(steps("c", dialled=0, answered=0, **moments)) == expected


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ({"rang": 3, "ended": 6.01}, {RINGING}),
        ({"rang": 3}, {RINGING}),
        ({"rang": 3, "ended": 4}, {QUEUE}),
        ({"rang": 3, "rejected": 4, "ended": 4}, {QUEUE}),
        ({"rang": 3, "ended": 5.8}, {RINGING, QUEUE}),
        ({"rang": 6.2, "ended": 6.3}, {RINGING, QUEUE}),
        ({"rang": 3, "answered": 4, "ended": 6}, {ANSWERED}),
        ({"rang": 3, "answered": 5.8, "ended": 6}, {ANSWERED, RINGING}),
        ({"rang": 3, "answered": 6.1, "ended": 6.2}, {ANSWERED, RINGING}),
    ],
)
def test_phone_that_rang_decides_how_the_citizen_left(
    ring: dict[str, float], expected: set[Outcome]
) -> None:
    witness = steps("c", dialled=0, answered=0, pressed=1, hung_up=6, ended=6)
    assert outcomes(tell(witness, "a", AGENT, **ring)) == expected


def test_second_phone_that_rings_counts_as_well() -> None:
    witness = steps("c", dialled=0, answered=0, pressed=1, hung_up=6, ended=6)
    tell(witness, "a", AGENT, rang=2, rejected=3, ended=3)
    tell(witness, "b", "1002", rang=3, ended=6.1)
    assert outcomes(witness) == {RINGING}


def test_talk_is_with_the_agent_who_answered_last() -> None:
    witness = steps("a", AGENT, rang=2, answered=3, ended=5)
    tell(witness, "b", "1002", rang=5, answered=6, ended=9)
    talk = witness.talk_of(NUMBER)
    assert talk is not None
    assert (talk.agent, talk.talked_seconds) == ("1002", 3)


def test_measurement_of_an_unknown_leg_is_dropped() -> None:
    witness = Witness()
    witness.hear(Heard(leg="x", seconds={440: 1.0}))
    assert witness.citizens == []
