"""The simulator against the closed forms, within its own confidence interval."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import stats

from acd.events import Outcome
from acd.staffing.behaviour import Behaviour
from acd.staffing.requirement import (
    Traffic,
    abandoned_share,
    mean_wait_seconds,
    offered_wait_tail,
    service_level,
)
from acd.staffing.simulation import simulate
from acd.staffing.story import CallStory
from tests.unit.acd.staffing.days import agent, plan, steady_arrivals

pytestmark = pytest.mark.integration

HANDLE = 100.0
CONFIDENCE = 0.99
"""That of all measures together: each one's is higher (Bonferroni)."""

WARM_UP = 20 * HANDLE

Stories = Sequence[CallStory]


def late(story: CallStory) -> float:
    """How long he waited."""
    assert story.wait_seconds is not None
    return story.wait_seconds


MEASURED: dict[str, Callable[[Stories], float]] = {
    "waits": lambda calls: np.mean([late(call) > 1e-3 for call in calls]),
    "mean wait": lambda calls: np.mean([late(call) for call in calls]),
    "abandoned": lambda calls: np.mean(
        [call.outcome is not Outcome.ANSWERED for call in calls]
    ),
    "in time": lambda calls: np.mean(
        [call.outcome is Outcome.ANSWERED and late(call) <= 15 for call in calls]
    ),
}


def exact(traffic: Traffic, agents: int) -> dict[str, float]:
    """The closed forms."""
    return {
        "waits": float(offered_wait_tail(traffic, agents, 0)),
        "mean wait": float(mean_wait_seconds(traffic, agents)),
        "abandoned": float(abandoned_share(traffic, agents)),
        "in time": float(service_level(traffic, agents, 15)),
    }


def replication(traffic: Traffic, agents: int, calls: int, seed: int) -> Stories:
    """One independent run, without its beginning."""
    rate = float(np.asarray(traffic.calls_per_second))
    behaviour = Behaviour(
        talk_seconds=HANDLE,
        talk_shape="exponential",
        patience_seconds=float(np.asarray(traffic.patience_seconds)),
        answer_seconds=0,
    )
    day = steady_arrivals(rate, WARM_UP + calls / rate, seed)
    staff = plan(*(agent(str(number)) for number in range(agents)))
    stories = simulate(day, staff, behaviour, seed=seed).stories
    return [story for story in stories if story.arrived_at > WARM_UP]


def disagreements(found: Sequence[Stories], traffic: Traffic, agents: int) -> list[str]:
    """The measures whose closed form lies outside the interval of the runs' means."""
    doubt = (1 - CONFIDENCE) / len(MEASURED)
    quantile = stats.t.ppf(1 - doubt / 2, len(found) - 1)
    wrong = []
    for name, truth in exact(traffic, agents).items():
        means = np.array([MEASURED[name](calls) for calls in found])
        half_width = quantile * means.std(ddof=1) / math.sqrt(len(found))
        if abs(means.mean() - truth) > half_width + 1e-12:
            wrong.append(name)
    return wrong


def check(traffic: Traffic, agents: int, calls: int, runs: int, told: int) -> None:
    """The runs agree with the closed form, and not with that of `told` agents more or
    fewer: else so few calls would prove nothing."""
    found = [replication(traffic, agents, calls, seed) for seed in range(runs)]
    assert disagreements(found, traffic, agents) == []
    assert disagreements(found, traffic, agents + told)
    assert disagreements(found, traffic, agents - told)


def city(erlangs: float, patience: float) -> Traffic:
    """So much load, of calls of 100 seconds."""
    return Traffic(
        calls_per_second=erlangs / HANDLE,
        handle_seconds=HANDLE,
        patience_seconds=patience,
    )


CASES = pytest.mark.parametrize(
    ("erlangs", "agents", "patience", "told"),
    [(7.0, 10, math.inf, 2), (9.0, 10, 120.0, 1), (12.0, 10, 60.0, 1)],
    ids=["Erlang C", "Erlang A", "Erlang A, overloaded"],
)


@CASES
def test_simulator_agrees_with_the_closed_forms(
    erlangs: float, agents: int, patience: float, told: int
) -> None:
    check(city(erlangs, patience), agents, calls=500, runs=12, told=told)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@CASES
@pytest.mark.parametrize("size", [1, 10])
def test_simulator_agrees_with_the_closed_forms_closely(
    erlangs: float, agents: int, patience: float, told: int, size: int
) -> None:
    traffic = city(erlangs * size, patience)
    check(traffic, agents * size, calls=10_000 * size, runs=12, told=told)
