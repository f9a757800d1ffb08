"""Writes what the demo's city remembers into its empty database, many rows at a time."""

from collections.abc import Iterable, Sequence

from sqlalchemy import insert

from acd.adjustments.round import Round
from acd.adjustments.store import keep_round
from acd.events import Event
from acd.people import store as people
from acd.records.store import calls
from config.database import Database
from config.settings import Settings
from hotline.demo.past import City, Row, days_of_calls, morning, round_of_midnight
from hotline.demo.staff import rostered


async def remember(settings: Settings, city: City, agents: Sequence[str]) -> None:
    """Give a hotline that has never run a past: its city's, and these agents'."""
    foreseen = round_of_midnight(city, rostered(len(agents)))
    async with Database(settings.database_url) as database:
        await _write_calls(database, days_of_calls(city))
        await _write_morning(database, foreseen, list(morning(city, agents)))


async def _write_calls(database: Database, days: Iterable[list[Row]]) -> None:
    async with database.begin() as connection:
        for rows in days:
            if rows:
                await connection.execute(insert(calls), rows)


async def _write_morning(
    database: Database, foreseen: Round, states: Sequence[Event]
) -> None:
    await keep_round(database, foreseen)
    async with database.begin() as connection:
        await people.write(connection, states)
