"""The process that speaks: pyttsx3 on espeak-ng, one sentence at a time.

Reads a JSON line {"text", "voice", "file"} and answers {"fault": null or why}.
It is a process of its own because espeak-ng can be set up once a process only, cannot
be stopped in mid-sentence and takes its host down when it crashes.
"""

import difflib
import json
import os
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from telephony.speech.audio import (
    TELEPHONE_RATE,
    levelled,
    read_wav,
    resample,
    trimmed,
    write_wav,
)

SENTENCE_SECONDS = 15


class _Voice:
    """pyttsx3's engine, made to wait: its own loop may end before the file is written."""

    def __init__(self) -> None:
        import pyttsx3

        self._engine: Any = pyttsx3.init("espeak")
        self._spoken = threading.Event()
        self._fault: object = None
        self._voices = {voice.id for voice in self._engine.getProperty("voices")}
        self._engine.connect("finished-utterance", self._finished)
        self._engine.connect("error", self._failed)

    def speak(self, text: str, voice: str, file: Path) -> None:
        if voice.lower() not in self._voices:
            near = difflib.get_close_matches(voice, self._voices, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise LookupError(f"espeak-ng has no voice {voice!r}{hint}")
        self._spoken.clear()
        self._fault = None
        self._engine.setProperty("voice", voice)
        self._engine.save_to_file(text, str(file))
        self._engine.runAndWait()
        if not self._spoken.wait(SENTENCE_SECONDS) or self._fault:
            raise RuntimeError(f"espeak-ng did not finish: {self._fault}")

    def _finished(self, name: object, completed: bool) -> None:
        self._spoken.set()

    def _failed(self, name: object, exception: Exception) -> None:
        self._fault = exception
        self._spoken.set()


def main() -> None:
    """Serve until standard input closes."""
    answers = _answers_apart_from_prints()
    voice: _Voice | None = None
    for line in sys.stdin:
        try:
            voice = voice or _Voice()
            _serve(voice, json.loads(line))
            fault = None
        except Exception as error:  # noqa: BLE001  told to the parent, which decides
            fault = f"{type(error).__name__}: {error}"
        answers.write(json.dumps({"fault": fault}) + "\n")
        answers.flush()


def _answers_apart_from_prints() -> TextIO:
    """pyttsx3 prints; only our answers may go to the pipe."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return pipe


def _serve(voice: _Voice, wanted: dict[str, Any]) -> None:
    with TemporaryDirectory(prefix="hotline-speech-") as folder:
        raw = Path(folder) / "speech.wav"
        voice.speak(wanted["text"], wanted["voice"], raw)
        samples, rate = read_wav(raw)
    if not samples.any():
        raise RuntimeError("espeak-ng wrote silence")
    speech = trimmed(resample(samples, rate, TELEPHONE_RATE), TELEPHONE_RATE)
    write_wav(Path(wanted["file"]), levelled(speech, TELEPHONE_RATE))


if __name__ == "__main__":
    main()
