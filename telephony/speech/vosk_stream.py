"""One question being listened to, inside the worker: file in, words out."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.growing_file import GrowingFile
from telephony.speech.speech_end import SpeechEnd

STEP_SECONDS: Final = 0.2
STEP_SAMPLES: Final = round(STEP_SECONDS * TELEPHONE_RATE)
STALLED_SECONDS: Final = 2.0
UNKNOWN: Final = "[unk]"
_FULL_COVER: Final = 0.75


class VoskStream:
    """Reads what has come, feeds the recogniser, and ends when speech has ended.

    `behind` says that there may be more to read at once.
    """

    def __init__(self, wanted: dict[str, Any], recogniser: Any) -> None:
        self.id: int = wanted["stream"]
        self._recogniser = recogniser
        self._limit_seconds: float = wanted["limit_seconds"]
        self._speaking_seconds: float = wanted["speaking_seconds"]
        self._file = GrowingFile(
            Path(wanted["file"]), from_seconds=wanted["from_seconds"]
        )
        self._begin = self._file.position_seconds
        self._end = SpeechEnd(wanted["closing_seconds"])
        self._closing_seconds: float = wanted["closing_seconds"]
        self._words: list[dict[str, Any]] = []
        self._told_begin = False
        self._grew_at = time.monotonic()
        self._complete: bool = wanted["complete"]
        self.behind = False

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def step(self) -> list[dict[str, Any]]:
        """Listen to what has come since; the messages for the parent, the last "heard"."""
        samples = self._file.read(STEP_SECONDS)
        self.behind = len(samples) >= STEP_SAMPLES
        if not len(samples):
            return [self._heard()] if self._stalled() else []
        self._grew_at = time.monotonic()
        self._end.feed(samples)
        if self._recogniser.AcceptWaveform(samples.tobytes()):
            self._keep(self._recogniser.Result())
        told = self._onset()
        if self._over():
            told.append(self._heard())
        return told

    def _onset(self) -> list[dict[str, Any]]:
        if self._told_begin or self._end.began_seconds is None:
            return []
        self._told_begin = True
        return [{"stream": self.id, "began": self._begin + self._end.began_seconds}]

    def _over(self) -> bool:
        if self._end.closed or self._end.seconds >= self._limit():
            return True
        # In noise the level never falls; then the recogniser's own end counts.
        spoken = [word for word in self._words if word["word"] != UNKNOWN]
        last = spoken[-1]["end"] if spoken else None
        return last is not None and self._end.seconds - last >= self._closing_seconds

    def _limit(self) -> float:
        began = self._end.began_seconds
        if began is None:
            return self._limit_seconds
        return min(self._limit_seconds, began + self._speaking_seconds)

    def _stalled(self) -> bool:
        """Nothing comes any more: the leg is gone, or the file was complete."""
        if self._complete:
            return True
        return time.monotonic() - self._grew_at > STALLED_SECONDS

    def _keep(self, result: str) -> None:
        self._words += json.loads(result).get("result", [])

    def _heard(self) -> dict[str, Any]:
        self._keep(self._recogniser.FinalResult())
        words = [word for word in self._words if word["word"] != UNKNOWN]
        said = self._words if words else []
        began, ended = self._end.began_seconds, self._end.ended_seconds
        return {
            "stream": self.id,
            "heard": {
                "text": " ".join(word["word"] for word in said),
                "confidence": confidence(words, self._end.voiced_seconds),
                "began_seconds": None if began is None else self._begin + began,
                "ended_seconds": None if ended is None else self._begin + ended,
            },
        }


def confidence(words: Sequence[dict[str, Any]], voiced_seconds: float) -> float:
    """How sure the words are: the least sure one, times how much of the voice they cover.

    In grammar mode a recogniser is sure of everything, because it knows nothing else; a
    short word in a long utterance (네 in 불만족) is what gives it away.
    """
    if not words:
        return 0.0
    least = min(float(word["conf"]) for word in words)
    covered = sum(float(word["end"]) - float(word["start"]) for word in words)
    share = covered / max(voiced_seconds, 0.01)
    return round(least * min(1.0, share / _FULL_COVER) ** 2, 3)
