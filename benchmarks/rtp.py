"""RTP packets that are made once, and the tone that tells whose voice one hears.

Every tone is a multiple of 50 Hz, so that the 160 samples of a packet hold whole
periods: one payload serves a leg for its whole life, and any packet that comes can be
judged alone, whatever its phase.
"""

import struct
from typing import Final

import numpy as np
import numpy.typing as npt

PCMA: Final = 8
EVENTS: Final = 101
FRAME: Final = 160
RATE: Final = 8000
PACKETS_PER_SECOND: Final = 50
HEADER: Final = 12
PACKET: Final = HEADER + FRAME
LEVEL: Final = 0.3
KEYS: Final = "0123456789*#ABCD"

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


def _expand(code: int) -> int:
    """One A-law byte as a sample (ITU-T G.711 table 1)."""
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = (mantissa << 4) + 8
    if exponent:
        value = (value + 0x100) << (exponent - 1)
    return value if code & 0x80 else -value


_SAMPLES: Final = np.array([_expand(code) for code in range(256)], np.float32) / 32768
_ORDER: Final = np.argsort(_SAMPLES)
_EDGES: Final = (_SAMPLES[_ORDER][1:] + _SAMPLES[_ORDER][:-1]) / 2


def tone_payload(hz: int) -> bytes:
    """20 ms of a tone (0: silence) as A-law."""
    n = np.arange(FRAME)
    samples = LEVEL * np.sin(2 * np.pi * hz * n / RATE)
    return _ORDER[np.searchsorted(_EDGES, samples)].astype(np.uint8).tobytes()


def head(kind: int, sequence: int, clock: int) -> bytes:
    """The first eight bytes of a packet (RFC 3550 section 5.1); source and payload follow."""
    return struct.pack(">BBHI", 0x80, kind, sequence & 0xFFFF, clock & 0xFFFFFFFF)


def key_press(key: str) -> tuple[tuple[int, bytes], ...]:
    """A key of 80 ms as payload types and payloads, one for each 20 ms.

    RFC 4733 section 2.5: updates while it is down, and its end said three times.
    """
    code = KEYS.index(key)
    steps = ((160, 0), (320, 0), (480, 0), (640, 0x80), (640, 0x80), (640, 0x80))
    events = (struct.pack(">BBH", code, end | 10, length) for length, end in steps)
    return tuple(
        (EVENTS | (0x80 if number == 0 else 0), event)
        for number, event in enumerate(events)
    )


def basis(hz: int) -> Floats:
    """What `levels` projects on: cosine and sine of one frequency."""
    turn = 2 * np.pi * hz * np.arange(FRAME) / RATE
    waves = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return (waves * 2 / FRAME).astype(np.float32)


def levels(payloads: Bytes, waves: Floats) -> Floats:
    """The amplitude of a frequency in each payload (n, 160), as a part of full scale."""
    parts = _SAMPLES[payloads] @ waves
    return np.asarray(np.hypot(parts[:, 0], parts[:, 1]), np.float32)


def peaks(payloads: Bytes) -> Floats:
    """The loudest sample of each payload (n, 160), as a part of full scale."""
    return np.asarray(np.abs(_SAMPLES[payloads]).max(axis=1), np.float32)
