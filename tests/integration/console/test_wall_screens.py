"""A screen on a wall: it shows the wallboard for ever, and nothing else, until revoked."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpx
import pytest

from console.accounts import wall_screens
from console.accounts.account import Role
from console.accounts.store import AccountStore
from console.audit.store import page as audit_page
from console.cookies import SCREEN
from console.permissions import OPERATIONS
from console.server import HttpServer
from tests.fakes.accounts import browser, give_password, logged_in, name_of
from tests.fakes.console import SmallService
from tests.fakes.programs import program
from tests.integration.console.test_permissions import routes_of
from tests.integration.console.test_streams_end import read_on

pytestmark = pytest.mark.integration
BOARD = "/wallboard?bare=1"


async def made(service: SmallService) -> str:
    """An administrator makes one; the path that opens it."""
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        answer = await administrator.post("/tokens/screens", data={"title": "大厅"})
    found = re.search(r'<code id="link">http://hotline(/[^<]+)</code>', answer.text)
    assert found, answer.text
    return found[1]


async def hung(service: SmallService, screen: httpx.AsyncClient) -> None:
    """Its browser opens the link."""
    answer = await screen.get(await made(service))
    assert (answer.status_code, answer.headers["location"]) == (303, BOARD)


async def test_screen_shows_the_wallboard_and_nothing_else(
    service: SmallService,
) -> None:
    async with browser(service.app) as screen:
        await hung(service, screen)
        assert (await screen.get(BOARD)).status_code == 200
        assert (await screen.get("/api/v1/wallboard")).status_code == 200
        assert (await screen.get("/api/v1/wallboard/curve")).status_code == 200
        for path in ("/", "/audit", "/me", "/calls"):
            answer = await screen.get(path)
            assert answer.headers["location"].startswith("/log-in"), path
        for path in ("/api/v1/calls", "/api/v1/events"):
            assert (await screen.get(path)).status_code == 401, path
        for path in ("/log-out", "/tokens"):
            answer = await screen.post(path)
            assert answer.headers["location"].startswith("/log-in"), path
        for path in ("/api/v1/plans", "/api/v1/wallboard/screens"):
            assert (await screen.post(path)).status_code == 401, path


async def test_person_can_log_in_where_a_screen_was_opened(
    service: SmallService,
) -> None:
    async with browser(service.app) as screen:
        await hung(service, screen)
        form = await screen.get("/log-in")
        assert (form.status_code, 'name="password"' in form.text) == (200, True)
        await give_password(screen, name_of(Role.ADMINISTRATOR))
        assert (await screen.get("/tokens")).status_code == 200


async def test_cookie_counts_where_the_operations_of_a_screen_are(
    service: SmallService,
) -> None:
    places = {
        path
        for _, path, operation in routes_of(service.app)
        if operation in wall_screens.OPERATIONS
    }
    assert places == wall_screens.PLACES


async def test_screen_outlives_every_session_and_cookie_is_not_for_scripts(
    service: SmallService,
) -> None:
    async with browser(service.app) as screen:
        answer = await screen.get(await made(service))
        cookie = answer.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=strict", "Max-Age=34560000"):
            assert part in cookie
        much_later = datetime.now(UTC) + timedelta(days=300)
        await AccountStore(service.database).forget_sessions(much_later)
        assert (await screen.get(BOARD)).status_code == 200


async def test_revoked_screen_goes_dark_at_once_and_all_is_in_the_trail(
    service: SmallService,
) -> None:
    async with browser(service.app) as screen:
        await hung(service, screen)
        async with (
            HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
            program(base_url=server.url, cookies=dict(screen.cookies)) as client,
        ):
            begun = asyncio.Event()
            path = "/api/v1/wallboard/events"
            reading = asyncio.create_task(read_on(client, path, begun), name="read")
            await begun.wait()
            (token,) = await service.view.accounts.tokens()
            async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
                await administrator.post(f"/tokens/{token.id}/revoke")
            assert "event: board" in await reading
        answer = await screen.get(BOARD)
        assert answer.headers["location"].startswith("/log-in")
    lines = await audit_page(service.database)
    told = [(line.who, line.operation, line.result) for line in lines]
    assert (f"token:{token.id}", "open_screen", "opened") in told
    assert ("administrator", "page_add_screen", "200") in told
    assert ("administrator", "page_revoke_token", "303") in told


@pytest.mark.parametrize("scopes", [["administrator"], ["get_wallboard", "list_calls"]])
async def test_token_that_may_do_more_opens_no_screen(
    service: SmallService, scopes: list[str]
) -> None:
    """For browsers send cookies by themselves, also for pages of others."""
    _, secret = await service.view.accounts.add_token(
        "program", scopes, "li", list(OPERATIONS)
    )
    async with browser(service.app) as screen:
        answer = await screen.get(f"/wallboard/screen?key={secret}")
        assert answer.status_code == 403
        assert "此大屏已被吊销" in answer.text
        screen.cookies.set(SCREEN, secret)
        assert (await screen.get(BOARD)).status_code == 303
