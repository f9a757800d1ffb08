"""The desk of people: takes them in from files and the API, each read strictly.

Who has the phones post and a contact becomes an agent at once, without a new start, and
who loses them is one no longer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from acd.agent import AgentError
from acd.distributor import Link
from acd.messages import AgentProfileChanges
from acd.people import store
from acd.people.archive import (
    PersonUnknown,
    keep_person,
    people_page,
    people_records,
    person_columns,
    person_record,
)
from acd.people.events import PersonLeft
from acd.people.person import Person
from acd.people.reading import PersonReader, PersonRecord, id_of
from acd.people.seal import Seal
from acd.people.values import profile_of
from acd.rule_changes.changes import RuleChanges, RulesRefused
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import Profiles, keep_line
from acd.staffing.csv_lines import LineFault
from config.agent_settings import WrittenProfile
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, Visit

_OF_PROFILE = ("contact", "queues", "skills")

Outcome = Literal["new", "changed", "known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPlace:
    """A line that was not taken: its place in the list, from 1, and why."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What came of a list: new ones, changed, known before, and the refused ones."""

    new: int
    changed: int
    known: int
    refused: tuple[RefusedPlace, ...]


class PeopleDesk:
    """What people may do with the table of people."""

    def __init__(
        self,
        database: Database,
        changes: RuleChanges,
        link: Link,
        reader: PersonReader,
        seal: Seal,
        clock: LoopClock,
        bus: EventBus,
    ) -> None:
        self._database, self._changes, self._link = database, changes, link
        self._reader, self._seal, self._clock = reader, seal, clock
        self._bus = bus
        self._one = asyncio.Lock()

    async def everybody(self) -> list[PersonRecord]:
        """All people, by id, with their recall numbers."""
        return await people_records(self._database, self._seal)

    async def page(self, limit: int, after: str = "") -> list[PersonRecord]:
        """Some of them, by id, after one."""
        return await people_page(self._database, self._seal, limit=limit, after=after)

    async def person(self, person_id: str) -> PersonRecord:
        """One of them with his recall number; `PersonUnknown`."""
        return await person_record(self._database, person_id, self._seal)

    async def take(self, given: Sequence[Mapping[str, Any]], author: Author) -> TakenIn:
        """Take people in; one that is wrong is reported and keeps no other out."""
        outcomes: list[Outcome] = []
        refused: list[RefusedPlace] = []
        for place, line in enumerate(given, 1):
            try:
                async with self._one:
                    outcomes.append(await self._take(line, author))
            except (LineFault, RulesRefused, AgentError) as fault:
                refused.append(RefusedPlace(place=place, reason=str(fault)))
        return TakenIn(
            new=outcomes.count("new"),
            changed=outcomes.count("changed"),
            known=outcomes.count("known"),
            refused=tuple(refused),
        )

    async def remove(self, person_id: str, author: Author) -> None:
        """A person counts no more; `PersonUnknown`. His recall number is wiped.

        All are told that he left, so that what else is his is closed.
        """
        async with self._one:
            old = (await person_record(self._database, person_id, None)).person
            line = self._line(old, None, author)
            if old.is_agent:
                await self._changes.remove_agent(person_id, author)
            else:
                async with self._database.begin() as connection:
                    await store.remove(connection, store.people, old.id, line.at)
                    await keep_line(connection, line)
        self._bus.publish(PersonLeft(at=line.at, person_id=person_id))

    async def _take(self, line: Mapping[str, Any], author: Author) -> Outcome:
        old = await self._known(id_of(line))
        new = self._reader.read(line, old)
        if new == old:
            return "known"
        await self._change(old, new, author)
        if old and new.person.is_agent and new.person.name != old.person.name:
            await self._tell_name(new)
        return "changed" if old else "new"

    async def _known(self, person_id: str) -> PersonRecord | None:
        try:
            return await self.person(person_id)
        except PersonUnknown:
            return None

    async def _change(
        self, old: PersonRecord | None, new: PersonRecord, author: Author
    ) -> None:
        """The person and the agent that he is, was or becomes: both change, or neither."""
        was_agent = bool(old and old.person.is_agent)

        async def keep(connection: Visit, _: Profiles) -> None:
            await self._keep(connection, old, new, author)

        if was_agent and not new.person.is_agent:
            await self._changes.remove_agent(new.person.id, author, keep)
        elif new.person.is_agent and not was_agent:
            await self._changes.add_agent(new.agent, author, keep)
        elif old and was_agent and _of_profile(old) != _of_profile(new):
            edits = {new.person.id: partial(_with_profile, _of_profile(new))}
            await self._changes.change_profiles(edits, author, keep)
        else:
            async with self._database.begin() as connection:
                await keep(connection, {})

    async def _keep(
        self,
        connection: Visit,
        old: PersonRecord | None,
        new: PersonRecord,
        author: Author,
    ) -> None:
        line = self._line(old.person if old else None, new.person, author)
        number = new.recall_number
        # Whoever was removed as an agent has lost his number with that.
        is_kept = old and old.recall_number == number and new.person.is_agent
        sealed = None if is_kept else self._seal.close(number, new.person.id)
        await keep_person(connection, new.person, sealed, line.at)
        await keep_line(connection, line)

    async def _tell_name(self, new: PersonRecord) -> None:
        """Changes of a profile do not tell the engine a new name."""
        rows = await store.agent_rows(self._database)
        queues = [queue.name for queue in await store.queue_rows(self._database)]
        row = next(row for row in rows if row.id == new.person.id)
        self._link.send(AgentProfileChanges(profile=profile_of(row, queues)))

    def _line(
        self, old: Person | None, new: Person | None, author: Author
    ) -> NewChange:
        known = old or new
        assert known is not None, "one of them is there"
        return NewChange(
            at=self._clock.now(),
            kind=Changed.PERSON,
            name=known.id,
            changed_by=author.name,
            peer=author.peer,
            old=person_columns(old) if old else {},
            new=person_columns(new) if new else {},
        )


def _of_profile(record: PersonRecord) -> dict[str, Any]:
    """What lines of people say of an agent's profile."""
    return {name: getattr(record.agent, name) for name in _OF_PROFILE}


def _with_profile(given: Mapping[str, Any], known: WrittenProfile) -> WrittenProfile:
    return known.model_copy(update=dict(given))
