"""What the citizen said in a part of a recording, as a file that can be listened to."""

from pathlib import Path

import soundfile

from telephony.speech.audio import TELEPHONE_RATE, resample, write_wav

CITIZEN = 0
"""His is the first channel."""


class VoiceMissing(Exception):
    """The part cannot be read; the message says why."""


def citizen_voice(
    recording: Path, start_seconds: float, seconds: float, target: Path
) -> None:
    """Write the part of his channel to an 8 kHz mono WAV file that only we can read.

    `VoiceMissing` when the recording cannot be read or ends before. Takes milliseconds.
    """
    try:
        with soundfile.SoundFile(recording) as source:
            rate = source.samplerate
            source.seek(min(round(max(0.0, start_seconds) * rate), source.frames))
            sound = source.read(round(seconds * rate), always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise VoiceMissing(f"the recording cannot be read: {error}") from error
    if not len(sound):
        raise VoiceMissing("the recording ends before the part begins")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_wav(target, resample(sound[:, CITIZEN], rate, TELEPHONE_RATE))
