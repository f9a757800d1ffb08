"""How loud a recording is from beginning to end, on each side, for a picture of it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile

BLOCK_COLUMNS = 64
"""So many columns are read at once: memory stays small for a call of hours."""
LOUDEST = 100
FULL_SCALE = 32768
KEPT = 256


class PeaksFailed(Exception):
    """The audio cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """The loudest sample of each column, 0 to 100 (full scale), citizen and agent."""

    seconds: float
    citizen: tuple[int, ...]
    agent: tuple[int, ...]


@lru_cache(maxsize=KEPT)
def peaks_of(file: Path, sha256: str, columns: int) -> Peaks:
    """Read the file; `sha256` tells a file from another one in its place.

    An hour takes a second of a thread, once: the newest `KEPT` are remembered.
    `PeaksFailed`.
    """
    try:
        with soundfile.SoundFile(file) as source:
            return _read(source, min(columns, max(1, source.frames)))
    except (OSError, soundfile.LibsndfileError) as error:
        raise PeaksFailed(f"the recording cannot be read: {error}") from error


def _read(source: soundfile.SoundFile, columns: int) -> Peaks:
    edges = np.linspace(0, source.frames, columns + 1).astype(int)
    loudest: list[tuple[int, int]] = []
    for first in range(0, columns, BLOCK_COLUMNS):
        some = edges[first : first + BLOCK_COLUMNS + 1]
        block = source.read(int(some[-1] - some[0]), dtype="int16", always_2d=True)
        starts = [start for start in some[:-1] - some[0] if start < len(block)]
        if starts:
            heights = np.abs(block.astype(np.int32))
            top = np.maximum.reduceat(heights, starts, axis=0) * LOUDEST // FULL_SCALE
            loudest += [(int(row[0]), int(row[-1])) for row in top]
    return Peaks(
        seconds=source.frames / source.samplerate,
        citizen=tuple(left for left, _ in loudest),
        agent=tuple(right for _, right in loudest),
    )
