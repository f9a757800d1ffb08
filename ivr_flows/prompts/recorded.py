"""Recorded WAV files: fit for the telephone, or why not and how to convert them."""

import wave
from pathlib import Path

_WANTED = (8000, 1, 2)


def fault_of(file: Path) -> str | None:
    """Why the file cannot be played, with the command that mends it; None if it can."""
    try:
        with wave.open(str(file)) as wav:
            form = (wav.getframerate(), wav.getnchannels(), wav.getsampwidth())
            length = wav.getnframes() * wav.getnchannels() * wav.getsampwidth()
    except (wave.Error, EOFError):
        return _mend(file, "is no PCM WAV file")
    except OSError as error:
        return f"{file}: cannot be read: {error.strerror}"
    if form != _WANTED:
        return _mend(file, f"is {form[0]} Hz, {form[1]} channel(s), {8 * form[2]} bit")
    if not 0 < length <= file.stat().st_size:
        return f"{file}: is empty or cut short; record it again"
    return None


def _mend(file: Path, what: str) -> str:
    out = file.with_name(f"{file.stem}-8k.wav")
    return f"{file}: {what}; the telephone needs 8000 Hz, mono, 16 bit. Convert: ffmpeg -i {file} -ar 8000 -ac 1 -c:a pcm_s16le {out} && mv {out} {file}"
