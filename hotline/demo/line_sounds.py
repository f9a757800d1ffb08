"""What is heard of a telephone where nobody speaks: a voicemail, and a line's own noise."""

from pathlib import Path

import numpy as np

from hotline.demo.voices import VOICEMAIL_SAYS, speech_file
from telephony.speech.audio import TELEPHONE_RATE as RATE
from telephony.speech.audio import read_wav, write_wav

BEEP_HZ, BEEP_SECONDS, BEEP_LEVEL = 1000, 0.4, 0.3
RECORDS_SECONDS = 30
NOISE_SECONDS, NOISE_LEVEL = 10, 0.003


def voicemail(folder: Path, speech: Path) -> Path:
    """A greeting from the folder `speech`, a beep, and then silence; made once."""
    file = folder / "voicemail.wav"
    if not file.exists():
        said, _ = read_wav(speech_file(speech, VOICEMAIL_SAYS))
        waves = np.arange(round(BEEP_SECONDS * RATE)) * 2 * np.pi * BEEP_HZ / RATE
        quiet = np.zeros(RECORDS_SECONDS * RATE)
        write_wav(file, np.concatenate([said, BEEP_LEVEL * np.sin(waves), quiet]))
    return file


def line_noise(folder: Path) -> Path:
    """So faint that nobody takes it for speech; made once."""
    file = folder / "noise.wav"
    if not file.exists():
        noise = np.random.default_rng(1).standard_normal(NOISE_SECONDS * RATE)
        write_wav(file, NOISE_LEVEL * noise)
    return file
