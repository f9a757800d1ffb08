"""`hotline demo` with browsers at the links that it shows."""

import asyncio
import re
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page

from tests.browser.desk import Visits
from tests.fakes.programs import program
from tests.sip.demo_process import demo, said

WALLBOARD, SHIFT_DESK, AGENT_DESK = "wallboard", "shift desk", "agent desk"
LARGE = {"width": 1600, "height": 1000}
ENDED_AT_ONCE = 130
WAIT_SECONDS = 300.0
"""A busy machine takes minutes for what a free one does in seconds: no reason to fail."""


@dataclass(slots=True, kw_only=True)
class OpenDemo:
    """The demo: its `pages` by the name of the link, and its API."""

    pages: dict[str, Page]
    visits: Visits
    api: httpx.AsyncClient

    async def sees(self, link: str, path: str) -> Page:
        """A page of the console, before whoever came in by this link."""
        page = self.pages[link]
        await page.goto(f"{self.visits.url}{path}")
        return page

    async def get(self, path: str) -> Any:
        """What the API says."""
        answer = await self.api.get(path)
        answer.raise_for_status()
        return answer.json()

    async def until(self, asked: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until the answer is something."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not (answer := await asked()):
                await asyncio.sleep(0.3)
            return answer


@asynccontextmanager
async def open_demo(folder: Path, browser: Browser) -> AsyncIterator[OpenDemo]:
    """Start it and open its links; afterwards Ctrl-C twice ends it at once."""
    async with demo(folder) as process:
        told = await said(process, "dial in yourself")
        rest = asyncio.create_task(_rest(process), name="what the demo says")
        links = dict(re.findall(r"^([a-z ]+): (http\S+)$", told, re.MULTILINE))
        url = links[WALLBOARD].partition("/log-in")[0]
        visits = Visits(browser=browser, url=url)
        pages = {name: await visits.stranger(viewport=LARGE) for name in links}
        for name, page in pages.items():
            await page.goto(links[name])
        token = (folder / "demo-data" / "data" / "api-token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with program(base_url=f"{url}/api/v1", headers=headers) as api:
            yield OpenDemo(pages=pages, visits=visits, api=api)
        await visits.close()
        assert process.returncode is None, await rest
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == ENDED_AT_ONCE, await rest
        await rest
    assert visits.faults == [], visits.faults


async def _rest(process: Process) -> str:
    assert process.stdout
    return (await process.stdout.read()).decode()
