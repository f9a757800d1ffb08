"""`hotline user` and `hotline audit`: on the database, before the first start and beside it."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hotline import account_commands
from hotline.cli import app
from tests.fakes.accounts import PASSWORD, browser, cheap_passwords, give_password
from tests.fakes.console import small_service
from tests.integration.test_api_commands import config

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash takes no time here."""
    monkeypatch.setattr(account_commands, "Passwords", cheap_passwords)


async def hotline(directory: Path, *words: str, said: str = "") -> Result:
    """Run `hotline`, with what is typed into it."""
    file = ["--config", str(config(directory, 1))]
    environment = {"COLUMNS": "200", "LOGNAME": "li"}
    return await asyncio.to_thread(
        CliRunner().invoke, app, [*words, *file], input=said, env=environment
    )


async def add(directory: Path, name: str, role: str = "administrator") -> Result:
    """Add an account."""
    words = ("user", "add", name, "--role", role)
    return await hotline(directory, *words, said=f"{PASSWORD}\n")


async def test_first_administrator_is_made_before_the_first_start_and_logs_in(
    tmp_path: Path,
) -> None:
    made = await add(tmp_path, "zhang")
    assert (made.exit_code, made.output) == (0, "zhang can log in as administrator.\n")
    async with small_service(tmp_path) as service, browser(service.app) as page:
        assert (await give_password(page, "zhang")).status_code == 303
        assert (await page.get("/accounts")).status_code == 200


async def test_accounts_are_listed_changed_and_told_in_the_trail(
    tmp_path: Path,
) -> None:
    await add(tmp_path, "zhang")
    await add(tmp_path, "wang", "auditor")
    for words in (
        ("user", "role", "wang", "shift_manager"),
        ("user", "totp", "wang"),
        ("user", "disable", "wang"),
    ):
        assert (await hotline(tmp_path, *words)).exit_code == 0
    listed = json.loads((await hotline(tmp_path, "user", "list", "--json")).output)
    wang = next(each for each in listed if each["name"] == "wang")
    assert (wang["role"], wang["second_factor"]) == ("shift_manager", True)
    assert wang["disabled_at"]
    assert "password" not in json.dumps(listed)
    trail = json.loads((await hotline(tmp_path, "audit", "--json")).output)
    assert [(line["operation"], line["object"]) for line in trail[:2]] == [
        ("change_account", "name=wang by=li"),
        ("add_second_factor", "name=wang by=li"),
    ]


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (("user", "add", "li", "--role", "auditor"), "short\n", "10 to 200"),
        (("user", "add", "Li Wei", "--role", "auditor"), f"{PASSWORD}\n", "name has"),
        (("user", "add", "zhang", "--role", "auditor"), f"{PASSWORD}\n", "already"),
        (("user", "disable", "zhang"), "", "last administrator"),
        (("user", "role", "zhang", "agent"), "", "last administrator"),
        (("user", "password", "nobody"), f"{PASSWORD}\n", "no account 'nobody'"),
        (("user", "person", "zhang", "9999"), "", "'9999'"),
        (("user", "token", "add", "x", "--scope", "al"), "", "neither a role"),
        (("user", "token", "revoke", "x"), "", "no token 'x'"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], said: str, told: str
) -> None:
    await add(tmp_path, "zhang")
    result = await hotline(tmp_path, *words, said=said)
    assert result.exit_code == 1
    assert told in result.output
    assert len(result.output.strip().splitlines()) == 1


async def test_token_opens_what_its_scopes_say_until_it_is_revoked(
    tmp_path: Path,
) -> None:
    words = ("user", "token", "add", "order system", "--scope", "list_queues")
    secret = (await hotline(tmp_path, *words)).output.strip()
    (listed,) = json.loads(
        (await hotline(tmp_path, "user", "token", "list", "--json")).output
    )
    assert listed["scopes"] == ["list_queues"]
    assert secret not in json.dumps(listed)
    async with (
        small_service(tmp_path) as service,
        service.client({"Authorization": f"Bearer {secret}"}) as program,
    ):
        assert (await program.get("/api/v1/queues")).status_code == 200
        assert (await program.get("/api/v1/calls")).status_code == 403
        revoked = await hotline(tmp_path, "user", "token", "revoke", listed["id"])
        assert revoked.exit_code == 0
        assert (await program.get("/api/v1/queues")).status_code == 401
