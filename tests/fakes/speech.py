"""A synthesiser that speaks no word: it notes what it was asked and writes a hum."""

import asyncio
import wave
from pathlib import Path

from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.synthesis import Synthesiser, SynthesisError


class FakeSynthesiser(Synthesiser):
    """Takes `seconds` for a sentence and 0.1 s of sound for each of its characters."""

    def __init__(self, *, seconds: float = 0.0) -> None:
        super().__init__()
        self.spoken: list[tuple[str, str]] = []
        self.fault: str | None = None
        self._seconds = seconds

    async def speak(self, text: str, file: Path, *, voice: str) -> None:
        """Write a hum, or raise the fault that a test has set."""
        self.spoken.append((text, voice))
        await asyncio.sleep(self._seconds)
        if self.fault:
            raise SynthesisError(self.fault)
        _write_hum(file, int(0.1 * len(text) * TELEPHONE_RATE))


def _write_hum(file: Path, samples: int) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(TELEPHONE_RATE)
        wav.writeframes(b"\x00\x08" * samples)
