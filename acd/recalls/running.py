"""A recall that is on, as the desk holds it: kept as it changes, and told."""

import asyncio
import logging
from datetime import datetime

from acd.recalls import store
from acd.recalls.events import RecallChanged
from acd.recalls.store import KeptRecall
from acd.staffing.recall import Recall, Recalled, Standing
from config.database import Database, DatabaseError

logger = logging.getLogger(__name__)

SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 0.05, 15.0


class RunningRecall:
    """One recall with its id; `wake` is set when there is news of it."""

    def __init__(self, database: Database, recall_id: str, recall: Recall) -> None:
        self._database, self.id, self.recall = database, recall_id, recall
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._written: dict[str, Recalled] = {}

    def person(self, who: str) -> Recalled | None:
        """How somebody stands; None: he is no part of it."""
        return next((p for p in self.recall.people if p.person_id == who), None)

    async def begin(self) -> None:
        """Write it, new."""
        kept = KeptRecall(
            id=self.id,
            began_at=self.recall.began_at,
            needed=self.recall.needed,
            called_off_at=None,
            ended_at=None,
            people=self.recall.people,
        )
        await store.keep_recall(self._database, kept)

    async def enlarge(self, needed: int, more: tuple[str, ...]) -> None:
        """The greater number is needed; they are rung from now on, and it is kept."""
        place = len(self.recall.people)
        new = self.recall.enlarge(needed, more)
        self.wake.set()
        await store.keep_enlarged(
            self._database, self.id, self.recall.needed, new, place
        )

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
