"""A service that records until it is killed: run it as a process of its own.

`python -m tests.unit.recordings.killed_service FOLDER record` writes two calls in real
time, as PJSIP writes (no lengths in the header, blocks of 4,096 bytes): C1 with an
agent after 0.8 s, C2 alone. It prints `talking` when all legs are being recorded, and
the seconds in which that came about: more than 0.8 on a busy machine. A third word takes the place of C. `... recover` finishes what is there and prints
`recovered`. Both print `open` first.
"""

import asyncio
import sys
from pathlib import Path

from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.studio import TalkingLeg, tone, wav

BLOCK_BYTES = 4096
AGENT_AFTER_SECONDS = 0.8


class BlockLeg(TalkingLeg):
    """Speaks one tone in real time and writes whole blocks only."""

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self._hertz = hertz
        self._talking: asyncio.Task[None] | None = None

    async def start_recording(self, file: Path) -> None:
        await super().start_recording(file)
        self._talking = asyncio.create_task(self._talk(file), name="talk")

    async def _talk(self, file: Path) -> None:
        loop = asyncio.get_running_loop()
        data, began = wav(tone(120, self._hertz), "cut"), loop.time()
        with file.open("r+b") as output:
            while True:
                await asyncio.sleep(0.02)
                size = 44 + 2 * round(8000 * (loop.time() - began))
                output.write(data[output.tell() : size // BLOCK_BYTES * BLOCK_BYTES])
                output.flush()


async def record(house: House, name: str) -> None:
    """Two calls, until the end."""
    await house.archive.recover()
    loop = asyncio.get_running_loop()
    began = loop.time()
    first = await house.open(f"{name}1", BlockLeg(300))
    await house.open(f"{name}2", BlockLeg(700))
    first.mark("started", by="test")
    await asyncio.sleep(AGENT_AFTER_SECONDS)
    await first.add(BlockLeg(500), role="agent", name="1001")
    print("talking", loop.time() - began, sep="\n", flush=True)  # noqa: T201
    await asyncio.sleep(60)


async def recover(house: House) -> None:
    """Finish what an earlier run left."""
    cut = await house.archive.recover()
    print("recovering", len(cut), flush=True)  # noqa: T201
    await house.archive.settled()
    print("recovered", flush=True)  # noqa: T201


async def main(folder: Path, what: str, name: str = "C") -> None:
    """Run one of the two."""
    async with house_in(folder) as house:
        print("open", flush=True)  # noqa: T201
        await (record(house, name) if what == "record" else recover(house))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
