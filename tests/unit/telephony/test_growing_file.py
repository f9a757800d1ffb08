"""A recording that is read while it is written."""

from pathlib import Path

import numpy as np
import pytest

from telephony.speech.growing_file import GrowingFile
from tests.unit.telephony.recorder import HEADER, append, begun


def test_samples_are_read_as_they_come(tmp_path: Path) -> None:
    file = begun(tmp_path / "leg.wav")
    with GrowingFile(file, from_seconds=0) as growing:
        assert len(growing.read(1)) == 0
        append(file, np.arange(5, dtype=np.int16))
        assert growing.read(1).tolist() == [0, 1, 2, 3, 4]
        assert len(growing.read(1)) == 0
        append(file, np.arange(9000, dtype=np.int16))
        assert len(growing.read(1)) == 8000
        assert len(growing.read(1)) == 1000
        assert growing.position_seconds == pytest.approx(9005 / 8000)


def test_reading_begins_at_the_present_end(tmp_path: Path) -> None:
    file = begun(tmp_path / "leg.wav")
    append(file, np.ones(8000, np.int16))
    with GrowingFile(file, from_seconds=None) as growing:
        assert growing.position_seconds == 1
        append(file, np.full(3, 7, np.int16))
        assert growing.read(1).tolist() == [7, 7, 7]


def test_header_that_is_not_written_yet_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(HEADER[:20])
    with GrowingFile(file, from_seconds=None) as growing:
        assert len(growing.read(1)) == 0
        file.write_bytes(HEADER + b"\1\0")
        assert growing.read(1).tolist() == [1]


def test_half_a_sample_is_not_read(tmp_path: Path) -> None:
    file = begun(tmp_path / "leg.wav")
    with file.open("ab") as to:
        to.write(b"\1\0\2")
    with GrowingFile(file, from_seconds=0) as growing:
        assert growing.read(1).tolist() == [1]
        with file.open("ab") as to:
            to.write(b"\0")
        assert growing.read(1).tolist() == [2]


def test_other_chunks_before_the_samples_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(HEADER[:36] + b"LIST\4\0\0\0abcd" + HEADER[36:] + b"\5\0")
    with GrowingFile(file, from_seconds=0) as growing:
        assert growing.read(1).tolist() == [5]


def test_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        GrowingFile(tmp_path / "none.wav", from_seconds=0)
