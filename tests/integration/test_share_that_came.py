"""The share that came in recalls of before, by how each of them ended."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from acd.recalls import store
from acd.staffing.recall import Recalled, Standing
from tests.fakes.console import small_database

pytestmark = pytest.mark.integration

AT = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
ONE_OF_EACH = tuple(Recalled(person_id=s.value, standing=s) for s in Standing)


@pytest.mark.parametrize(
    ("ends", "rung", "came"),
    [
        pytest.param((), 4, 2, id="it goes on: who has not answered may yet come"),
        pytest.param(("called_off",), 4, 2, id="called off: he might have come"),
        pytest.param(("called_off", "ended"), 4, 2, id="and then over"),
        pytest.param(("ended",), 6, 1, id="it ran to its end: one arrived of six"),
    ],
)
async def test_only_who_is_known_to_come_or_not_is_counted(
    tmp_path: Path, ends: tuple[str, ...], rung: int, came: int
) -> None:
    async with small_database(tmp_path) as database:
        recall = store.KeptRecall(
            id="r",
            began_at=AT,
            needed=3,
            called_off_at=None,
            ended_at=None,
            people=ONE_OF_EACH,
        )
        async with database.begin() as connection:
            await store.keep_recall(connection, recall)
            for end in ends:
                called_off = end == "called_off"
                await store.keep_end(connection, "r", called_off=called_off, at=AT)
        async with database.read() as connection:
            assert await store.share_that_came(connection) == (rung, came)


async def test_before_any_recall_nobody_was_rung(tmp_path: Path) -> None:
    async with small_database(tmp_path) as database, database.read() as connection:
        assert await store.share_that_came(connection) == (0, 0)
