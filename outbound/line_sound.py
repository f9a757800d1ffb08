"""What a line sounds like, every 20 ms: quiet, a pure tone, something steady, or speech.

Speech changes within 60 ms; music and tones stay as they are (the cosine between two
spectra of 64 ms that far apart, averaged over the last sounds).
"""

from collections import deque
from enum import StrEnum
from typing import Final

import numpy as np

from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.levels import FRAME_SAMPLES, NoiseFloor, Pcm, level_of

_SPECTRUM: Final = 512
_APART_FRAMES: Final = 3
_BAND: Final = slice(12, 220)
_WINDOW: Final = np.hanning(_SPECTRUM)
_LASTING_FRAMES: Final = 40
_LEAST_FRAMES: Final = 8
_STEADY: Final = 0.8
_PURE: Final = 0.85
_TONE_FRAMES: Final = 7
_PAUSE_FRAMES: Final = 15


class Sound(StrEnum):
    """One frame."""

    QUIET = "quiet"
    TONE = "tone"
    STEADY = "steady"
    SPEECH = "speech"


class LineSound:
    """Tells one frame after the other what it is.

    `tone_hertz` is the frequency of the tone that lasts now.
    """

    def __init__(self) -> None:
        self._floor = NoiseFloor()
        self._heard = np.zeros(_SPECTRUM, np.int16)
        self._spectra: deque[np.ndarray[tuple[int], np.dtype[np.float64]]] = deque(
            maxlen=_APART_FRAMES
        )
        self._likeness: deque[float] = deque(maxlen=_LASTING_FRAMES)
        self._tone_frames = 0
        self._quiet_frames = 0
        self.tone_hertz = 0.0

    def forget(self) -> None:
        """What sounds from now on is another source: a pause or an answer came between."""
        self._likeness.clear()

    def hears(self, frame: Pcm) -> Sound:
        """The next frame of 20 ms."""
        self._heard = np.concatenate([self._heard[FRAME_SAMPLES:], frame])
        spectrum = np.abs(np.fft.rfft(self._heard * _WINDOW))[_BAND]
        spectrum /= np.linalg.norm(spectrum) + 1e-9
        before = self._spectra[0] if len(self._spectra) == _APART_FRAMES else None
        self._spectra.append(spectrum)
        if not self._floor.hears(level_of(frame)):
            self._tone_frames = 0
            self._quiet_frames += 1
            if self._quiet_frames > _PAUSE_FRAMES:
                self.forget()
            return Sound.QUIET
        self._quiet_frames = 0
        if before is not None:
            self._likeness.append(float(spectrum @ before))
        return self._kind(spectrum)

    def _kind(self, spectrum: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Sound:
        if self._is_tone(spectrum):
            return Sound.TONE
        enough = len(self._likeness) >= _LEAST_FRAMES
        if enough and sum(self._likeness) / len(self._likeness) > _STEADY:
            return Sound.STEADY
        return Sound.SPEECH

    def _is_tone(self, spectrum: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
        """One narrow peak at one place, for 140 ms."""
        peak = int(spectrum.argmax())
        hertz = (peak + _BAND.start) * TELEPHONE_RATE / _SPECTRUM
        pure = float((spectrum[max(0, peak - 2) : peak + 3] ** 2).sum()) > _PURE
        if not pure:
            self._tone_frames = 0
            return False
        same = abs(hertz - self.tone_hertz) < 2 * TELEPHONE_RATE / _SPECTRUM
        self._tone_frames = self._tone_frames + 1 if same else 1
        self.tone_hertz = hertz
        return self._tone_frames >= _TONE_FRAMES
