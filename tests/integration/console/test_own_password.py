"""A person changes his own password: the old one asked, other sessions ended, tries counted."""

import httpx
import pytest

from console.accounts.account import Role
from console.accounts.lock_out import ACCOUNT
from console.audit.store import page as audit_page
from tests.fakes.accounts import PASSWORD, browser, give_password, logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
FORM, OWN = "/me/password", "/api/v1/me/password"
NEW = "other words of the city"


def filled(*, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    """The form as somebody fills it in."""
    return {"old": old, "new": new, "again": again}


def body(*, old: str = PASSWORD, new: str = NEW) -> dict[str, str]:
    """What a program sends."""
    return {"old_password": old, "new_password": new}


def alert(answer: httpx.Response) -> str:
    """Why the page refuses."""
    return answer.text.split('role="alert"')[1].split("</p>")[0]


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_changes_his_password_and_stays_logged_in_only_here(
    service: SmallService, role: Role
) -> None:
    async with (
        logged_in(service.app, role) as here,
        logged_in(service.app, role) as elsewhere,
    ):
        answer = await here.post(FORM, data=filled())
        assert answer.status_code == 303, answer.text
        told = await here.get(answer.headers["location"])
        assert "密码已修改" in told.text
        assert (await elsewhere.get("/me")).status_code == 303
        name = role.value.replace("_", "-")
        async with browser(service.app) as stranger:
            assert (await give_password(stranger, name)).status_code == 403
            assert (await give_password(stranger, name, NEW)).status_code == 303


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (filled(old="a wrong one"), "原密码不正确"),
        (filled(again="something else"), "两次输入的新密码不一致"),
        (filled(new=PASSWORD, again=PASSWORD), "新密码与原密码相同"),
        (filled(new="short", again="short"), "密码须为 10 至 200"),
        (filled(new="auditor 12345", again="auditor 12345"), "密码过于简单"),
    ],
)
async def test_password_that_cannot_be_is_refused_in_words(
    service: SmallService, given: dict[str, str], words: str
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.post(FORM, data=given)
        assert (answer.status_code, words in alert(answer)) == (422, True), answer.text
        assert not any(secret in answer.text for secret in given.values())
    async with browser(service.app) as stranger:
        assert (await give_password(stranger, "auditor")).status_code == 303


async def test_form_of_a_foreign_page_changes_nothing(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        del auditor.headers["x-csrf-token"]
        answer = await auditor.post(FORM, data=filled())
        assert (answer.status_code, "csrf_refused" in answer.text) == (403, True)
    async with browser(service.app) as stranger:
        assert (await give_password(stranger, "auditor")).status_code == 303


async def test_wrong_old_passwords_lock_the_account_as_failed_log_ins_do(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        for _ in range(ACCOUNT.free):
            wrong = await auditor.put(OWN, json=body(old="a wrong one"))
            assert wrong.json()["error_id"] == "password_wrong"
        right = await auditor.put(OWN, json=body())
        assert (right.status_code, right.json()["error_id"]) == (429, "locked_out")
        assert 0 < int(right.headers["retry-after"]) <= 60
        page = await auditor.post(FORM, data=filled())
        assert (page.status_code, "秒后重试" in alert(page)) == (429, True)
    async with browser(service.app) as stranger:
        assert (await give_password(stranger, "auditor")).status_code == 429


async def test_right_old_password_lets_failures_be_forgotten(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        for old, new in ((PASSWORD, NEW), (NEW, PASSWORD)):
            for _ in range(ACCOUNT.free - 1):
                await auditor.put(OWN, json=body(old="a wrong one"))
            answer = await auditor.put(OWN, json=body(old=old, new=new))
            assert answer.status_code == 200, answer.text


async def test_program_has_no_password_of_its_own(service: SmallService) -> None:
    async with service.client() as machine:
        answer = await machine.put(OWN, json=body())
    assert (answer.status_code, answer.json()["error_id"]) == (409, "no_account")


async def test_trail_tells_of_changes_and_wrong_tries_without_a_secret(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        await agent.post(FORM, data=filled(old="a wrong one"))
        await agent.post(FORM, data=filled())
    lines = await audit_page(service.database, operation="page_change_own_password")
    assert [(line.who, line.object, line.result) for line in lines] == [
        ("agent", "", "303"),
        ("agent", "refused=password_wrong", "422"),
    ]
