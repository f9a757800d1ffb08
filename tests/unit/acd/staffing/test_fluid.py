"""The wait ahead in an overload, as a fluid."""

import numpy as np
import pytest

from acd.staffing.fluid import NO_AGENTS_WAIT_SECONDS, FluidLine
from acd.staffing.gamma_ratios import Floats

MINUTES = 60


def line(in_system: float = 0.0, patience: float = 300.0) -> FluidLine:
    return FluidLine(
        in_system=in_system, handle_seconds=240.0, patience_seconds=patience
    )


def waits(fluid: FluidLine, calls_a_minute: float, agents: float) -> Floats:
    return fluid.ahead([calls_a_minute] * MINUTES, [agents] * MINUTES).waits


def test_nobody_waits_below_full_load() -> None:
    assert waits(line(in_system=90), 90 / 4, 100).max() == 0


def test_wait_of_a_lasting_overload_settles_where_patience_takes_what_is_too_much() -> (
    None
):
    """In the long run a share 1 - 1/rho hangs up: exp(-w / patience) = 1 / rho."""
    long = line(in_system=100).ahead([150 / 4] * 600, [100] * 600)
    assert long.waits[-1] == pytest.approx(300 * np.log(1.5), rel=0.01)
    assert long.abandoned_share() == pytest.approx(1 - 1 / 1.5, rel=0.02)


def test_without_patience_the_line_grows_by_what_is_not_served() -> None:
    endless = waits(line(in_system=100, patience=float("inf")), 110 / 4, 100)
    too_much = 10 / 4
    assert np.diff(endless) == pytest.approx(too_much * 240 / 100, rel=0.02)


@pytest.mark.parametrize("step", range(5))
def test_more_agents_never_wait_longer_and_more_calls_never_shorter(step: int) -> None:
    chance = np.random.default_rng(step)
    calls = chance.uniform(12, 48, MINUTES)
    agents = chance.uniform(60, 140, MINUTES)
    usual = line(in_system=120).ahead(calls, agents).waits
    assert (line(in_system=120).ahead(calls, agents + 5).waits <= usual).all()
    assert (line(in_system=120).ahead(calls * 1.1, agents).waits >= usual).all()
    assert (line(in_system=130).ahead(calls, agents).waits >= usual).all()


def test_without_agents_the_wait_has_no_end() -> None:
    assert waits(line(in_system=1), 6, 0)[-1] == NO_AGENTS_WAIT_SECONDS


def test_short_calls_do_not_make_the_steps_swing() -> None:
    quick = FluidLine(in_system=50, handle_seconds=2.0, patience_seconds=5.0)
    found = quick.ahead([600.0] * 10, [10.0] * 10).waits
    assert (np.diff(found) <= 1e-9).all()
    assert found[-1] == pytest.approx(5 * np.log(2), rel=0.01)


def test_nobody_hangs_up_who_does_not_call() -> None:
    assert line().ahead([0.0] * 5, [0.0] * 5).abandoned_share() == 0
