"""Reading many packets at once, each with the kernel's time of its arrival (Linux).

The reader may be late as it likes: what came is kept by the socket, and when it came by
the kernel. So 600 streams cost little, and a busy reader spoils no measurement.
"""

import ctypes
import socket
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.rtp import PACKET, Bytes

SO_TIMESTAMPNS: Final = 35
SO_RCVBUFFORCE: Final = 33
MOST: Final = 256
_SLOT: Final = 256
_CONTROL: Final = 32
"""A cmsghdr of 16 bytes and a timespec of 16."""

Times = npt.NDArray[np.int64]


class _Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vectors_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class _Message(ctypes.Structure):
    _fields_ = [("header", _Header), ("received", ctypes.c_uint32)]


class PacketReader:
    """The buffers of `recvmmsg`, shared by all sockets of one thread."""

    def __init__(self) -> None:
        self._packets = np.zeros((MOST, _SLOT), np.uint8)
        self._control = np.zeros((MOST, _CONTROL // 8), np.int64)
        self._vectors = (_Vector * MOST)()
        self._messages = (_Message * MOST)()
        words = np.frombuffer(memoryview(self._messages).cast("B"), np.uint32).reshape(
            MOST, -1
        )
        self._lengths = words[:, _Message.received.offset // 4]
        self._receive = ctypes.CDLL(None).recvmmsg
        for number in range(MOST):
            self._prepare(number)
        self._fresh = bytes(self._messages)

    def _prepare(self, number: int) -> None:
        vector, header = self._vectors[number], self._messages[number].header
        vector.base = self._packets.ctypes.data + number * _SLOT
        vector.length = _SLOT
        header.vectors = ctypes.addressof(vector)
        header.vectors_count = 1
        header.control = self._control.ctypes.data + number * _CONTROL
        header.control_length = _CONTROL

    def read(self, descriptor: int) -> tuple[Bytes, Times]:
        """Packets of a voice (n, 172) and when they came, in ns; may be none.

        What has another length than 20 ms of G.711 is left out.
        """
        ctypes.memmove(self._messages, self._fresh, len(self._fresh))
        count = self._receive(
            descriptor, self._messages, MOST, socket.MSG_DONTWAIT, None
        )
        if count <= 0:
            return self._packets[:0, :PACKET], self._control[:0, 0]
        voice = np.flatnonzero(self._lengths[:count] == PACKET)
        times = self._control[voice, 2] * 1_000_000_000 + self._control[voice, 3]
        return self._packets[voice, :PACKET], times


def timed_socket(address: tuple[str, int], *, buffer: int = 0) -> socket.socket:
    """A UDP socket that does not block and stamps what comes.

    A larger `buffer` than the system grants to everybody needs root; it is only asked
    for.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    if buffer:
        _enlarge(made, buffer)
    made.bind(address)
    return made


def _enlarge(made: socket.socket, buffer: int) -> None:
    try:
        made.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, buffer)
    except PermissionError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
