"""A shift that is too small for its calls, in a small service, whatever the hour is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from acd import events as e
from acd.adjustments.posts import AT_ANOTHER_POST
from acd.messages import AgentLogsIn, AgentPauses
from acd.people.person import Post
from acd.recalls.store import KeptRecall, keep_recall
from acd.records.writer import write_events
from acd.rosters.store import put_shifts
from acd.rule_changes.rows import Author
from acd.staffing.recall import Recalled, Standing
from acd.staffing.roster import Shift, cell_of
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.console import CITY, SmallService
from tests.fakes.migrated import migrated

MANAGER = Author(name="li", peer="")
NAMES = {"1001": "王芳", "1002": "李强", "1003": "张敏", "2001": "赵磊"}
BEFORE_CELLS, CELLS_LONG = 8, 24
EVERY_SECONDS = 75


async def fill_shift(service: SmallService) -> None:
    """1001 and 1002 on the phones, 1003 at dispatch, 2001 in training.

    1002 is rostered and not logged in.
    """
    people = [
        {"id": who, "name": name, "posts": "phones;dispatch;training"}
        for who, name in NAMES.items()
    ]
    people[-1]["contact"] = "sip:2001@127.0.0.1"
    taken = await service.view.people.take(people, MANAGER)
    assert not taken.refused, taken.refused
    posts = dict(zip(NAMES, _POSTS, strict=True))
    async with service.database.begin() as connection:
        shifts = [_shift(who, post) for who, post in posts.items()]
        await put_shifts(connection, shifts)
    for who in ("1001", "1003", "2001"):
        service.distributor.send(AgentLogsIn(agent_id=who))
    for who in ("1003", "2001"):
        service.distributor.send(AgentPauses(agent_id=who, reason=AT_ANOTHER_POST))


async def keep_a_recall(service: SmallService) -> None:
    """Of three people, begun ten minutes ago: one is there, one is late, one declined."""
    began = datetime.now(UTC) - timedelta(minutes=10)
    at = [began + timedelta(minutes=minutes) for minutes in range(10)]
    people = (
        _recalled("1001", Standing.ARRIVED, at[1], due_at=at[9], arrived_at=at[8]),
        _recalled("1002", Standing.CONFIRMED, at[1], due_at=at[6]),
        _recalled("1003", Standing.DECLINED, at[2]),
        Recalled(person_id="2001"),
    )
    recall = KeptRecall(
        id="r1",
        began_at=began,
        needed=2,
        called_off_at=None,
        ended_at=None,
        people=people,
    )
    async with service.database.begin() as connection:
        await keep_recall(connection, recall)


def _recalled(who: str, standing: Standing, rung: datetime, **more: Any) -> Recalled:
    return Recalled(person_id=who, standing=standing, tries=1, rung_at=rung, **more)


_POSTS = Post.PHONES, Post.PHONES, Post.DISPATCH, Post.TRAINING


def _shift(who: str, post: Post) -> Shift:
    """From two hours ago on, or from midnight."""
    day, cell = cell_of(datetime.now(UTC), CITY)
    start = max(cell - BEFORE_CELLS, 0)
    return Shift(person_id=who, day=day, start=start, cells=(post,) * CELLS_LONG)


async def record_week_in(directory: Path) -> None:
    """A week of calls in the database of a small service that has not started yet.

    The days before are learned from once, soon after the start.
    """
    async with Database(migrated(directory / "hotline.sqlite")) as database:
        await record_week(database)


async def record_week(database: Database) -> None:
    """As many calls from an hour ago until in three hours, on each day of a week."""
    now = datetime.now(UTC)
    events: list[e.Event] = []
    for day in range(8):
        for n in range(4 * 3600 // EVERY_SECONDS):
            at = (
                now
                - timedelta(days=day, hours=1)
                + timedelta(seconds=EVERY_SECONDS * n)
            )
            if at < now - timedelta(minutes=5):
                events += told.answered_call(f"{day:02}{n:03}", start=at)
    for place in range(0, len(events), 500):
        await write_events(database, events[place : place + 500])
