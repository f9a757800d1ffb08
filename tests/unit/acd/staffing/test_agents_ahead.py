"""Modified offered load and the agents that it takes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.offered_load import modified_offered_load
from acd.staffing.requirement import Target, Traffic, agents_required


def test_even_calls_keep_as_many_busy_as_little_says() -> None:
    load = modified_offered_load(np.full((2, 8), 90.0), [300.0, 600.0])
    assert load[0] == pytest.approx(30.0)
    assert load[1] == pytest.approx(60.0)


@pytest.mark.parametrize("handle", [60.0, 300.0, 2000.0])
def test_no_load_is_lost_however_long_calls_take(handle: float) -> None:
    calls = np.zeros(200)
    calls[3] = 90
    load = modified_offered_load(calls, handle)
    assert load.sum() * 900 == pytest.approx(90 * handle)
    assert (load[:3] == 0).all()


def test_load_is_the_convolution_with_the_survival_function() -> None:
    calls, handle = np.array([0.0, 45.0, 180.0, 20.0]), 700.0

    def busy(moment: float) -> float:
        """The integral of the rate s ago, times the share that still talks."""
        parts = (
            quad(
                lambda s: np.exp(-s / handle),
                max(moment - 900 * (n + 1), 0),
                max(moment - 900 * n, 0),
            )[0]
            * calls[n]
            / 900
            for n in range(len(calls))
        )
        return float(sum(parts))

    load = modified_offered_load(calls, handle)
    for n in range(4):
        mean = quad(busy, 900 * n, 900 * (n + 1))[0] / 900
        assert load[n] == pytest.approx(mean, rel=1e-6)


def test_a_night_without_calls_needs_nobody() -> None:
    assert (agents_ahead(np.zeros(96), 270.0, 360.0) == 0).all()


def test_the_agents_of_a_steady_hour_are_those_of_erlang_a() -> None:
    eighty = Target(share=0.8, within_seconds=20)
    steady = Traffic(
        calls_per_second=200 / 900, handle_seconds=300.0, patience_seconds=360.0
    )
    ahead = agents_ahead(np.full(4, 200.0), 300.0, 360.0, eighty)
    assert (ahead == agents_required(steady, eighty)).all()


rows = st.lists(st.floats(0, 2000), min_size=12, max_size=12)


@settings(max_examples=25, deadline=None)
@given(
    calls=rows,
    more=rows,
    handle=st.floats(30, 1200),
    patience=st.floats(20, 3600),
    share=st.floats(0.5, 0.99),
)
def test_more_load_never_takes_fewer_agents(
    calls: list[float], more: list[float], handle: float, patience: float, share: float
) -> None:
    target = Target(share=share, within_seconds=15)
    few, many = np.array(calls), np.array(calls) + np.array(more)
    fewer = agents_ahead(few, handle, patience, target)
    assert (agents_ahead(many, handle, patience, target) >= fewer).all()
