"""The pause reasons that count now, and how they are changed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from acd.distributor import Link
from acd.pauses.limits import PauseLimitsChange
from acd.pauses.store import keep_reasons
from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_checks.pauses import check_pauses
from config.agent_settings import MOST_PAUSE_REASONS, PauseReasonSection
from config.clock import LoopClock
from config.database import Database, DatabaseError

NAME = "pause_reasons"

Reasons = tuple[PauseReasonSection, ...]


class PauseReasons:
    """Holds them; a change is checked, kept with who and when, and told to the engine."""

    def __init__(
        self,
        database: Database,
        link: Link,
        clock: LoopClock,
        reasons: Sequence[PauseReasonSection],
    ) -> None:
        self._database, self._link, self._clock = database, link, clock
        self._all, self._one = tuple(reasons), asyncio.Lock()

    @property
    def all(self) -> Reasons:
        """Why an agent may pause; without any, for whatever he says."""
        return self._all

    async def replace(
        self, reasons: Sequence[PauseReasonSection], author: Author
    ) -> tuple[str, ...]:
        """These count from now on, also for who pauses already; what is doubtful of them.

        `RulesRefused` when they cannot be meant so.
        """
        new = tuple(reasons)
        warnings = _checked(new)
        async with self._one:
            old = self._all
            line = self._line(old, new, author)
            try:
                await keep_reasons(self._database, new, line, lambda: self._tell(new))
            except DatabaseError:
                self._tell(old)
                raise
        return warnings

    def _tell(self, reasons: Reasons) -> None:
        self._link.send(PauseLimitsChange(limits=limits_of(reasons)))
        self._all = reasons

    def _line(self, old: Reasons, new: Reasons, author: Author) -> NewChange:
        return NewChange(
            at=self._clock.now(),
            kind=Changed.PAUSES,
            name=NAME,
            changed_by=author.name,
            peer=author.peer,
            old=_written(old),
            new=_written(new),
        )


def limits_of(reasons: Sequence[PauseReasonSection]) -> Mapping[str, float]:
    """How long a pause may last, of those that have a limit."""
    return {each.id: each.max_seconds for each in reasons if each.max_seconds}


def _checked(reasons: Reasons) -> tuple[str, ...]:
    if len(reasons) > MOST_PAUSE_REASONS:
        raise RulesRefused(f"there are more than {MOST_PAUSE_REASONS} pause reasons")
    ids = [reason.id for reason in reasons]
    if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise RulesRefused(f"there are several pause reasons {', '.join(twice)}")
    findings = list(check_pauses(reasons))
    if faults := "; ".join(str(each) for each in findings if each.fatal):
        raise RulesRefused(faults)
    return tuple(map(str, findings))


def _written(reasons: Reasons) -> dict[str, Any]:
    return {
        each.id: each.model_dump(mode="json", exclude={"id"}) | {"place": n}
        for n, each in enumerate(reasons)
    }
