"""Counts of days past, looked at before anything is learned from them.

What is missing or cannot be right is told in words, and left to be guessed from days
that are alike: the forecast goes on with the best it has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from acd.staffing.day_ahead import alike_mean
from acd.staffing.day_kind import DayKind
from acd.staffing.gamma_ratios import Floats

MOST_CALLS = 1e6
"""More calls than this in an interval are no calls."""

FEWEST_SEEN = 0.5
"""A day of which less was recorded teaches nothing."""

TIMES_USUAL, BEYOND = 5.0, 50.0
"""So many times the usual calls, and so many more, are a storm: no usual day has them."""

SILENT_USUAL = 14.0
"""From so many usual calls on an interval without one is a gap in the records."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHistory:
    """Days in order with their kinds, and a row of counts for each (NaN: not known)."""

    days: tuple[date, ...]
    kinds: tuple[DayKind, ...]
    counts: Floats

    def before(self, day: date) -> "DayHistory":
        """What was known when the day began."""
        n = sum(each < day for each in self.days)
        return DayHistory(
            days=self.days[:n], kinds=self.kinds[:n], counts=self.counts[:n]
        )

    def after(self, older: "DayHistory") -> "DayHistory":
        """With older days put before it; those that it has itself are not taken twice."""
        if self.days:
            older = older.before(self.days[0])
        return DayHistory(
            days=older.days + self.days,
            kinds=older.kinds + self.kinds,
            counts=np.concatenate([older.counts, self.counts]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnable:
    """Square roots of calls without gaps, their days and kinds, and what was wrong."""

    days: tuple[date, ...]
    roots: Floats
    kinds: tuple[DayKind, ...]
    words: tuple[str, ...]

    def since(self, day: date) -> "Learnable":
        """The days from one on."""
        n = sum(each < day for each in self.days)
        return replace(
            self, days=self.days[n:], roots=self.roots[n:], kinds=self.kinds[n:]
        )


def learnable(history: DayHistory) -> Learnable:
    """The days that teach something, gaps filled with what is usual beside them."""
    counts, impossible = without_impossible(history.counts)
    words = [*_told(history, impossible, "are no count of calls and are left out")]
    usual = _medians(counts)
    with np.errstate(invalid="ignore"):
        storms = counts > TIMES_USUAL * usual + BEYOND
    words += _told(history, storms, "are far beyond the usual and are not learned from")
    silences = are_silences(counts, usual)
    words += _told(history, silences, "where many are usual: taken as a gap")
    counts = np.where(storms | silences, np.nan, counts)
    kept = np.isfinite(counts).mean(1) >= FEWEST_SEEN
    if gaps := int((~kept).sum()):
        words.append(
            f"{gaps} of {len(kept)} days were hardly recorded and are left out"
        )
    places = np.flatnonzero(kept).tolist()
    kinds = tuple(history.kinds[n] for n in places)
    roots = np.sqrt(counts[kept] + 0.25)
    if holes := int(np.isnan(roots).sum()):
        words.append(f"{holes} intervals of days past are missing and were guessed")
        roots = _filled(roots, kinds)
    days = tuple(history.days[n] for n in places)
    return Learnable(days=days, roots=roots, kinds=kinds, words=tuple(words))


def without_impossible(counts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The counts with NaN for what cannot be one, and where that was."""
    with np.errstate(invalid="ignore"):
        wrong = (counts < 0) | (counts > MOST_CALLS)
    return np.where(wrong, np.nan, counts), wrong


def are_silences(counts: Floats, usual: Floats) -> NDArray[np.bool_]:
    """No call where chance alone would let that be once in a million times."""
    return np.asarray((counts == 0) & (usual >= SILENT_USUAL))


def _medians(counts: Floats) -> Floats:
    known = np.isfinite(counts).any(0)
    usual = np.zeros(counts.shape[1])
    usual[known] = np.nanmedian(counts[:, known], axis=0)
    return usual


def _filled(roots: Floats, kinds: Sequence[DayKind]) -> Floats:
    """Gaps become the mean of alike days at that time, scaled to what the day had."""
    usual = _column_means(roots)
    rough = np.where(np.isnan(roots), usual, roots)
    filled = roots.copy()
    for number in np.flatnonzero(np.isnan(roots).any(1)).tolist():
        gap = np.isnan(roots[number])
        others = np.delete(np.arange(len(roots)), number)
        if not len(others):
            filled[number] = rough[number]
            continue
        alike = alike_mean(
            rough[others], [kinds[n] for n in others.tolist()], kinds[number]
        )
        level = roots[number][~gap].sum() / max(alike[~gap].sum(), 1e-9)
        filled[number, gap] = level * alike[gap]
    return filled


def _column_means(roots: Floats) -> Floats:
    known = np.isfinite(roots)
    sums = np.where(known, roots, 0).sum(0)
    whole = sums.sum() / max(known.sum(), 1)
    means: Floats = np.where(known.any(0), sums / np.maximum(known.sum(0), 1), whole)
    return means


def _told(history: DayHistory, wrong: NDArray[np.bool_], words: str) -> Iterator[str]:
    """A sentence for each of the days concerned, the first ones by name."""
    days = np.flatnonzero(wrong.any(1))
    for number in days[:_MOST_NAMED]:
        figures = history.counts[number][wrong[number]]
        shown = ", ".join(f"{figure:g}" for figure in figures[:_MOST_NAMED])
        yield f"{history.days[number]}: {shown} {words}"
    if (more := len(days) - _MOST_NAMED) > 0:
        yield f"and so on {more} more days"
