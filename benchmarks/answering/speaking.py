"""Voices: sentences of espeak-ng at 8 kHz, the same at each run."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from telephony.speech.audio import (
    TELEPHONE_RATE,
    Samples,
    levelled,
    read_wav,
    resample,
    trimmed,
)

SENTENCE_SECONDS: Final = 20


class NoVoices(Exception):
    """espeak-ng is not here; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker: espeak-ng's voice with its variant, words a minute, pitch."""

    name: str
    speed: int = 170
    pitch: int = 50


@cache
def spoken(text: str, voice: Voice) -> Samples:
    """A sentence, trimmed, at an even level."""
    if not shutil.which("espeak-ng"):
        raise NoVoices("espeak-ng is not installed: apt install espeak-ng")
    with TemporaryDirectory(prefix="hotline-voices-") as folder:
        file = Path(folder) / "speech.wav"
        subprocess.run(
            _command(text, voice, file), check=True, timeout=SENTENCE_SECONDS
        )
        samples, rate = read_wav(file)
    speech = trimmed(resample(samples, rate, TELEPHONE_RATE), TELEPHONE_RATE)
    return levelled(speech, TELEPHONE_RATE)


def _command(text: str, voice: Voice, file: Path) -> list[str]:
    how = ["-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch)]
    return ["espeak-ng", *how, "-w", str(file), text]
