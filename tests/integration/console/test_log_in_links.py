"""Links that log somebody in once, on this machine."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from console.accounts.account import Role
from console.accounts.log_in_links import MOST_LINKS, LogInLinks, sits_here
from tests.fakes.accounts import browser, logged_in
from tests.fakes.console import SmallService
from tests.integration.console.test_log_in import Clock

pytestmark = pytest.mark.integration
HERE = {"host": "127.0.0.1:8080"}


async def link_for(service: SmallService, name: str, **body: Any) -> httpx.Response:
    """Ask for a link as a program of this machine."""
    async with service.client() as client:
        path = f"/api/v1/accounts/{name}/log-in-link"
        return await client.post(path, json=body)


async def follow(service: SmallService, path: str, **headers: str) -> httpx.Response:
    """Open it in a new browser."""
    async with browser(service.app) as client:
        return await client.get(path, headers=HERE | headers)


async def test_link_logs_its_account_in_once(service: SmallService) -> None:
    made = await link_for(service, "shift-manager")
    assert made.status_code == 201
    path = made.json()["path"]
    async with browser(service.app) as client:
        first = await client.get(path, headers=HERE)
        assert (first.status_code, first.headers["location"]) == (303, "/")
        assert (await client.get("/wallboard")).status_code == 200
    again = await follow(service, path)
    assert again.status_code == 403
    assert "已使用或已过期" in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "hotline.example"},
        {"x-forwarded-for": "192.0.2.7"},
        {"forwarded": "for=192.0.2.7"},
    ],
)
async def test_link_opens_nothing_from_elsewhere_and_is_not_used_up(
    service: SmallService, headers: dict[str, str]
) -> None:
    path = (await link_for(service, "shift-manager")).json()["path"]
    assert (await follow(service, path, **headers)).status_code == 403
    assert (await follow(service, path)).status_code == 303


async def test_guessed_link_opens_nothing(service: SmallService) -> None:
    assert (await follow(service, "/log-in/link?key=guess")).status_code == 403
    assert (await follow(service, "/log-in/link")).status_code == 403


async def test_disabled_account_has_no_use_of_its_link(service: SmallService) -> None:
    path = (await link_for(service, "auditor")).json()["path"]
    await service.view.accounts.disable("auditor")
    assert (await follow(service, path)).status_code == 403


async def test_link_for_nobody_is_refused(service: SmallService) -> None:
    answer = await link_for(service, "nobody")
    assert (answer.status_code, answer.json()["error_id"]) == (404, "account_unknown")


async def test_second_factor_is_asked_for_after_the_link(service: SmallService) -> None:
    await service.view.accounts.add_second_factor("auditor")
    path = (await link_for(service, "auditor")).json()["path"]
    assert (await follow(service, path)).headers["location"] == "/log-in/code"


async def test_only_an_administrator_makes_links(service: SmallService) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        path = "/api/v1/accounts/administrator/log-in-link"
        assert (await client.post(path, json={})).status_code == 403


def test_link_is_good_for_its_time_only() -> None:
    clock = Clock()
    links = LogInLinks(clock.now)
    secret = links.make("li", timedelta(minutes=10)).path.partition("key=")[2]
    clock.time += timedelta(minutes=10)
    assert links.use(secret) == ""


def test_number_of_links_is_bounded() -> None:
    links = LogInLinks(Clock().now)
    made = [links.make("li", timedelta(minutes=1)) for _ in range(MOST_LINKS + 1)]
    secrets = [each.path.partition("key=")[2] for each in made]
    assert [links.use(secrets[0]), links.use(secrets[-1])] == ["", "li"]


@pytest.mark.parametrize(
    ("peer", "host", "here"),
    [
        ("127.0.0.1", "localhost:8080", True),
        ("::1", "[::1]:8080", True),
        ("192.0.2.7", "localhost", False),
        ("127.0.0.1", "", False),
    ],
)
def test_who_sits_here(peer: str, host: str, here: bool) -> None:
    assert sits_here(peer, {"host": host}) is here
