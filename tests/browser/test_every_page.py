"""Every page before the browser: none has a serious fault, and none asks another host."""

from typing import Any

import pytest

from console.accounts.account import Role
from console.app import PAGES
from tests.browser.desk import Desk
from tests.fakes import call_events as told

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PARTS = ("page_show_", "page_see_", "page_dry_run_", "page_prove_")
"""What other pages take in; they are seen there."""
MOVES_ON = frozenset(
    {"/", "/log-in", "/log-in/code", "/log-in/link", "/wallboard/screen"}
)
"""Who is logged in is led on from there."""
KNOWN = {
    "/calls/{call_id}": "/calls/A",
    "/settings/queues/{name}": "/settings/queues/general",
    "/settings/agents/{name}": "/settings/agents/1001",
    "/settings/texts/{language}/{key}": "/settings/texts/zh/welcome",
}
OWN_TESTS = ("/campaigns/", "/call-backs/{", "/flows/")
"""Pages of one thing that is made there first, in the test of its own."""


def whole_pages() -> list[str]:
    """Where a person may be who is logged in."""
    routes: list[Any] = [route for each in PAGES for route in each.router.routes]
    paths = {
        KNOWN.get(route.path, route.path)
        for route in routes
        if "GET" in route.methods and not route.operation_id.startswith(PARTS)
    }
    return sorted(path for path in paths - MOVES_ON if not path.startswith(OWN_TESTS))


async def test_all_pages_are_looked_at() -> None:
    paths = whole_pages()
    assert len(paths) >= 15
    assert [path for path in paths if "{" in path] == []


@pytest.mark.parametrize("path", whole_pages())
async def test_page_looks_good_and_asks_no_other_host(desk: Desk, path: str) -> None:
    await desk.service.record(*told.answered_call("A"))
    role = Role.AGENT if path == "/agent-desk" else Role.ADMINISTRATOR
    role = Role.SHIFT_MANAGER if path == "/shift-desk" else role
    page = await desk.logged_in(role)
    answer = await page.goto(f"{desk.url}{path}")
    assert answer
    assert answer.status == 200
    await page.locator("main h1").first.wait_for(state="attached")
    await desk.looks_good(page, f"page{path.replace('/', '-')}")
