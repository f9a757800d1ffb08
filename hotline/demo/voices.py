"""Voices that can be told apart: speech below 2,400 Hz, and above it one faint tone.

No two people of the demo who could meet have the same tone, so who is heard, where and
for how long can be measured. Samples are float64 between -1 and 1 at 8 kHz.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import soundfile

from telephony.speech.audio import TELEPHONE_RATE as RATE
from telephony.speech.audio import Samples, read_wav, write_wav

TONE_LEVEL = 0.02
_SPEECH_BELOW_HZ = 2400
_PAUSE_SECONDS = 0.6
_WINDOW_SECONDS = 0.25
_AUDIBLE = 0.4
"""The part of the full tone that a window must carry: less than half of it may be lost."""

CITIZENS_SAY = (
    "你好，我们小区停水了，请问什么时候能来水？",
    "您好，家门口的路灯坏了三天了，麻烦派人看看。",
    "请问异地就医的医保怎么报销？",
    "楼下工地半夜还在施工，吵得睡不着。",
    "我家的暖气一直不热，报修了也没有人来。",
)
AGENTS_SAY = (
    "您好，市民热线，请讲。",
    "好的，我已经记下来了，马上转给有关部门办理。",
    "请您保持电话畅通，办结以后我们会给您回电。",
)
OUTSIDE_SAY = "喂，您好。", "水管修了两次，还是漏水。"
"""What a citizen who is rung says first, and when he is asked why."""
VOICEMAIL_SAYS = (
    "您好，您拨打的用户暂时无法接听，请在提示音后留言，我们会尽快转达给机主。"
)


def voice(speech: Sequence[Samples], tone_hz: int) -> Samples:
    """The sentences with pauses, and the tone under them, in whole seconds.

    Whole seconds hold whole waves of every tone, so the sound can be repeated.
    """
    pause = np.zeros(round(_PAUSE_SECONDS * RATE))
    said = np.concatenate([part for words in speech for part in (words, pause)])
    seconds = -(-len(said) // RATE)
    said = _low_pass(np.pad(said, (0, seconds * RATE - len(said))))
    waves = np.arange(len(said)) * 2 * np.pi * tone_hz / RATE
    return np.asarray(said + TONE_LEVEL * np.sin(waves))


def _low_pass(samples: Samples) -> Samples:
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) > _SPEECH_BELOW_HZ] = 0
    return np.asarray(np.fft.irfft(spectrum, len(samples)))


def speech_file(folder: Path, sentence: str) -> Path:
    """Where a synthesised sentence is kept."""
    return folder / f"{sha256(sentence.encode()).hexdigest()[:16]}.wav"


def write_voice(
    file: Path, sentences: Iterable[str], tone_hz: int, speech: Path
) -> None:
    """Write a voice as the 8 kHz mono WAV that a leg plays, from the folder `speech`."""
    said = [read_wav(speech_file(speech, sentence))[0] for sentence in sentences]
    write_wav(file, voice(said, tone_hz))


def seconds_heard(samples: Samples, tones_hz: Sequence[int]) -> dict[int, float]:
    """For how long each tone sounds; tones that never do are left out.

    Goertzel's measure: one bin of the Fourier sum for each tone, over windows of 0.25 s
    under a Hann window, whose first neighbour is 8 Hz away.
    """
    size = round(_WINDOW_SECONDS * RATE)
    windows = samples[: len(samples) // size * size].reshape(-1, size)
    hann = np.hanning(size)
    turns = np.arange(size)[:, None] * np.asarray(tones_hz)[None, :] / RATE
    levels = 2 * np.abs(windows @ (hann[:, None] * np.exp(-2j * np.pi * turns)))
    audible = (levels / hann.sum() >= _AUDIBLE * TONE_LEVEL).sum(axis=0)
    pairs = zip(tones_hz, audible, strict=True)
    return {hz: float(n * _WINDOW_SECONDS) for hz, n in pairs if n}


def heard_on_leg(file: Path, tones_hz: Sequence[int]) -> dict[int, float]:
    """The same for a leg's own recording."""
    return seconds_heard(read_wav(file)[0], tones_hz)


def heard_on_channels(
    file: Path, tones_hz: Sequence[int]
) -> tuple[dict[int, float], dict[int, float]]:
    """The same for the left and the right channel of a stored recording.

    `soundfile.SoundFileError` when it cannot be read; `ValueError` when it has not two
    channels at 8 kHz.
    """
    audio, rate = soundfile.read(file, dtype="float64", always_2d=True)
    if rate != RATE or audio.shape[1] != 2:
        raise ValueError(f"it has {audio.shape[1]} channels at {rate} Hz")
    left, right = audio[:, 0], audio[:, 1]
    return seconds_heard(left, tones_hz), seconds_heard(right, tones_hz)
