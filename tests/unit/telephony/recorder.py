"""A recorder as PJSIP's: blocks of 4,096 bytes in real time, lengths 0 until the end."""

import asyncio
from pathlib import Path

from telephony.speech.levels import Pcm

HEADER = (
    b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"
    b"data\0\0\0\0"
)
BLOCK_BYTES = 4096
BYTES_PER_SECOND = 16000


def begun(file: Path) -> Path:
    """A recording that has just begun."""
    file.write_bytes(HEADER)
    return file


async def record(file: Path, *parts: Pcm) -> float:
    """Append so much sound, block by block, as fast as it is spoken.

    Returns the loop's time at which the first sample was spoken.
    """
    loop = asyncio.get_running_loop()
    data = b"".join(part.tobytes() for part in parts)
    start = loop.time()
    with file.open("ab", buffering=0) as wav:
        for at in range(0, len(data), BLOCK_BYTES):
            spoken_at = start + (at + BLOCK_BYTES) / BYTES_PER_SECOND
            await asyncio.sleep(spoken_at - loop.time())
            wav.write(data[at : at + BLOCK_BYTES])
    return start


def append(file: Path, *parts: Pcm) -> None:
    """The same at once."""
    with file.open("ab") as wav:
        for part in parts:
            wav.write(part.tobytes())
