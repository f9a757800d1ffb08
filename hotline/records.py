"""Everything durable, opened in order: database, recordings, journal; then recovered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from acd.people import store as people
from acd.records.recovery import recover
from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.setting_errors import SettingsError
from config.settings import Settings
from hotline.backups.marker import require_whole
from hotline.rules import require_good_rules, require_good_team
from hotline.team import Team
from recordings.archive import Archive

MOST_NAMED = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The open database, what writes into it, and the recordings."""

    database: Database
    writer: RecordWriter
    archive: Archive


@asynccontextmanager
async def open_records(
    settings: Settings, bus: EventBus, clock: LoopClock
) -> AsyncIterator[Records]:
    """Open, finish what a kill left half done, and seed agents and queues.

    `SettingsError` when the rules of file or database cannot work.
    """
    require_good_rules(settings)
    data_dir = settings.hotline.data_dir
    require_whole(data_dir)
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"hotline.data_dir {data_dir} cannot be made ({error.strerror}): name a folder that this user may write"
        ) from None
    async with (
        Database(settings.database_url) as database,
        Archive(settings, database, bus, clock) as archive,
        RecordWriter(database, bus, data_dir / "records.journal", clock) as writer,
    ):
        await _recover(database, archive, clock)
        await people.seed(database, settings.agents, settings.queues, clock.now())
        await _warn_of_differences(database, settings)
        require_good_team(await Team.of(database), settings)
        yield Records(database=database, writer=writer, archive=archive)


async def _warn_of_differences(database: Database, settings: Settings) -> None:
    found = await people.differing(database, settings.agents, settings.queues)
    if names := (*found.queues, *found.agents):
        logger.warning(
            "not in the database as in the settings' file: %s; the database counts; to take the file's: hotline seed",
            ", ".join(names[:MOST_NAMED]) + (" ..." if names[MOST_NAMED:] else ""),
        )


async def _recover(database: Database, archive: Archive, clock: LoopClock) -> None:
    found = await recover(database, clock.now(), await archive.recover())
    if cut_off := len(found.calls_cut_off) + len(found.without_row):
        logger.warning(
            "%d calls were cut off when the service was killed: they are closed, and on the missed-call ledger",
            cut_off,
        )
    if found.agents:
        logger.info("%d agents are on duty again", len(found.agents))
