"""Wallboards that watch the measured service: real pages in Chromium, and bare readers.

What each saw is a list of pairs: how many agents were paused, and since which moment
(seconds of the epoch) that could be seen.
"""

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.http_client import HOST, HttpClient
from benchmarks.places import CONSOLE_PORT

URL: Final = f"http://{HOST}:{CONSOLE_PORT}"
PAUSED: Final = re.compile(rb'"paused":(\d+)')
SCREEN: Final = {"width": 1920, "height": 1080}
# The frame after the one in which the number was set is on the glass.
WATCH: Final = """() => {
  const there = document.querySelector('[data-show="paused"]');
  window.seen = [];
  const note = () => requestAnimationFrame(() => requestAnimationFrame(() => window.seen.push(
    [parseInt(there.textContent), (performance.timeOrigin + performance.now()) / 1000])));
  new MutationObserver(note).observe(there, {childList: true, characterData: true, subtree: true});
}"""
SHOWN: Final = (
    """() => document.querySelector('[data-show="paused"]').textContent !== "–" """
)

Seen = Sequence[tuple[int, float]]


class ChromiumMissing(Exception):
    """There is no browser to measure with."""


class Readers:
    """Screens without glass: they read the stream, and note when a board was there."""

    def __init__(self) -> None:
        self.seen: list[list[tuple[int, float]]] = []

    async def read(self, token: str, begun: asyncio.Event) -> None:
        """Be one of them until cancelled; `begun` when it has its first board."""
        own: list[tuple[int, float]] = []
        self.seen.append(own)
        async with HttpClient(token) as client:
            stream = client.events("/api/v1/wallboard/events")
            async with aclosing(stream) as events:  # type: ignore[type-var]
                async for name, data in events:
                    if name == "board" and (found := PAUSED.search(data)):
                        own.append((int(found[1]), time.time()))
                        begun.set()


@asynccontextmanager
async def readers(number: int, token: str) -> AsyncIterator[Readers]:
    """So many of them, which have all read the first board."""
    made, begun = Readers(), [asyncio.Event() for _ in range(number)]
    tasks = [
        asyncio.create_task(made.read(token, each), name="board") for each in begun
    ]
    try:
        await asyncio.gather(*(each.wait() for each in begun))
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Glass:
    """Pages in Chromium, each in a window of its own."""

    def __init__(self, pages: Sequence[Page], kilobytes: float) -> None:
        self._pages, self.kilobytes = pages, kilobytes

    async def watch(self) -> None:
        """Note what is seen from now on."""
        for page in self._pages:
            await page.evaluate(WATCH)

    async def seen(self) -> list[Seen]:
        """What each has shown."""
        return [
            [(count, at) for count, at in await page.evaluate("() => window.seen")]
            for page in self._pages
        ]


@asynccontextmanager
async def glass(number: int, token: str) -> AsyncIterator[Glass]:
    """So many pages that show a board; `ChromiumMissing`."""
    program = shutil.which("chromium")
    if program is None:
        raise ChromiumMissing("chromium is missing; install it: apt install chromium")
    async with async_playwright() as playwright, AsyncExitStack() as stack:
        browser = await playwright.chromium.launch(executable_path=program)
        stack.push_async_callback(browser.close)
        opened = [await _opened(browser, token) for _ in range(number)]
        yield Glass([page for page, _ in opened], opened[0][1])


async def _opened(browser: Browser, token: str) -> tuple[Page, float]:
    """A page that shows a board, and how many kilobytes it took."""
    context = await browser.new_context(
        extra_http_headers={"Authorization": f"Bearer {token}"},
        viewport=SCREEN,  # type: ignore[arg-type]
    )
    page, sizes = await context.new_page(), list[Any]()
    page.on("response", lambda response: sizes.append(response))
    await page.goto(f"{URL}/wallboard")
    await page.wait_for_function(SHOWN)
    return page, await _kilobytes(sizes)


async def _kilobytes(responses: Sequence[Any]) -> float:
    ended = [each for each in responses if not each.url.endswith("/wallboard/events")]
    bodies = [len(await each.body()) for each in ended]
    return round(sum(bodies) / 1000, 1)
