"""How loud a line is, in frames of 20 ms, and whether that is more than its noise.

The noise is the quietest that the line was lately: speech has gaps, noise has none.
"""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from telephony.speech.audio import TELEPHONE_RATE

Pcm = NDArray[np.int16]

FRAME_SECONDS: Final = 0.02
FRAME_SAMPLES: Final = round(FRAME_SECONDS * TELEPHONE_RATE)
SILENCE_DBFS: Final = -90.0
_FULL_SCALE: Final = 32768.0
_WINDOW_FRAMES: Final = 75
_QUIETEST_DBFS: Final = -60.0
_LOUDEST_NOISE_DBFS: Final = -36.0
_ABOVE_NOISE_DB: Final = 9.0


def level_of(frame: Pcm) -> float:
    """The RMS level of a frame in dB of full scale; -90 for digital silence."""
    power = float(np.mean(frame.astype(np.float64) ** 2)) / _FULL_SCALE**2
    return max(SILENCE_DBFS, 10 * float(np.log10(power))) if power else SILENCE_DBFS


class NoiseFloor:
    """The level of the noise, learnt from the last 1.5 s.

    Digital silence is no noise: it fills a line while nothing arrives. Speech that
    begins at once is not taken for noise: there is a loudest that noise can be.
    """

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=_WINDOW_FRAMES)

    def hears(self, level: float) -> bool:
        """Take the next frame's level in; true when it stands out of the noise."""
        if level > SILENCE_DBFS:
            self._levels.append(level)
        return level > self.dbfs + _ABOVE_NOISE_DB

    @property
    def dbfs(self) -> float:
        """The noise in dB of full scale, between -60 and -36."""
        quietest = min(self._levels, default=_QUIETEST_DBFS)
        return min(max(quietest, _QUIETEST_DBFS), _LOUDEST_NOISE_DBFS)
