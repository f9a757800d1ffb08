"""How much of a processor an update of a queue takes, and a whole day of ten."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.day_history import DayHistory
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.gamma_ratios import Floats
from benchmarks.staffing.bank_calls import BankCalls, package

QUEUES: Final = 10
INTERVALS: Final = 96
TIMES: Final = 40


def update_microseconds(calls: BankCalls) -> float:
    """The median over a day of telling a queue's whole day from what was seen of it."""
    made, counts = _model(calls, INTERVALS)
    times = [
        _best(partial(_update, made, counts[:seen]), 5) for seen in range(INTERVALS)
    ]
    return 1e6 * float(np.median(times))


def _update(made: DayForecast, seen: Floats) -> Floats:
    return made.outlook(seen).calls()


def day_milliseconds(calls: BankCalls) -> float:
    """Forecast, quantile and agents of ten queues and 96 quarters, in the best run."""
    made, counts = _model(calls, INTERVALS)
    sizes = np.linspace(0.1, 1, QUEUES)[:, None]

    def whole_day() -> None:
        outlooks = [made.outlook(counts[:40]) for _ in range(QUEUES)]
        rates = np.stack([outlook.rate_quantile(0.9) for outlook in outlooks])
        agents_ahead(sizes * rates, np.full(QUEUES, 300.0), np.full(QUEUES, 360.0))

    return 1e3 * _best(whole_day, TIMES)


def fit_milliseconds(calls: BankCalls) -> float:
    """Learning a queue of 96 quarters from all days but the last."""
    history = _widened(calls)
    return 1e3 * _best(
        lambda: forecast_day(history, history.days[-1], history.kinds[-1]), 3
    )


def pyworkforce_milliseconds(calls: BankCalls) -> float:
    """Erlang C for as many requirements."""
    erlang_c = package("pyworkforce.queuing").ErlangC
    counts = calls.history.counts[-QUEUES:, :INTERVALS]
    scale = QUEUES * INTERVALS / counts.size

    def whole_day() -> None:
        for count in counts.ravel().tolist():
            queue = erlang_c(
                transactions=count, asa=0.25, aht=5.0, interval=15, shrinkage=0.0
            )
            queue.required_positions(service_level=0.95, max_occupancy=1.0)

    return 1e3 * scale * _best(whole_day, 2)


def _widened(calls: BankCalls) -> DayHistory:
    """The bank's days stretched to 96 quarters."""
    counts = calls.history.counts
    places = np.linspace(0, counts.shape[1] - 1, INTERVALS)
    own = np.arange(counts.shape[1])
    wide = np.rint([np.interp(places, own, row) for row in counts])
    return replace(calls.history, counts=wide)


def _model(calls: BankCalls, intervals: int) -> tuple[DayForecast, Floats]:
    history = _widened(calls)
    made = forecast_day(history, history.days[-1], history.kinds[-1])
    return made, history.counts[-1, :intervals]


def _best(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        began = time.thread_time()
        work()
        seconds.append(time.thread_time() - began)
    return min(seconds)
