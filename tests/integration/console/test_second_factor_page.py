"""A person sets his second factor up himself: picture, key, first code; and is reset."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from console.accounts import enrolment
from console.accounts.account import Role
from console.audit.store import page as audit_page
from tests.fakes.accounts import browser, csrf_of, give_password, logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
OWN = "/api/v1/me/second-factor"


def read(page: str) -> dict[str, str]:
    """What stands in the page of the picture."""
    key = re.search(r'<code id="key">([A-Z2-7]+)</code>', page)
    pending = re.search(r'name="pending" value="([^"]+)"', page)
    assert key, page
    assert pending, page
    return {"key": key[1], "pending": pending[1]}


async def begun(client: httpx.AsyncClient) -> dict[str, str]:
    """Press the button."""
    answer = await client.post("/me/second-factor")
    assert answer.status_code == 200
    assert "<svg" in answer.text
    return read(answer.text)


async def test_code_counts_after_it_was_proved_and_this_session_stays(
    service: SmallService,
) -> None:
    async with (
        logged_in(service.app, Role.AUDITOR) as auditor,
        logged_in(service.app, Role.AUDITOR) as elsewhere,
    ):
        shown = await begun(auditor)
        assert not (await service.view.accounts.account("auditor")).second_factor
        now = datetime.now(UTC)
        code = pyotp.TOTP(shown["key"]).at(now)
        form = {"pending": shown["pending"], "code": code}
        answer = await auditor.post("/me/second-factor/code", data=form)
        assert answer.status_code == 303, answer.text
        assert "每次登录都要输入验证码" in (await auditor.get("/me")).text
        assert (await elsewhere.get("/me")).status_code == 303
        assert (await auditor.post("/me/second-factor")).status_code == 409
    async with browser(service.app) as page:
        answer = await give_password(page, "auditor")
        assert answer.headers["location"].startswith("/log-in/code")
        later = pyotp.TOTP(shown["key"]).at(now + timedelta(seconds=30))
        answer = await page.post("/log-in/code", data={"code": later})
        assert answer.status_code == 303
        assert (await page.get("/me")).status_code == 200


async def test_wrong_code_shows_the_same_picture_again(service: SmallService) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        shown = await begun(agent)
        form = {"pending": shown["pending"], "code": "abcdef"}
        answer = await agent.post("/me/second-factor/code", data=form)
        assert answer.status_code == 422
        assert read(answer.text) == shown
        assert "验证码与验证器显示的不一致" in answer.text


async def test_what_was_begun_for_another_or_long_ago_counts_no_more(
    service: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        logged_in(service.app, Role.AGENT) as agent,
        logged_in(service.app, Role.AUDITOR) as auditor,
    ):
        first = await begun(agent)
        code = pyotp.TOTP(first["key"]).now()
        given = {"pending": first["pending"], "code": code}
        for client in (auditor, agent):
            answer = await client.put(OWN, json=given)
            assert answer.json()["error_id"] == "code_refused"
            monkeypatch.setattr(enrolment, "PENDING_FOR", timedelta(seconds=-1))


async def test_api_does_the_same_for_who_has_an_account(service: SmallService) -> None:
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as manager:
        begun = (await manager.post(OWN)).json()
        assert begun["address"].startswith("otpauth://totp/Hotline:campaign-manager?")
        given = {
            "pending": begun["pending"],
            "code": pyotp.TOTP(begun["secret"]).now(),
        }
        answer = await manager.put(OWN, json=given)
        assert (answer.status_code, answer.json()["second_factor"]) == (200, True)
        assert (await manager.put(OWN, json=given)).status_code == 409
    async with service.client() as machine:
        answer = await machine.post(OWN)
        assert (answer.status_code, answer.json()["error_id"]) == (409, "no_account")


async def test_administrator_resets_it_and_the_trail_tells_all(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        shown = await begun(auditor)
        code = pyotp.TOTP(shown["key"]).now()
        form = {"pending": shown["pending"], "code": code}
        await auditor.post("/me/second-factor/code", data=form)
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        turn = {"turn": "no_second_factor", "csrf": await csrf_of(administrator)}
        answer = await administrator.post("/accounts/auditor", data=turn)
        assert answer.status_code == 303
    assert not (await service.view.accounts.account("auditor")).second_factor
    lines = await audit_page(service.database)
    told = [(line.who, line.operation, line.object) for line in lines]
    reset = "name=auditor turn=no_second_factor value="
    assert ("administrator", "page_change_account", reset) in told
    for operation in ("page_begin_second_factor", "page_confirm_second_factor"):
        assert ("auditor", operation, "") in told
    assert not any(shown["key"] in str(line) for line in lines)
