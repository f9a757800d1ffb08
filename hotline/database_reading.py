"""What commands that read the database share: opening it, plain errors, JSON."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import typer

from acd.floor import UnknownQueue
from acd.ledger.debt import DebtError
from acd.records.archive import CallNotFound
from config.database import Database, DatabaseError
from config.setting_errors import SettingsError
from config.settings import Settings
from console.auth import TokenError
from hotline.api_client import RequestRefused, ServiceUnreachable
from hotline.statistics_csv import FileNotWritten
from outbound.campaign import CampaignError

T = TypeVar("T")

FAULTS = (
    SettingsError,
    DatabaseError,
    CallNotFound,
    UnknownQueue,
    DebtError,
    CampaignError,
    TokenError,
    ServiceUnreachable,
    RequestRefused,
    FileNotWritten,
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a person can mend is told in a sentence, with exit status 1."""
    try:
        yield
    except FAULTS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def with_database(settings: Settings, read: Callable[[Database], Awaitable[T]]) -> T:
    """What `read` finds in the database, which is opened for reading only."""

    async def run() -> T:
        async with Database(settings.database_url, read_only=True) as database:
            return await read(database)

    return asyncio.run(run())


def print_json(value: object) -> None:
    """Print a value for programs; times in ISO 8601."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    typer.echo(text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
