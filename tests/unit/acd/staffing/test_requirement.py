"""Erlang's formulas against each other, a birth-death process, and known cities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.linalg import expm

from acd.staffing.gamma_ratios import Floats
from acd.staffing.requirement import (
    Target,
    Traffic,
    abandoned_share,
    agents_required,
    erlang_c,
    mean_wait_seconds,
    offered_wait_tail,
    service_level,
)
from acd.staffing.waiting_lines import blocked_share
from tests.unit.acd.staffing.birth_death import waiting

HANDLE = 270.0
WITHIN = 1e-10


def city(erlangs: ArrayLike, patience: ArrayLike = math.inf) -> Traffic:
    """So much load, of calls of 270 seconds."""
    return Traffic(
        calls_per_second=np.divide(erlangs, HANDLE),
        handle_seconds=HANDLE,
        patience_seconds=patience,
    )


@pytest.mark.parametrize(
    ("erlangs", "agents"),
    [(44, 55), (22_600 * 0.1 * HANDLE / 3600, 187), (560, 586)],
    ids=["Xuzhou", "Jinan", "Beijing"],
)
def test_cities_need_what_erlang_c_says(erlangs: float, agents: int) -> None:
    assert agents_required(city(erlangs)) == agents


def test_blocking_has_the_values_of_the_tables() -> None:
    """ITU-D SG 2/16, Teletraffic Engineering Handbook: 1 erlang on 1 line loses half."""
    lines, erlangs = np.array([1.0, 2.0, 5.0]), np.array([1.0, 1.0, 3.0])
    assert blocked_share(lines, erlangs) == pytest.approx(
        [1 / 2, 1 / 5, 0.110054], rel=1e-5
    )


def still_waiting(traffic: Traffic, agents: ArrayLike, seconds: float) -> Floats:
    """Who is neither answered nor has hung up after so many seconds."""
    gone = abandoned_share(traffic, agents, seconds)
    return np.asarray(1 - service_level(traffic, agents, seconds) - gone)


SIZES = [
    (1, 0.5),
    (5, 9.0),
    (200, 170.0),
    (200, 200.0),
    (200, 400.0),
    (300, 20.0),
    (10, 2000.0),
    (2000, 1700.0),
    (2000, 2100.0),
]


@pytest.mark.parametrize("patience", [0.01, 1.0, 10.0])
@pytest.mark.parametrize(("agents", "erlangs"), SIZES)
def test_impatient_line_agrees_with_a_birth_death_process(
    agents: int, erlangs: float, patience: float
) -> None:
    traffic = Traffic(
        calls_per_second=erlangs, handle_seconds=1.0, patience_seconds=patience
    )
    waits, length = waiting(agents, erlangs, patience)
    gone = abandoned_share(traffic, agents)
    assert float(offered_wait_tail(traffic, agents, 0)) == pytest.approx(
        float(waits), rel=WITHIN, abs=0
    )
    assert float(gone) * erlangs * patience == pytest.approx(
        float(length), rel=WITHIN, abs=0
    )
    assert mean_wait_seconds(traffic, agents) == pytest.approx(float(gone) * patience)


@pytest.mark.parametrize(
    ("agents", "erlangs"), [(1, 0.5), (55, 44.0), (187, 169.5), (2000, 1950.0)]
)
def test_patient_line_agrees_with_a_birth_death_process(
    agents: int, erlangs: float
) -> None:
    waits, length = waiting(agents, erlangs, math.inf)
    assert float(erlang_c(agents, erlangs)) == pytest.approx(float(waits), rel=WITHIN)
    mean = mean_wait_seconds(city(erlangs), agents) * erlangs / HANDLE
    assert float(mean) == pytest.approx(float(length), rel=WITHIN)


def test_wait_has_the_distribution_of_the_line_that_is_worked_off() -> None:
    """P(V > t), by the matrix exponential of what happens to those before him."""
    agents, erlangs, patience, most = 6, 7.0, 0.8, 80
    traffic = Traffic(
        calls_per_second=erlangs, handle_seconds=1.0, patience_seconds=patience
    )
    rates = agents + np.arange(most) / patience
    weights = np.cumprod(
        np.append(1.0, erlangs / (agents + np.arange(1, most) / patience))
    )
    arrives = weights / weights.sum()
    leaves = np.diag(-rates) + np.diag(rates[1:], -1)
    for t in (0.05, 0.3, 1.0):
        still = float((arrives @ expm(leaves * t)).sum())
        tail = float(offered_wait_tail(traffic, agents, t))
        assert tail == pytest.approx(
            still * float(offered_wait_tail(traffic, agents, 0)), rel=1e-9
        )


@pytest.mark.parametrize(("agents", "erlangs"), [(20, 18.0), (20, 30.0), (150, 170.0)])
def test_who_hangs_up_in_time_is_the_integral_of_who_waits(
    agents: int, erlangs: float
) -> None:
    traffic, within = city(erlangs, patience=120), 25.0
    waited, _ = quad(
        lambda t: float(still_waiting(traffic, agents, t)), 0, within, epsabs=1e-13
    )
    gone = float(abandoned_share(traffic, agents, within))
    assert gone == pytest.approx(waited / 120, rel=1e-9)


def test_endless_patience_is_the_limit_of_long_patience() -> None:
    patient, endless = city(170, patience=1e9), city(170)
    for question in (service_level, lambda t, n: offered_wait_tail(t, n, 30)):
        assert question(patient, 190) == pytest.approx(
            float(question(endless, 190)), rel=1e-4
        )
    assert mean_wait_seconds(patient, 190) == pytest.approx(
        float(mean_wait_seconds(endless, 190)), rel=1e-4
    )


def test_too_few_agents_serve_nobody_in_time_when_nobody_hangs_up() -> None:
    traffic = city(170)
    assert service_level(traffic, 168) == 0
    assert mean_wait_seconds(traffic, 168) == math.inf


def test_without_agents_everybody_hangs_up() -> None:
    traffic = city(10, patience=60)
    assert abandoned_share(traffic, 0) == pytest.approx(1)
    assert still_waiting(traffic, 0, 60) == pytest.approx(math.exp(-1))


def test_no_calls_need_nobody() -> None:
    assert agents_required(city(0)) == 0
    assert service_level(city(0, patience=60), 3) == pytest.approx(1)


def test_shapes_are_broadcast() -> None:
    traffic = Traffic(
        calls_per_second=np.array([[0.1], [0.5], [0.6]]),
        handle_seconds=HANDLE,
        patience_seconds=np.array([60.0, math.inf]),
    )
    assert agents_required(traffic).shape == (3, 2)
    assert service_level(traffic, np.array([150, 190])).shape == (3, 2)
    assert service_level(city(10), 12).shape == ()


loads = st.floats(0.01, 2000)
patience = st.floats(1, 1e5) | st.just(math.inf)


@settings(max_examples=20, deadline=None)
@given(loads, patience, st.integers(0, 2000), st.floats(0, 300))
def test_one_more_agent_never_makes_it_worse(
    load: float, patience: float, agents: int, within: float
) -> None:
    traffic, both = city(load, patience), np.array([agents, agents + 1])
    level = service_level(traffic, both, within)
    gone, waits = abandoned_share(traffic, both), still_waiting(traffic, both, within)
    assert level[1] >= level[0] - 1e-9
    assert gone[1] <= gone[0] + 1e-9
    assert waits[1] <= waits[0] + 1e-9
    assert 0 <= level[0] <= 1


shares = st.floats(0.5, 0.99)
withins = st.floats(0, 120)
rising = st.lists(st.floats(0.01, 100), min_size=3, max_size=3).map(sorted)


@settings(max_examples=4, deadline=None)
@given(rising, patience, shares, withins)
def test_more_load_never_needs_fewer_agents(
    load: list[float], patience: float, share: float, within: float
) -> None:
    target = Target(share=share, within_seconds=within)
    needed = agents_required(city(np.array(load), patience), target)
    assert list(needed) == sorted(needed)


@settings(max_examples=4, deadline=None)
@given(
    rising,
    patience,
    st.tuples(shares, shares).map(sorted),
    st.tuples(withins, withins).map(sorted),
)
def test_stricter_target_never_needs_fewer_agents(
    load: list[float], patience: float, share: list[float], within: list[float]
) -> None:
    """Neither a greater share, nor less time."""
    lax, more, sooner = (
        agents_required(
            city(np.array(load), patience), Target(share=s, within_seconds=t)
        )
        for s, t in (
            (share[0], within[1]),
            (share[1], within[1]),
            (share[1], within[0]),
        )
    )
    assert np.all(lax <= more) and np.all(more <= sooner)


@settings(max_examples=4, deadline=None)
@given(
    st.floats(0.01, 100),
    st.lists(patience, min_size=3, max_size=3).map(sorted),
    st.integers(1, 120),
    shares,
    withins,
)
def test_patience_brings_fewer_who_hang_up_and_more_who_wait(
    load: float, patience: list[float], agents: int, share: float, within: float
) -> None:
    """Required to answer at once are then never fewer. With time allowed it may be either:
    the impatient are gone before they could be answered in time."""
    traffic = city(load, np.array(patience))
    assert np.all(np.diff(abandoned_share(traffic, agents)) <= 1e-9)
    assert np.all(np.diff(offered_wait_tail(traffic, agents, within)) >= -1e-9)
    at_once = agents_required(traffic, Target(share=share, within_seconds=0))
    assert list(at_once) == sorted(at_once)


@settings(max_examples=20, deadline=None)
@given(loads, patience, st.floats(0.5, 0.99), st.floats(0, 120))
def test_what_is_required_is_the_fewest_that_reach_the_target(
    load: float, patience: float, share: float, within: float
) -> None:
    traffic, target = city(load, patience), Target(share=share, within_seconds=within)
    agents = int(agents_required(traffic, target))
    assert service_level(traffic, agents, within) >= share
    assert service_level(traffic, agents - 1, within) < share
