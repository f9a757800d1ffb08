"""One recording that is read while it grows, inside the worker: file in, words out."""

import json
from pathlib import Path
from typing import Any

from telephony.speech.growing_file import GrowingFile
from telephony.speech.vosk_stream import STEP_SAMPLES, STEP_SECONDS, UNKNOWN


class VoskFollowing:
    """Tells after each step which words the utterance has so far, until it is dropped.

    `behind` says that there may be more to read at once.
    """

    def __init__(self, wanted: dict[str, Any], recogniser: Any) -> None:
        self.id: int = wanted["stream"]
        self._recogniser = recogniser
        begin: float = wanted["from_seconds"]
        self._file = GrowingFile(Path(wanted["file"]), from_seconds=begin)
        self.behind = False

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def step(self) -> list[dict[str, Any]]:
        """Listen to what has come since; the messages for the parent."""
        samples = self._file.read(STEP_SECONDS)
        self.behind = len(samples) >= STEP_SAMPLES
        if not len(samples):
            return []
        if self._recogniser.AcceptWaveform(samples.tobytes()):
            found = json.loads(self._recogniser.Result()).get("result", [])
            said = [(word["word"], word["conf"]) for word in found]
        else:
            partial = json.loads(self._recogniser.PartialResult())["partial"]
            said = [(word, None) for word in partial.split()]
        return [self._reading([one for one in said if one[0] != UNKNOWN])]

    def _reading(self, said: list[tuple[str, float | None]]) -> dict[str, Any]:
        return {
            "stream": self.id,
            "words": [word for word, _ in said],
            "confidences": [sure for _, sure in said if sure is not None],
            "read_seconds": self._file.position_seconds,
        }
