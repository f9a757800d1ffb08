"""The plots of a campaign's results: what they show, by unit and by day. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from console.campaign_results import RATES, day_name, unit_name
from console.words import N_
from outbound.results import NOT_YET, Result

MOST_UNITS = 20
BY_UNIT = ("satisfied", "solved")
"""The rates that tell units apart; the others tell of the telephone."""


def plotted(
    units: Sequence[Result], days: Sequence[Result], said: Callable[[str], str]
) -> dict[str, Any]:
    """Shares in percent, None without any; units by valid answers, the most first."""
    answered = sorted(filter(_valid, units), key=_valid, reverse=True)[:MOST_UNITS]
    called = [each for each in days if each.day != NOT_YET]
    return {
        "names": {name: said(title) for name, title in RATES.items()},
        "title": {"units": said(N_("By unit")), "days": said(N_("By day"))},
        "units": [unit_name(each.unit or "", said) for each in answered],
        "by_unit": {name: _percents(answered, name) for name in BY_UNIT},
        "days": [day_name(each.day or "", said) for each in called],
        "by_day": {name: _percents(called, name) for name in RATES},
    }


def _valid(result: Result) -> int:
    return result.satisfied.denominator + result.solved.denominator


def _percents(results: Sequence[Result], name: str) -> list[float | None]:
    shares = [getattr(each, name).share for each in results]
    return [None if share is None else round(100 * share, 1) for share in shares]
