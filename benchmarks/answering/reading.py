"""Who reads the words of a case: nobody, one who knows them all, a real model."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from benchmarks.answering.cases import Case
from ivr_flows.understanding.answers import AnswerLanguage
from ivr_flows.understanding.on_the_line import LineWords, words_on_the_line
from telephony.speech.audio import TELEPHONE_RATE, write_wav
from telephony.speech.following import Reading, reading_of
from telephony.speech.levels import Pcm
from telephony.speech.vosk_following import VoskFollowing

_FULL_SCALE = 32768.0


class Reader(Protocol):
    """Tells what is said on a line, a step of audio after the other."""

    @property
    def words(self) -> LineWords | None:
        """Those that tell who answers; None: by sound alone."""

    def readings(self, case: Case, pcm: Pcm, from_seconds: float) -> Iterator[Reading]:
        """Those of the sound from there on."""


class NoReader:
    """Sound alone."""

    words = None

    def readings(self, case: Case, pcm: Pcm, from_seconds: float) -> Iterator[Reading]:
        """Nothing."""
        return iter(())


class PerfectReader:
    """Knows every word from the beginning: the most that words could add."""

    def __init__(self, language: AnswerLanguage) -> None:
        self.words = words_on_the_line(language)

    def readings(self, case: Case, pcm: Pcm, from_seconds: float) -> Iterator[Reading]:
        """All at once; before an answer nothing but rings is to be heard."""
        is_then = from_seconds == (case.answered_seconds or 0)
        words = tuple(case.words.split()) if is_then else ()
        sure = (1.0,) * len(words)
        yield Reading(words=words, confidences=sure, read_seconds=float("inf"))


class ModelReader:
    """A Vosk model, by the code of the recogniser's worker."""

    def __init__(self, language: AnswerLanguage, model: Path) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self.words = words_on_the_line(language)
        self._vosk: Any = vosk
        self._model: Any = vosk.Model(str(model))

    def readings(self, case: Case, pcm: Pcm, from_seconds: float) -> Iterator[Reading]:
        """As the worker tells them, a step later."""
        with TemporaryDirectory(prefix="hotline-answering-") as folder:
            file = Path(folder) / "line.wav"
            write_wav(file, pcm / _FULL_SCALE)
            wanted = {"stream": 1, "file": str(file), "from_seconds": from_seconds}
            stream = VoskFollowing(wanted, self._recogniser())
            yield Reading(words=(), confidences=(), read_seconds=from_seconds)
            while told := stream.step():
                yield reading_of(told[0])
            stream.close()

    def _recogniser(self) -> Any:
        grammar = json.dumps(self.words.grammar(), ensure_ascii=False)
        made = self._vosk.KaldiRecognizer(self._model, TELEPHONE_RATE, grammar)
        made.SetWords(True)
        return made
