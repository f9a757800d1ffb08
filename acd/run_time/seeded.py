"""One setting that the file seeds and people change: checked, kept, and told at once.

It is kept in the list of changes alone: what was changed last counts. Until somebody
changes it the file counts.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from pydantic import ValidationError

from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_line, newest_change
from config.clock import LoopClock
from config.database import Database, DatabaseError
from config.setting_errors import SettingsError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[T]):
    """How a setting is written into the list of changes, read back, and checked.

    `check` tells what is doubtful; `RulesRefused` when it cannot be meant so.
    """

    kind: Changed
    name: str
    written: Callable[[T], dict[str, Any]]
    read: Callable[[Mapping[str, Any]], T]
    check: Callable[[T], tuple[str, ...]]


class Seeded(Generic[T]):
    """Holds the setting; changes come one after the other."""

    def __init__(
        self, database: Database, clock: LoopClock, shape: Shape[T], now: T
    ) -> None:
        self._database, self._clock, self._shape = database, clock, shape
        self._now, self._one = now, asyncio.Lock()
        self._followers: list[Callable[[T], None]] = []

    @classmethod
    async def open(
        cls, database: Database, clock: LoopClock, shape: Shape[T], of_file: T
    ) -> Self:
        """As it was changed last, or as the file has it.

        `SettingsError` when what was kept is no such setting any more.
        """
        kept = await newest_change(database, shape.kind, shape.name)
        try:
            now = shape.read(kept.new) if kept else of_file
        except ValidationError as error:
            raise SettingsError(
                f"the {shape.name} that change {kept and kept.id} of the database has "
                f"cannot be read; the release that wrote them can change them: {error}"
            ) from None
        return cls(database, clock, shape, now)

    @property
    def now(self) -> T:
        """What counts now."""
        return self._now

    @property
    def name(self) -> str:
        """How the list of changes calls it."""
        return self._shape.name

    def follow(self, tell: Callable[[T], None]) -> None:
        """Tell each change there, too, before it is kept for good."""
        self._followers.append(tell)

    async def replace(self, new: T, author: Author) -> tuple[str, ...]:
        """This counts from now on; what is doubtful of it. `RulesRefused`."""
        return await self.change(lambda _: new, author)

    async def change(self, edit: Callable[[T], T], author: Author) -> tuple[str, ...]:
        """What `edit` makes of it counts from now on; what is doubtful. `RulesRefused`."""
        async with self._one:
            old, new = self._now, edit(self._now)
            warnings = self._shape.check(new)
            if new != old:
                await self._keep(old, new, author)
        return warnings

    async def _keep(self, old: T, new: T, author: Author) -> None:
        try:
            async with self._database.begin() as connection:
                await keep_line(connection, self._line(old, new, author))
                self._tell(new)
        except DatabaseError:
            self._tell(old)
            raise

    def _tell(self, value: T) -> None:
        self._now = value
        for tell in self._followers:
            tell(value)

    def _line(self, old: T, new: T, author: Author) -> NewChange:
        return NewChange(
            at=self._clock.now(),
            kind=self._shape.kind,
            name=self._shape.name,
            changed_by=author.name,
            peer=author.peer,
            old=self._shape.written(old),
            new=self._shape.written(new),
        )
