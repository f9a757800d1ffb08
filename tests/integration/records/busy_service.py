"""A process that records calls as fast as it is told to, until somebody kills it.

`python -m tests.integration.records.busy_service DIRECTORY NAME` says `open` on
standard output, waits for a line on standard input, and then tells what the kernel has
of its calls: `begun CALL` and `over CALL`.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from tests.fakes.call_events import after, answered_call
from tests.integration.records.reading import until


async def record_calls(directory: Path, name: str) -> None:
    """Tell of calls, one event at a time, three calls side by side."""
    bus, clock = EventBus(), LoopClock()
    journal = directory / "records.journal"
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    async with (
        Database(url) as database,
        RecordWriter(database, bus, journal, clock) as writer,
        asyncio.TaskGroup() as group,
    ):
        say("open", str(directory))
        await asyncio.to_thread(sys.stdin.readline)
        for line in range(3):
            work = tell_calls(bus, clock, writer, f"{name}-{line}")
            group.create_task(work, name=f"line {line}")


async def tell_calls(
    bus: EventBus, clock: LoopClock, writer: RecordWriter, name: str
) -> None:
    """One call after the other; never ends."""
    for number in count():
        call_id = f"{name}-{number}"
        story = answered_call(call_id, start=after(0, clock.now()))
        for event in story:
            bus.publish(event)
            await until(lambda: writer.unsaved == 0)
            if event is story[0]:
                say("begun", call_id)
        say("over", call_id)


def say(what: str, call_id: str) -> None:
    """Tell the parent at once."""
    sys.stdout.write(f"{what} {call_id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(record_calls(Path(sys.argv[1]), sys.argv[2]))
