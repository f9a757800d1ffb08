"""The list of a set with the hash of each sound: what was frozen, and whether it is."""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.answering.cases import Case

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "data" / "answering"
HEAD: Final = ("name", "label", "answered_seconds", "sha256")


def manifest_file(set_name: str) -> Path:
    """Where the list of a set is."""
    return FOLDER / f"{set_name}.tsv"


def sound_of(case: Case) -> bytes:
    """The case's sound as 16-bit samples."""
    return np.round(case.samples * 32767).astype("<i2").tobytes()


def row_of(case: Case) -> tuple[str, str, str, str]:
    """The case's line in the list."""
    answered = "" if case.answered_seconds is None else f"{case.answered_seconds:.3f}"
    sha256 = hashlib.sha256(sound_of(case)).hexdigest()
    return case.name, case.label, answered, sha256


def write_manifest(set_name: str, made: Iterable[Case]) -> Path:
    """Freeze a set."""
    file = manifest_file(set_name)
    with file.open("w", encoding="utf-8", newline="") as to:
        writer = csv.writer(to, delimiter="\t", lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(row_of(case) for case in made)
    return file


def frozen_rows(set_name: str) -> dict[str, tuple[str, ...]]:
    """The rows that were frozen, by name."""
    with manifest_file(set_name).open(encoding="utf-8", newline="") as rows:
        return {
            row[0]: tuple(row) for row in list(csv.reader(rows, delimiter="\t"))[1:]
        }
