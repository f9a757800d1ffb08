"""How soon does a wallboard show what happens, and how soon does the API answer?

Fifty wallboards watch a service with 600 agents while twenty of these a second go on a
pause; a few of the boards are real pages in Chromium, the others read the same stream.
Then requests come 200 a second at random moments, whatever is still unanswered.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import datetime
from typing import Any, Final

from benchmarks.boards import Glass, Readers, Seen, glass, readers
from benchmarks.figures import Found, Spread, Value
from benchmarks.hotline import Hotline, Wanted
from benchmarks.http_client import HttpClient
from benchmarks.run import Run

BOARDS: Final = 50
PAGES: Final = 3
AGENTS: Final = 600
EVENTS_PER_SECOND: Final = 20
REQUESTS_PER_SECOND: Final = 200
CONNECTIONS: Final = 16
SETTLE_SECONDS: Final = 3.0
READS: Final = (
    "/api/v1/queues",
    "/api/v1/wallboard",
    "/api/v1/agents/a001",
    "/api/v1/calls?limit=20",
    "/api/v1/missed-calls?limit=20",
    "/api/v1/statistics/clock",
    "/api/v1/plans",
)
"""One in eight requests is a command."""


async def console(run: Run) -> Found:
    """Boards first, then requests, each for half a minute."""
    pauses, requests = run.sized(600, 200), run.sized(6000, 1000)
    run.expects(pauses + requests)
    wanted = Wanted(agents=AGENTS, requests_per_second=2 * REQUESTS_PER_SECOND)
    async with Hotline(wanted) as hotline:
        token = (hotline.data / "api-token").read_text(encoding="ascii").strip()
        events, shown, read = await _boards(token, pauses, run)
        cpu, began = hotline.cpu(), time.monotonic()
        times = await _requests(token, requests, run)
        cpu, seconds = hotline.cpu() - cpu, time.monotonic() - began
    return Found(
        figures={
            "event_to_pixel": Spread.of(_delays(events, shown[0])),
            "event_to_screen": Spread.of(_delays(events, read.seen)),
            "api_request": Spread.of(times),
            "wallboard_kilobytes": Value(value=shown[1], n=1),
        },
        facts={
            "boards": BOARDS,
            "of_them_in_chromium": PAGES,
            "events": len(events),
            "events_missed_by_a_page": _missed(events, shown[0]),
            "service_cpu_share_of_a_core": round(cpu.own / seconds, 3),
        },
    )


async def _boards(
    token: str, pauses: int, run: Run
) -> tuple[Sequence[float], tuple[list[Seen], float], Readers]:
    """When each event was, what each page has shown, and what the others read."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        pages: Glass = await enter(glass(PAGES, token))
        read: Readers = await enter(readers(BOARDS - PAGES, token))
        events: list[float] = await enter(_moments(token))
        await pages.watch()
        await _pauses(token, pauses, run)
        await asyncio.sleep(SETTLE_SECONDS)
        return events, (await pages.seen(), pages.kilobytes), read


@asynccontextmanager
async def _moments(token: str) -> AsyncIterator[list[float]]:
    """When agents went on a pause, by the service's own clock, in order."""
    moments: list[float] = []

    async def listen() -> None:
        async with HttpClient(token) as client:
            stream = client.events("/api/v1/events?kind=agent_state_changed")
            async with aclosing(stream) as events:  # type: ignore[type-var]
                async for _, data in events:
                    event = json.loads(data)
                    if event["new"] == "paused":
                        at = datetime.fromisoformat(event["at"])
                        moments.append(at.timestamp())

    task = asyncio.create_task(listen(), name="event stream")
    try:
        yield moments
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _pauses(token: str, number: int, run: Run) -> None:
    """One agent after the other, at random moments."""
    loop = asyncio.get_running_loop()
    async with HttpClient(token) as client:
        due = loop.time()
        for agent in range(number):
            due += random.expovariate(EVENTS_PER_SECOND)
            await asyncio.sleep(due - loop.time())
            path = f"/api/v1/agents/a{agent:03}/state"
            await client.post(path, {"state": "paused", "reason": "break"})
            run.advance()


def _delays(events: Sequence[float], boards: Iterable[Seen]) -> Iterable[float]:
    """From each event to the first moment a board tells of as many pauses, in ns."""
    for seen in boards:
        place = 0
        for number, at in enumerate(events, 1):
            while place < len(seen) and seen[place][0] < number:
                place += 1
            if place < len(seen):
                yield (seen[place][1] - at) * 1e9


def _missed(events: Sequence[float], boards: Iterable[Seen]) -> int:
    shown = [max((count for count, _ in seen), default=0) for seen in boards]
    return sum(max(0, len(events) - most) for most in shown)


async def _requests(token: str, number: int, run: Run) -> list[float]:
    """From the moment a request was due to the end of its answer, in ns."""
    free: asyncio.Queue[HttpClient] = asyncio.Queue()
    times: list[float] = []
    loop = asyncio.get_running_loop()

    async def one(due: float, place: int) -> None:
        client = await free.get()
        await _ask(client, place)
        free.put_nowait(client)
        times.append((loop.time() - due) * 1e9)
        run.advance()

    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            free.put_nowait(await stack.enter_async_context(HttpClient(token)))
        due = loop.time()
        async with asyncio.TaskGroup() as group:
            for place in range(number):
                due += random.expovariate(REQUESTS_PER_SECOND)
                await asyncio.sleep(due - loop.time())
                group.create_task(one(due, place), name=f"request {place}")
    return times


async def _ask(client: HttpClient, place: int) -> Any:
    if choice := place % (len(READS) + 1):
        return await client.get(READS[choice - 1])
    body = {"state": "paused", "reason": "meal" if place % 16 else "break"}
    return await client.post("/api/v1/agents/a001/state", body)
