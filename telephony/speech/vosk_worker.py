"""The process that recognises: one Vosk model, many streams, one thread.

Reads commands as JSON lines and answers with JSON lines; see `telephony.speech.recognition`,
which is its only parent. The model is loaded once, before "ready" is answered.
"""

import json
import os
import selectors
import sys
from collections.abc import Callable
from typing import Any, Final

from telephony.speech.vocabulary import fitted
from telephony.speech.vosk_following import VoskFollowing
from telephony.speech.vosk_stream import UNKNOWN, VoskStream

POLL_SECONDS: Final = 0.03
NICE: Final = 5


class _NoWords:
    """Stands in where only the level counts: Vosk dies of an empty grammar."""

    def AcceptWaveform(self, data: bytes) -> bool:
        """Hear nothing."""
        return False

    def PartialResult(self) -> str:
        """No words."""
        return '{"partial": ""}'

    def FinalResult(self) -> str:
        """No words."""
        return "{}"


class _Ear:
    """The model, its recognisers and the streams that are being listened to."""

    def __init__(
        self, model_folder: str, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._vosk: Any = vosk
        self._model: Any = vosk.Model(model_folder)
        self._tell = tell
        self._streams: dict[int, VoskStream | VoskFollowing] = {}
        self._named: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether anybody is being listened to."""
        return bool(self._streams)

    def do(self, wanted: dict[str, Any]) -> None:
        """Carry one command out."""
        if "alive" in wanted:
            self._tell(wanted)
        elif "phrases" not in wanted:
            self._drop(wanted["stream"])
        elif "ask" in wanted:
            missing = fitted(wanted["phrases"], self._knows).missing
            self._tell({"ask": wanted["ask"], "missing": missing})
        else:
            self._listen(wanted)

    def step(self) -> bool:
        """Listen to every stream a little; true when one may have more to hear."""
        more = False
        for stream in list(self._streams.values()):
            told = self._guarded(stream)
            for message in told:
                self._tell(message)
                if "heard" in message or "fault" in message:
                    self._drop(stream.id)
            more = more or stream.behind
        return more

    def _guarded(self, stream: VoskStream | VoskFollowing) -> list[dict[str, Any]]:
        try:
            return stream.step()
        except OSError as error:
            return [{"stream": stream.id, "fault": str(error)}]

    def _listen(self, wanted: dict[str, Any]) -> None:
        grammar = self._grammar(wanted["phrases"])
        recogniser = _NoWords() if grammar is None else self._recogniser(grammar)
        kind = VoskFollowing if "follow" in wanted else VoskStream
        try:
            stream = kind(wanted, recogniser)
        except OSError as error:
            self._tell({"stream": wanted["stream"], "fault": str(error)})
            return
        self._streams[stream.id] = stream

    def _grammar(self, phrases: list[str] | None) -> str | None:
        """Vosk's: "" for all words of the model, None without a word to listen for."""
        if phrases is None:
            return ""
        found = fitted(phrases, self._knows)
        known = list(found.phrases)
        if new := [word for word in found.missing if word not in self._named]:
            self._named.update(new)
            self._tell({"unknown": new})
        if not known:
            return None
        # Escapes would hide every word from Vosk: it does not read \\u.
        unknown = [UNKNOWN] if self._knows(UNKNOWN) else []
        return json.dumps([*known, *unknown], ensure_ascii=False)

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _recogniser(self, grammar: str) -> Any:
        """A new one, made in a millisecond: one that was used counts its words' times on."""
        wanted = (grammar,) if grammar else ()
        recogniser = self._vosk.KaldiRecognizer(self._model, 8000, *wanted)
        recogniser.SetWords(True)
        return recogniser

    def _drop(self, stream_id: int) -> None:
        if stream := self._streams.pop(stream_id, None):
            stream.close()


def main() -> None:
    """Serve until standard input closes."""
    os.nice(NICE)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    try:
        ear = _Ear(sys.argv[1], tell)
    except Exception as error:  # noqa: BLE001  Vosk raises nothing narrower; the parent decides
        tell({"fault": f"{error}"})
        return
    tell({"ready": True})
    _serve(ear)


def _serve(ear: _Ear) -> None:
    commands = _Commands()
    more = False
    while (lines := commands.read(ear.busy, more)) is not None:
        for line in lines:
            ear.do(json.loads(line))
        more = ear.step()


class _Commands:
    """The lines of standard input, without waiting while there is work."""

    def __init__(self) -> None:
        self._rest = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(0, selectors.EVENT_READ)

    def read(self, busy: bool, more: bool) -> list[bytes] | None:
        """What came; waits for it when idle. None at the end."""
        wait = None if not busy else 0.0 if more else POLL_SECONDS
        if not self._selector.select(wait):
            return []
        data = os.read(0, 1 << 20)
        if not data:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines


if __name__ == "__main__":
    main()
