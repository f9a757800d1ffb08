"""No order of messages loses a call, strands an agent or reaches an illegal state."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.acd.engine_machine import EngineMachine

TestEngine = EngineMachine.TestCase
TestEngine.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_engine_holds_through_a_million_steps() -> None:
    long = settings(
        max_examples=10_000,
        stateful_step_count=100,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(EngineMachine, settings=long)
