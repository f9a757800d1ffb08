"""When speech begins and when it is over: pure, from frames of 20 ms."""

from collections import deque
from typing import Final

import numpy as np

from telephony.speech.levels import (
    FRAME_SAMPLES,
    FRAME_SECONDS,
    NoiseFloor,
    Pcm,
    level_of,
)

_ONSET_FRAMES: Final = 5
_ONSET_LOUD: Final = 4
_RESUME_LOUD: Final = 2


class SpeechEnd:
    """Follows one utterance; times are in seconds of the audio that was given.

    `closing_seconds` of quiet end it. A click is no speech: four of five frames must
    stand out of the noise.
    """

    def __init__(self, closing_seconds: float) -> None:
        self._closing_seconds = closing_seconds
        self._floor = NoiseFloor()
        self._recent: deque[bool] = deque(maxlen=_ONSET_FRAMES)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._frames = 0
        self.began_seconds: float | None = None
        self.ended_seconds: float | None = None
        self.voiced_seconds = 0.0

    @property
    def seconds(self) -> float:
        """How much audio was given, in whole frames."""
        return self._frames * FRAME_SECONDS

    @property
    def closed(self) -> bool:
        """Whether somebody spoke and has been quiet for long enough."""
        if self.ended_seconds is None:
            return False
        quiet = self.seconds - self.ended_seconds
        return quiet >= self._closing_seconds - FRAME_SECONDS / 2

    def feed(self, samples: Pcm) -> None:
        """Take the next samples in, any number of them."""
        whole = np.concatenate([self._rest, samples])
        used = len(whole) // FRAME_SAMPLES * FRAME_SAMPLES
        for frame in whole[:used].reshape(-1, FRAME_SAMPLES):
            if not self.closed:
                self._take(frame)
        self._rest = whole[used:]

    def _take(self, frame: Pcm) -> None:
        loud = self._floor.hears(level_of(frame))
        self._recent.append(loud)
        self._frames += 1
        if self.began_seconds is None:
            self._wait_for_onset()
        elif loud:
            self.voiced_seconds += FRAME_SECONDS
            self._go_on()

    def _wait_for_onset(self) -> None:
        if sum(self._recent) >= _ONSET_LOUD:
            self.began_seconds = self.seconds - len(self._recent) * FRAME_SECONDS
            self.voiced_seconds = sum(self._recent) * FRAME_SECONDS
            self.ended_seconds = self.seconds

    def _go_on(self) -> None:
        if all(list(self._recent)[-_RESUME_LOUD:]):
            self.ended_seconds = self.seconds
