"""The way in and out: passwords, codes, sessions, locks, forged requests."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest

from console.accounts.account import Role
from console.accounts.entrance import Entrance, LogInRefused
from console.accounts.lock_out import ACCOUNT, PEER
from console.accounts.locks import LockedOut
from console.accounts.passwords import Passwords
from console.accounts.store import AccountStore
from console.audit.trail import AuditTrail
from console.cookies import SESSION
from tests.fakes.accounts import (
    KEY,
    PASSWORD,
    browser,
    cheap_passwords,
    csrf_of,
    give_password,
    logged_in,
)
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Passwords:
    return cheap_passwords()


@pytest.fixture
def entrance(service: SmallService, clock: Clock, passwords: Passwords) -> Entrance:
    """The way in at a time that the test sets."""
    trail = AuditTrail(service.database, clock.now)
    store = AccountStore(service.database)
    return Entrance(store, passwords, trail, KEY, clock.now)


@pytest.fixture
async def stranger(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(service.app) as client:
        yield client


# In a browser


async def test_right_password_opens_the_page_that_was_wanted(
    stranger: httpx.AsyncClient,
) -> None:
    shut = await stranger.get("/accounts")
    assert shut.headers["location"] == "/log-in?next=%2Faccounts"
    data = {"name": "administrator", "password": PASSWORD, "following": "/accounts"}
    opened = await stranger.post("/log-in", data=data)
    assert (opened.status_code, opened.headers["location"]) == (303, "/accounts")
    assert (await stranger.get("/accounts")).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [("administrator", "wrong"), ("nobody", PASSWORD), ("", ""), ("auditor\0", "x")],
)
async def test_wrong_password_and_unknown_name_are_refused_alike(
    stranger: httpx.AsyncClient, name: str, password: str
) -> None:
    answer = await give_password(stranger, name, password)
    if not name:
        assert answer.status_code == 422
        return
    assert answer.status_code == 403
    assert "账号、密码或验证码不正确" in answer.text
    assert not stranger.cookies


async def test_cookie_is_for_this_host_alone_and_not_for_scripts(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await give_password(stranger, "auditor")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_cookie_over_tls_goes_over_tls_only(service: SmallService) -> None:
    transport = httpx.ASGITransport(service.app)
    headers = {"origin": "https://hotline", "accept": "text/html"}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://hotline", headers=headers
    ) as client:
        cookie = (await give_password(client, "auditor")).headers["set-cookie"]
        assert cookie.startswith(f"__Host-{SESSION}=")
        assert "Secure" in cookie.split("; ")
        assert (await client.get("/audit")).status_code == 200


async def test_session_has_an_id_that_was_not_there_before_the_log_in(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    planted = "planted-by-somebody-else.signature"
    stranger.cookies.set(SESSION, planted)
    first = await give_password(stranger, "auditor")
    second = await give_password(stranger, "auditor")
    ids = [a.headers["set-cookie"].split("=")[1].split(";")[0] for a in (first, second)]
    assert len({planted, *ids}) == 3


async def test_log_out_ends_the_session_on_the_server(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        kept = auditor.cookies[SESSION]
        answer = await auditor.post("/log-out")
        assert answer.headers["location"] == "/log-in"
        assert SESSION not in auditor.cookies
        auditor.cookies.set(SESSION, kept)
        assert (await auditor.get("/audit")).status_code == 303


async def test_changed_cookie_opens_nothing(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        kept = auditor.cookies[SESSION]
        auditor.cookies.clear()
        for forged in (kept[:-1], "x" + kept, kept.partition(".")[0], "é"):
            headers = {"cookie": f"{SESSION}={forged}".encode()}
            assert (await auditor.get("/audit", headers=headers)).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "0" * 64},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_request_that_a_foreign_page_lets_a_browser_send_is_refused(
    service: SmallService, headers: dict[str, str]
) -> None:
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        for path in ("/accounts", "/log-out", "/api/v1/plans"):
            answer = await administrator.post(path, headers=headers, data={"x": "1"})
            assert answer.status_code == 403, path
            assert "csrf_refused" in answer.text
        assert (await administrator.get("/accounts")).status_code == 200


async def test_form_carries_the_token_in_a_field(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        token = await csrf_of(auditor)
        del auditor.headers["x-csrf-token"]
        answer = await auditor.post("/log-out", data={"csrf": token})
    assert answer.headers["location"] == "/log-in"


async def test_foreign_page_cannot_log_a_browser_in(
    stranger: httpx.AsyncClient,
) -> None:
    data = {"name": "auditor", "password": PASSWORD, "theme": "dark"}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        for path in ("/log-in", "/log-in/code", "/preferences"):
            answer = await stranger.post(path, data=data, headers=headers)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
    del stranger.headers["origin"]
    assert (await stranger.post("/log-in", data=data)).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example/", "/\\evil.example", "https://evil.example", "x", "/\n/"],
)
async def test_way_in_leads_to_no_other_host(
    stranger: httpx.AsyncClient, wanted: str
) -> None:
    data = {"name": "auditor", "password": PASSWORD, "following": wanted}
    assert (await stranger.post("/log-in", data=data)).headers["location"] == "/"


async def test_disabled_account_is_out_at_once(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        await service.view.accounts.disable("auditor")
        assert (await auditor.get("/audit")).status_code == 303
        assert (await give_password(auditor, "auditor")).status_code == 403


async def test_new_role_or_password_ends_the_sessions(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        await service.view.accounts.set_password("auditor", "another few words")
        assert (await auditor.get("/audit")).status_code == 303


async def test_who_works_here_no_more_is_out_at_once(service: SmallService) -> None:
    _, secret = await service.view.accounts.add_token(
        "desk", ["agent"], "machine", [], person_id="1001"
    )
    async with (
        logged_in(service.app, Role.AGENT) as agent,
        service.client({"Authorization": f"Bearer {secret}"}) as program,
        service.client() as machine,
    ):
        for client in (agent, program):
            assert (await client.get("/api/v1/me")).json()["person_id"] == "1001"
        assert (await machine.delete("/api/v1/agents/1001")).status_code == 200
        for client in (agent, program):
            assert (await client.get("/api/v1/me")).status_code == 401
        assert (await give_password(agent, "agent")).status_code == 403
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        assert "已离职" in (await administrator.get("/accounts")).text
        listed = (await administrator.get("/api/v1/accounts")).json()
        left = [each["name"] for each in listed if not each["works_here"]]
        assert left == ["agent"]


# With a second factor


async def secret_of(service: SmallService, name: str) -> pyotp.TOTP:
    """What an authenticator knows of an account."""
    address = await service.view.accounts.add_second_factor(name)
    assert address.startswith("otpauth://totp/Hotline:")
    return pyotp.TOTP(parse_qs(urlsplit(address).query)["secret"][0])


async def test_second_factor_is_asked_for_and_a_code_is_good_once(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    totp = await secret_of(service, "auditor")
    half = await give_password(stranger, "auditor")
    assert half.headers["location"] == "/log-in/code?next=%2F"
    before = stranger.cookies[SESSION]
    assert (await stranger.get("/audit")).status_code == 303, "half a log-in is none"
    code = totp.now()
    whole = await stranger.post("/log-in/code", data={"code": code})
    assert whole.status_code == 303
    assert stranger.cookies[SESSION] != before
    assert (await stranger.get("/audit")).status_code == 200
    async with browser(service.app) as second:
        await give_password(second, "auditor")
        again = await second.post("/log-in/code", data={"code": code})
        assert again.status_code == 403


async def test_codes_are_not_to_be_guessed(
    entrance: Entrance, service: SmallService
) -> None:
    await secret_of(service, "auditor")
    half = await entrance.log_in("auditor", PASSWORD, "peer")
    assert half.code_wanted
    for _ in range(ACCOUNT.free):
        with pytest.raises(LogInRefused):
            await entrance.give_code(half.cookie, "123", "peer")
    with pytest.raises(LockedOut):
        await entrance.give_code(half.cookie, "123", "peer")


async def test_code_comes_within_minutes(
    entrance: Entrance, service: SmallService, clock: Clock
) -> None:
    totp = await secret_of(service, "auditor")
    half = await entrance.log_in("auditor", PASSWORD, "peer")
    clock.time += timedelta(minutes=6)
    with pytest.raises(LogInRefused, match="too long ago"):
        await entrance.give_code(half.cookie, totp.at(clock.time), "peer")


async def test_secret_that_another_key_sealed_opens_nothing(
    service: SmallService, clock: Clock, passwords: Passwords
) -> None:
    totp = await secret_of(service, "auditor")
    trail = AuditTrail(service.database, clock.now)
    store = AccountStore(service.database)
    other = Entrance(store, passwords, trail, b"o" * 32, clock.now)
    half = await other.log_in("auditor", PASSWORD, "peer")
    assert half.code_wanted
    with pytest.raises(LogInRefused):
        await other.give_code(half.cookie, totp.at(clock.time), "peer")


# Time


async def test_session_that_is_not_used_ends(entrance: Entrance, clock: Clock) -> None:
    opened = await entrance.log_in("auditor", PASSWORD, "peer")
    for _ in range(5):
        clock.time += timedelta(minutes=59)
        assert await entrance.by_cookie(opened.cookie)
    clock.time += timedelta(minutes=61)
    assert await entrance.by_cookie(opened.cookie) is None


async def test_session_that_is_used_ends_after_the_day(
    entrance: Entrance, clock: Clock
) -> None:
    opened = await entrance.log_in("auditor", PASSWORD, "peer")
    for _ in range(12 * 2):
        clock.time += timedelta(minutes=30)
        assert await entrance.by_cookie(opened.cookie)
    clock.time += timedelta(minutes=1)
    assert await entrance.by_cookie(opened.cookie) is None


async def fail(entrance: Entrance, name: str, times: int, peer: str) -> None:
    """Give a wrong password so often."""
    for _ in range(times):
        with pytest.raises(LogInRefused):
            await entrance.log_in(name, "wrong", peer)


async def test_account_is_locked_after_failures_also_for_the_right_password(
    entrance: Entrance, clock: Clock
) -> None:
    await fail(entrance, "auditor", ACCOUNT.free, "peer")
    with pytest.raises(LockedOut, match="60 seconds"):
        await entrance.log_in("auditor", PASSWORD, "another peer")
    clock.time += timedelta(seconds=61)
    await fail(entrance, "auditor", 1, "peer")
    with pytest.raises(LockedOut, match="120 seconds"):
        await entrance.log_in("auditor", PASSWORD, "peer")
    clock.time += timedelta(seconds=121)
    await entrance.log_in("auditor", PASSWORD, "peer")
    await fail(entrance, "auditor", ACCOUNT.free - 1, "peer")
    await entrance.log_in("auditor", PASSWORD, "peer")


async def test_peer_who_tries_many_names_is_locked(entrance: Entrance) -> None:
    for number in range(PEER.free):
        await fail(entrance, f"name{number}", 1, "peer")
    with pytest.raises(LockedOut):
        await entrance.log_in("auditor", PASSWORD, "peer")
    await entrance.log_in("auditor", PASSWORD, "another peer")


async def test_lock_survives_a_restart(
    entrance: Entrance, service: SmallService, clock: Clock, passwords: Passwords
) -> None:
    await fail(entrance, "auditor", ACCOUNT.free, "peer")
    trail = AuditTrail(service.database, clock.now)
    again = Entrance(AccountStore(service.database), passwords, trail, KEY, clock.now)
    with pytest.raises(LockedOut):
        await again.log_in("auditor", PASSWORD, "peer")


async def test_lock_is_shown_with_its_time(stranger: httpx.AsyncClient) -> None:
    for _ in range(ACCOUNT.free):
        await give_password(stranger, "auditor", "wrong")
    answer = await give_password(stranger, "auditor")
    assert answer.status_code == 429
    assert "秒后重试" in answer.text


async def test_log_ins_are_in_the_audit_trail_without_a_secret(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    await give_password(stranger, "auditor", "wrong")
    await give_password(stranger, "13812345678", "wrong")
    for _ in range(ACCOUNT.free - 1):
        await give_password(stranger, "auditor", "wrong")
    lines = await service.view.audit.lines(limit=50, before_id=None)
    told = [(line.who, line.operation, line.result) for line in lines]
    assert told[0] == ("auditor", "log_in", "locked_out")
    assert told[-1] == ("auditor", "log_in", "refused")
    assert told[-2] == ("138****5678", "log_in", "refused")


async def test_what_is_kept_of_sessions_and_passwords_opens_nothing(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    await give_password(stranger, "auditor")
    session_id = stranger.cookies[SESSION].partition(".")[0]
    file = service.database.url.removeprefix("sqlite+aiosqlite:///")
    kept = Path(file).read_bytes() + Path(f"{file}-wal").read_bytes()
    assert session_id.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept
