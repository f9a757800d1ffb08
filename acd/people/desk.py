"""The desk of people: takes them in from files and the API, each read strictly.

Who has the phones post and a contact becomes an agent at once, without a new start, and
who loses them is one no longer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from acd.agent import AgentError
from acd.distributor import Link
from acd.messages import AgentProfileChanges
from acd.people import store
from acd.people.archive import (
    PersonUnknown,
    keep_person,
    people_records,
    person_columns,
    person_record,
)
from acd.people.person import Person
from acd.people.reading import PersonReader, PersonRecord, id_of
from acd.people.seal import Seal
from acd.people.values import profile_of
from acd.rule_changes.changes import RuleChanges, RulesRefused
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_line
from acd.staffing.csv_lines import LineFault
from config.clock import LoopClock
from config.database import Database

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
    ) -> None:
        self._database, self._changes, self._link = database, changes, link
        self._reader, self._seal, self._clock = reader, seal, clock
        self._one = asyncio.Lock()

    async def everybody(self) -> list[PersonRecord]:
        """All people, by id, with their recall numbers."""
        return await people_records(self._database, self._seal)

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
        """A person counts no more; `PersonUnknown`. His recall number is wiped."""
        async with self._one:
            old = (await person_record(self._database, person_id, None)).person
            if old.is_agent:
                await self._changes.remove_agent(person_id, author)
                return
            line = self._line(old, None, author)
            async with self._database.begin() as connection:
                await store.remove(connection, store.people, old.id, line.at)
                await keep_line(connection, line)

    async def _take(self, line: Mapping[str, Any], author: Author) -> Outcome:
        old = await self._known(id_of(line))
        new = self._reader.read(line, old)
        if new == old:
            return "known"
        await self._change_agent(old, new, author)
        await self._keep(old, new, author)
        if old and new.person.is_agent and new.person.name != old.person.name:
            await self._tell_name(new)
        return "changed" if old else "new"

    async def _known(self, person_id: str) -> PersonRecord | None:
        try:
            return await self.person(person_id)
        except PersonUnknown:
            return None

    async def _change_agent(
        self, old: PersonRecord | None, new: PersonRecord, author: Author
    ) -> None:
        """The engine and the table have him as an agent, or no longer."""
        before = old if old and old.person.is_agent else None
        if not new.person.is_agent:
            if before:
                await self._changes.remove_agent(new.person.id, author)
            return
        agent = new.agent
        if not before:
            await self._changes.add_agent(agent, author)
            return
        profile = {name: getattr(agent, name) for name in _OF_PROFILE}
        if any(getattr(before.agent, name) != profile[name] for name in _OF_PROFILE):
            await self._changes.change_profile(
                agent.id, lambda known: known.model_copy(update=profile), author
            )

    async def _keep(
        self, old: PersonRecord | None, new: PersonRecord, author: Author
    ) -> None:
        line = self._line(old.person if old else None, new.person, author)
        number = new.recall_number
        # Whoever was removed as an agent has lost his number with that.
        is_kept = old and old.recall_number == number and new.person.is_agent
        sealed = None if is_kept else self._seal.close(number, new.person.id)
        async with self._database.begin() as connection:
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
