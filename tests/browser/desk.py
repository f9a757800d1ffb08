"""A browser before a running console: logged in as a role, watched for faults."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    async_playwright,
    expect,
)

from console.accounts.account import Role
from console.server import HttpServer
from tests.fakes.accounts import PASSWORD, name_of
from tests.fakes.console import SmallService

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SERIOUS = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SIZE = {"width": 1280, "height": 800}
WAIT_MILLISECONDS = 120_000
"""A busy machine takes minutes for what a free one does in seconds: no reason to fail."""
LOOK = "looks => Object.assign(document.documentElement.dataset, looks)"
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}});
  return found.violations.map(v => ({
    id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.map(n => n.html + " | " + n.failureSummary).slice(0, 5)}));
}"""


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=list(ARGUMENTS),
            timeout=WAIT_MILLISECONDS,
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True, kw_only=True)
class Visits:
    """Browsers before the console at `url`.

    `faults` is what no page may do: errors in its console, refused scripts or styles,
    requests to other hosts. A test that means one takes it out.
    """

    browser: Browser
    url: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def stranger(self, **options: Any) -> Page:
        """A page of a browser that has not been here yet."""
        options = {"locale": "zh-CN", "viewport": SIZE, **options}
        context = await self.browser.new_context(**options)
        context.set_default_timeout(WAIT_MILLISECONDS)
        context.on("request", lambda request: self._requested(request))
        self.contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda told: self._told(told.type, told.text))
        page.on("pageerror", lambda error: self._told("error", str(error)))
        return page

    async def of_account(self, name: str, **options: Any) -> Page:
        """A page of the account of this name, which is logged in and sees its first page."""
        page = await self.stranger(**options)
        await page.goto(f"{self.url}/log-in")
        await log_in(page, name)
        await page.wait_for_url(lambda url: "/log-in" not in url)
        return page

    async def looks_good(self, page: Page, name: str) -> None:
        """Keep pictures of it, and fail for a serious fault that axe-core finds.

        Afterwards the page looks as before.
        """
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = await page.evaluate("({...document.documentElement.dataset})")
        for looks in (
            {"theme": "light", "print": "normal"},
            {"theme": "dark", "print": "large"},
        ):
            await page.evaluate(LOOK, looks)
            file = SCREENSHOTS / f"{name}-{looks['theme']}.png"
            await page.screenshot(path=file, full_page=True)
            found = await self._axe(page)
            assert found == [], json.dumps(found, indent=1, ensure_ascii=False)
        await page.evaluate(LOOK, before)

    async def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            await context.close()

    async def _axe(self, page: Page) -> list[dict[str, Any]]:
        await page.evaluate(AXE)
        found = await page.evaluate(RUN_AXE, RULES)
        return [fault for fault in found if fault["impact"] in SERIOUS]

    def _requested(self, request: Request) -> None:
        here = urlsplit(self.url).netloc
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob") and place.netloc != here:
            self.faults.append(f"asks another host: {request.url}")

    def _told(self, kind: str, words: str) -> None:
        if kind == "error":
            self.faults.append(words)


@dataclass(slots=True, kw_only=True)
class Desk(Visits):
    """A small service on a real port, and browsers before it."""

    service: SmallService

    async def logged_in(self, role: Role, **options: Any) -> Page:
        """A page of somebody who is logged in as a role and sees his first page."""
        return await self.of_account(name_of(role), **options)


async def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill the form in by keyboard, which waits in its first field."""
    await expect(page.locator("[name=name]")).to_be_focused()
    await page.keyboard.type(name)
    await page.keyboard.press("Tab")
    await page.keyboard.type(password)
    await page.keyboard.press("Enter")


@asynccontextmanager
async def desk_before(service: SmallService, browser: Browser) -> AsyncIterator[Desk]:
    """Serve it on a free port; afterwards nothing may have gone wrong in a page."""
    async with HttpServer(service.app, ip_address("127.0.0.1"), 0) as server:
        desk = Desk(browser=browser, service=service, url=server.url)
        try:
            yield desk
        finally:
            await desk.close()
    assert desk.faults == [], desk.faults
