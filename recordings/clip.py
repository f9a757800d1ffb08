"""A part of a recording as a sound file of its own, cut while it is asked for."""

import io
from pathlib import Path
from typing import Any, Literal

import soundfile

ClipFormat = Literal["flac", "wav"]
MARGIN_SECONDS = 0.3
"""A little before and after, so that no word is cut off."""
LONGEST_SECONDS = 180.0


class ClipFailed(Exception):
    """The part cannot be cut; the message says why."""


def cut(
    file: Path, start_seconds: float, seconds: float, file_format: ClipFormat
) -> bytes:
    """The part with a margin, both channels, as FLAC or WAV (16 bits).

    What lies outside the recording is left out. `ClipFailed` when nothing lies in it,
    or the file cannot be read. It takes milliseconds, in a thread of its own.
    """
    try:
        with soundfile.SoundFile(file) as source:
            begin = max(0.0, start_seconds - MARGIN_SECONDS)
            length = min(seconds + 2 * MARGIN_SECONDS, LONGEST_SECONDS)
            frames = _frames(source, begin, length)
            rate = source.samplerate
    except (OSError, soundfile.LibsndfileError) as error:
        raise ClipFailed(f"the recording cannot be read: {error}") from error
    if not len(frames):
        raise ClipFailed("the recording ends before the clip begins")
    sound = io.BytesIO()
    soundfile.write(sound, frames, rate, format=file_format.upper(), subtype="PCM_16")
    return sound.getvalue()


def _frames(source: soundfile.SoundFile, begin: float, length: float) -> Any:
    first = min(round(begin * source.samplerate), source.frames)
    source.seek(first)
    return source.read(round(length * source.samplerate), dtype="int16", always_2d=True)
