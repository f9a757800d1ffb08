"""A recall that is on, as the desk holds it: kept as it changes, and told."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from acd.recalls import store
from acd.recalls.events import RecallChanged
from acd.recalls.store import KeptRecall
from acd.staffing.recall import Recall, Recalled, Standing
from config.database import Database, DatabaseError, Visit

logger = logging.getLogger(__name__)

SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 0.05, 15.0


class RunningRecall:
    """One recall with its id; `wake` is set when there is news of it."""

    def __init__(self, database: Database, recall_id: str, recall: Recall) -> None:
        self._database, self.id, self.recall = database, recall_id, recall
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._written: dict[str, Recalled] = {}

    @property
    def is_done(self) -> bool:
        """It has run to its end."""
        return self.task is not None and self.task.done()

    def person(self, who: str) -> Recalled | None:
        """How somebody stands; None: he is no part of it."""
        return next((p for p in self.recall.people if p.person_id == who), None)

    async def keep_new(self, connection: Visit) -> None:
        """Write it, in the transaction of who wants it."""
        kept = KeptRecall(
            id=self.id,
            began_at=self.recall.began_at,
            needed=self.recall.needed,
            called_off_at=None,
            ended_at=None,
            people=self.recall.people,
        )
        await store.keep_recall(connection, kept)

    async def keep_over(self, now: datetime) -> None:
        """Write that it is over."""
        try:
            async with self._database.begin() as connection:
                await store.keep_end(connection, self.id, called_off=False, at=now)
        except DatabaseError as error:
            logger.warning("the end of a recall is not kept: %s", error)

    async def keep(self) -> None:
        """Write who stands otherwise than when he was written last."""
        people = self.recall.people
        changed = [p for p in people if self._written.get(p.person_id) != p]
        if not changed:
            return
        try:
            await store.keep_standings(self._database, self.id, changed)
        except DatabaseError as error:
            logger.warning("a recall is kept later: %s", error)
            return
        self._written |= {person.person_id: person for person in changed}

    def rest(self, now: datetime) -> float:
        """Until something is due; what is overdue waits for news, which wakes us."""
        times = self.recall.ends_at, self.recall.next_at()
        seconds = ((at - now).total_seconds() for at in times if at and at > now)
        longest = min(seconds, default=LONGEST_REST_SECONDS)
        return min(max(longest, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)

    def told(self, now: datetime, *, is_over: bool) -> RecallChanged:
        """How it stands, for all."""
        recall = self.recall
        return RecallChanged(
            at=now,
            recall_id=self.id,
            needed=recall.needed,
            ringing=recall.count(Standing.RINGING),
            confirmed=recall.count(Standing.CONFIRMED),
            arrived=recall.count(Standing.ARRIVED),
            declined=recall.count(Standing.DECLINED),
            late=len(recall.late(now)),
            ends_at=recall.ends_at,
            is_over=is_over,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A recall that is to begin, or one that is on for more people: kept in the transaction
    of who wants it, and carried out after that."""

    recall: RunningRecall
    needed: int
    rung: tuple[str, ...]
    is_new: bool

    async def keep(self, connection: Visit) -> None:
        """Write it; `rung` are those whom it may ring."""
        on = self.recall
        if self.is_new:
            await on.keep_new(connection)
            return
        needed, new = max(on.recall.needed, self.needed), on.recall.newcomers(self.rung)
        at = len(on.recall.people)
        await store.keep_enlarged(connection, on.id, needed, new, at)

    def enlarge(self) -> bool:
        """The recall that is on needs more from now on; false: it has just ended."""
        self.recall.recall.enlarge(self.needed, self.rung)
        self.recall.wake.set()
        return not self.recall.is_done
