"""A word that a recogniser was not listening for is told beside those that it knows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from telephony.speech.audio import write_wav
from telephony.speech.vosk_stream import VoskStream


class Writes:
    """A recogniser that has written these words when it is asked."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def AcceptWaveform(self, data: bytes) -> bool:
        """More is to come."""
        return False

    def FinalResult(self) -> str:
        """One word after the other, each of half a second."""
        said = [
            {"word": word, "conf": 1.0, "start": at / 2, "end": at / 2 + 0.5}
            for at, word in enumerate(self._words)
        ]
        return json.dumps({"result": said})


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("满意",), "满意"),
        (("[unk]", "满意"), "[unk] 满意"),
        (("不", "[unk]", "满意"), "不 [unk] 满意"),
        (("[unk]", "[unk]"), ""),
        ((), ""),
    ],
)
def test_unknown_word_keeps_its_place_beside_known_ones(
    tmp_path: Path, words: tuple[str, ...], text: str
) -> None:
    file = tmp_path / "citizen.wav"
    write_wav(file, 0.2 * np.random.default_rng(1).standard_normal(8000))
    wanted = {
        "stream": 1,
        "file": str(file),
        "from_seconds": 0.0,
        "limit_seconds": 9.0,
        "speaking_seconds": 9.0,
        "closing_seconds": 0.6,
        "complete": True,
    }
    stream = VoskStream(wanted, Writes(*words))
    told: list[dict[str, Any]] = []
    while not any("heard" in message for message in told):
        told += stream.step()
    stream.close()
    assert told[-1]["heard"]["text"] == text
