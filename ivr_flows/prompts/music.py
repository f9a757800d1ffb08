"""Music on hold and the tone before a message, composed here: free of anyone's rights.

Both are 8 kHz mono. The music is a quiet pentatonic loop of 32 s whose tones ring over
the seam, so that it repeats without a click.
"""

from pathlib import Path

import numpy as np

from telephony.speech.audio import TELEPHONE_RATE, Samples, write_wav

MUSIC_DBFS = -24.0
_BEAT_SECONDS = 1.0
_RING_SECONDS = 3.5
_PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.12))
_MELODY = "C4 G4 A4 E4 D4 A4 G4 - E4 G4 C5 A4 G4 E4 D4 - A3 E4 G4 A4 D4 G4 E4 - C4 D4 E4 G4 A4 G4 C4 -"
_BASS = "C3 - - - D3 - - - A2 - - - G2 - - - A2 - - - D3 - - - F2 - - - C3 - - -"
_SEMITONES = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0}


def write_music(file: Path) -> None:
    """Compose the music on hold."""
    beats = _MELODY.split()
    loop = np.zeros(int(len(beats) * _BEAT_SECONDS * TELEPHONE_RATE))
    for voice, loudness in ((beats, 1.0), (_BASS.split(), 0.8)):
        for beat, name in enumerate(voice):
            if name != "-":
                _strike(loop, beat, _hertz(name), loudness)
    write_wav(file, loop * _gain(loop))


def write_tone(file: Path) -> None:
    """The tone after which the caller speaks: 0.4 s of 800 Hz."""
    time = np.arange(int(0.4 * TELEPHONE_RATE)) / TELEPHONE_RATE
    fade = np.minimum(1, np.minimum(time, time[::-1]) / 0.01)
    write_wav(file, 0.2 * fade * np.sin(2 * np.pi * 800 * time))


def _strike(loop: Samples, beat: int, hertz: float, loudness: float) -> None:
    time = np.arange(int(_RING_SECONDS * TELEPHONE_RATE)) / TELEPHONE_RATE
    envelope = np.minimum(1, time / 0.03) * np.exp(-time * 1.3)
    envelope *= np.minimum(1, (_RING_SECONDS - time) / 0.2)
    tone = sum(
        share * np.sin(2 * np.pi * hertz * partial * time)
        for partial, share in _PARTIALS
    )
    first = int(beat * _BEAT_SECONDS * TELEPHONE_RATE)
    places = (first + np.arange(len(time))) % len(loop)
    loop[places] += loudness * envelope * tone


def _hertz(name: str) -> float:
    return float(440 * 2 ** ((_SEMITONES[name[0]] + 12 * (int(name[1]) - 4)) / 12))


def _gain(loop: Samples) -> float:
    return float(10 ** (MUSIC_DBFS / 20) / np.sqrt((loop**2).mean()))
