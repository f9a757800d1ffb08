"""WAV files that a leg can play: what is wrong with one, and how long it lasts."""

import wave
from functools import lru_cache
from pathlib import Path

from telephony.calls import TelephonyError

SAMPLE_RATE = 8000


def length_seconds(file: Path) -> float:
    """How long a prompt lasts; `TelephonyError` names a file that cannot be played.

    Prompts are mono 16-bit WAV at 8 kHz: anything else would cost a resampler for
    each leg that hears it. A file that has not changed is looked into once.
    """
    try:
        now = file.stat()
        return _length(file, (now.st_ino, now.st_mtime_ns, now.st_size))
    except (OSError, EOFError, wave.Error) as error:
        raise TelephonyError(f"the prompt {file} cannot be read: {error}") from None


@lru_cache(maxsize=1024)
def _length(file: Path, _: tuple[int, int, int]) -> float:
    with wave.open(str(file), "rb") as audio:
        form = (audio.getnchannels(), audio.getsampwidth(), audio.getframerate())
        frames = audio.getnframes()
    if form != (1, 2, SAMPLE_RATE):
        raise TelephonyError(
            f"the prompt {file} is not 8 kHz mono 16-bit WAV; convert it with: "
            f"sox {file} -r 8000 -c 1 -b 16 new.wav"
        )
    if not frames:
        raise TelephonyError(f"the prompt {file} is empty; record it again")
    return frames / SAMPLE_RATE
