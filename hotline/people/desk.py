"""The desk of people, with the key that seals their recall numbers."""

from acd.distributor import Link
from acd.people.archive import has_sealed_numbers, people_records
from acd.people.desk import PeopleDesk
from acd.people.reading import PersonReader
from acd.people.seal import NumberSealed, Seal
from acd.rule_changes.changes import RuleChanges
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.key_file import KeyFileError, load_key, load_or_make_key
from config.settings import Settings
from hotline.records import Records
from telephony.numbers import NumberPlan


async def people_desk(
    settings: Settings,
    records: Records,
    changes: RuleChanges,
    link: Link,
    clock: LoopClock,
    bus: EventBus,
) -> PeopleDesk:
    """The desk; the key is made at the first start. `KeyFileError`."""
    numbers = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    seal = await open_seal(settings, records.database)
    reader = PersonReader(numbers=numbers)
    return PeopleDesk(records.database, changes, link, reader, seal, clock, bus)


async def open_seal(settings: Settings, database: Database) -> Seal:
    """The seal, tried on all numbers that are there. `KeyFileError`.

    No new key is made while there are numbers that another one sealed.
    """
    file = settings.people_key_file
    if not await has_sealed_numbers(database):
        return Seal(load_or_make_key(file))
    seal = Seal(load_key(file))
    try:
        await people_records(database, seal)
    except NumberSealed as error:
        raise KeyFileError(f"{file}: {error}") from None
    return seal
