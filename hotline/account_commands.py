"""`hotline user`: who may log in to the console; and `hotline audit`.

They work on the database itself, so that the first administrator can be made before the
first start. A password is asked on the terminal, or is the first line of the input.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from config.database import Database
from config.key_file import KeyFileError, load_or_make_key
from config.settings import load_settings
from console.accounts.account import MACHINE, Account, AccountError, Role
from console.accounts.desk import AccountDesk
from console.accounts.passwords import Passwords
from console.accounts.store import AccountStore
from console.audit.line import AuditLine
from console.audit.trail import AuditTrail
from console.permissions import OPERATIONS
from hotline.accounts import utc_now
from hotline.call_tables import terminal
from hotline.command_client import DEFAULT_CONFIG, ConfigFile, account, leave
from hotline.database_reading import plain_errors, print_json, with_database

T = TypeVar("T")
app = typer.Typer(
    help="Accounts of the console: who may log in, and as what.", no_args_is_help=True
)
token_app = typer.Typer(
    help="API tokens: what programs may do here.", no_args_is_help=True
)
app.add_typer(token_app, name="token")

Name = Annotated[str, typer.Argument(help="The account's name.")]
RoleOption = Annotated[Role, typer.Option("--role", help="What he does here.")]
Person = Annotated[
    str, typer.Option("--person", help="His id in the people table; agents need one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("add")
def add_account(
    name: Name,
    role: RoleOption,
    person: Person = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add an account; its password is asked for."""
    password = _password()
    _change(
        config,
        "add_account",
        {"name": name},
        lambda desk: desk.add(name, role, password, person),
    )
    typer.echo(f"{name} can log in as {role.value}.")


@app.command("list")
def list_accounts(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """List every account."""
    with plain_errors():
        settings = load_settings(config)
        accounts = with_database(settings, lambda base: AccountStore(base).all())
    if as_json:
        print_json([asdict(each) for each in accounts])
        return
    table = Table("name", "role", "person", "second factor", "state", box=None)
    for each in accounts:
        state = _state(each)
        code = "yes" if each.second_factor else "no"
        table.add_row(each.name, each.role.value, each.person_id or "–", code, state)
    if accounts:
        terminal().print(table)
    else:
        typer.echo(
            "There is no account yet: hotline user add NAME --role administrator"
        )


@app.command("role")
def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="What he does here from now on.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Change an account's role; its sessions end."""
    _change(
        config, "change_account", {"name": name}, lambda desk: desk.set_role(name, role)
    )
    typer.echo(f"{name} is {role.value}.")


@app.command("person")
def set_person(
    name: Name,
    person: Annotated[str, typer.Argument(help="His id in the people table; '' none.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Say who of the people table an account is."""
    _change(
        config,
        "change_account",
        {"name": name},
        lambda desk: desk.set_person(name, person),
    )
    typer.echo(f"{name} is {person or 'nobody of the people table'}.")


@app.command("password")
def set_password(name: Name, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Set a new password, which is asked for; sessions end."""
    password = _password()
    _change(
        config,
        "set_account_password",
        {"name": name},
        lambda desk: desk.set_password(name, password),
    )
    typer.echo(f"{name} has a new password.")


@app.command("disable")
def disable(
    name: Name,
    config: ConfigFile = DEFAULT_CONFIG,
    again: Annotated[
        bool, typer.Option("--undo", help="Let him log in again.")
    ] = False,
) -> None:
    """Let somebody log in no more; his sessions end at once."""
    _change(
        config,
        "change_account",
        {"name": name},
        lambda desk: desk.enable(name) if again else desk.disable(name),
    )
    typer.echo(f"{name} can log in again." if again else f"{name} is disabled.")


@app.command("totp")
def second_factor(
    name: Name,
    config: ConfigFile = DEFAULT_CONFIG,
    remove: Annotated[bool, typer.Option("--remove", help="Ask for no code.")] = False,
) -> None:
    """Ask an account for an authenticator's code at each log-in."""
    if remove:
        _change(
            config,
            "remove_second_factor",
            {"name": name},
            lambda desk: desk.remove_second_factor(name),
        )
        typer.echo(f"{name} is asked for no code.")
        return
    address = _change(
        config,
        "add_second_factor",
        {"name": name},
        lambda desk: desk.add_second_factor(name),
    )
    typer.echo("Put this into the authenticator; it is shown only now:")
    typer.echo(address)


@token_app.command("add")
def add_token(
    title: Annotated[str, typer.Argument(help="What it is for.")],
    scopes: Annotated[
        list[str],
        typer.Option("--scope", help="A role, or an operation's id; several."),
    ],
    person: Person = "",
    days: Annotated[
        int | None, typer.Option(min=1, help="How long it opens; else for ever.")
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a token for a program; its secret is shown only now."""
    _, secret = _change(
        config,
        "add_token",
        {},
        lambda desk: desk.add_token(
            title, scopes, "machine", list(OPERATIONS), person_id=person, days=days
        ),
    )
    typer.echo(secret)


@token_app.command("list")
def list_tokens(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """List every token, without secrets."""
    with plain_errors():
        settings = load_settings(config)
        tokens = with_database(settings, lambda base: AccountStore(base).tokens())
    if as_json:
        print_json([asdict(each) for each in tokens])
        return
    table = Table("id", "title", "scopes", "ends", "revoked", box=None)
    for each in tokens:
        ends = each.expires_at.strftime("%Y-%m-%d") if each.expires_at else "–"
        revoked = "yes" if each.revoked_at else "no"
        table.add_row(each.id, each.title, " ".join(each.scopes), ends, revoked)
    terminal().print(table, markup=False)


@token_app.command("revoke")
def revoke_token(
    token: Annotated[str, typer.Argument(help="The token's id.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Let a token open nothing more."""
    _change(
        config,
        "revoke_token",
        {"token_id": token},
        lambda desk: desk.revoke_token(token),
    )
    typer.echo(f"{token} opens nothing more.")


def audit(
    config: ConfigFile = DEFAULT_CONFIG,
    who: Annotated[str, typer.Option(help="Only of this account or token.")] = "",
    operation: Annotated[str, typer.Option(help="Only this operation.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Json = False,
) -> None:
    """Show who changed what, heard which recording, or logged in; the newest first."""

    async def read(database: Database) -> list[AuditLine]:
        trail = AuditTrail(database, utc_now)
        return await trail.lines(
            limit=limit, before_id=None, who=who, operation=operation
        )

    with plain_errors():
        lines = with_database(load_settings(config), read)
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    table = Table(
        "time (UTC)", "who", "from", "operation", "object", "result", box=None
    )
    for line in lines:
        at = line.at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(at, line.who, line.peer, line.operation, line.object, line.result)
    terminal().print(table, markup=False)


def _change(
    config: Path,
    operation: str,
    of: dict[str, object],
    change: Callable[[AccountDesk], Awaitable[T]],
) -> T:
    """Do it and tell the audit trail; what goes wrong becomes one clear line."""

    async def run() -> T:
        settings = load_settings(config)
        key = load_or_make_key(settings.console_key_file)
        async with Database(settings.database_url) as database:
            desk = AccountDesk(AccountStore(database), Passwords(), key, utc_now)
            done = await change(desk)
            await AuditTrail(database, utc_now).note(
                MACHINE,
                peer="",
                operation=operation,
                result="done",
                of=of | {"by": account()},
            )
        return done

    with plain_errors():
        try:
            return asyncio.run(run())
        except (AccountError, KeyFileError) as error:
            leave(str(error))


def _state(account: Account) -> str:
    if not account.works_here:
        return "left"
    return "disabled" if account.disabled_at else "active"


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
