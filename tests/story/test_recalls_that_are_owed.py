"""Plan 2 when nobody can be rung, or the database cannot be written: nothing is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from acd.people.person import Post
from acd.plans.desk import AUTOMATIC, PlanOrder
from acd.plans.recall_orders import nobody_yet
from acd.recalls.store import last_recalls
from acd.rosters.store import put_shifts
from acd.staffing.escalation import PlanReason, Turn
from acd.staffing.recall import Standing
from acd.staffing.roster import Shift
from config.database import DatabaseError
from tests.story.emergency_city import MANAGER, TODAY, Scene, emergency, plan_desk

pytestmark = pytest.mark.looptime

PLAN_2 = PlanOrder(level=2, author=MANAGER, people=2)
STOP = PlanOrder(level=0, author=MANAGER)
A_QUARTER = 900


@asynccontextmanager
async def quiet(database_url: str, *, are_tired: bool = False) -> AsyncIterator[Scene]:
    """Nobody calls; telephones at home only ring, and tired people may be rung from 9:15 on."""
    async with emergency(
        database_url, calls=1000, times=lambda _: 0.0, off_duty=4
    ) as scene:
        scene.city.hotline.endpoint.answer_policy = lambda leg: leg.peer_rings()
        if are_tired:
            nights = [
                Shift(person_id=who, day=TODAY, start=0, cells=(Post.PHONES,) * 5)
                for who in scene.city.off_duty
            ]
            async with scene.city.database.begin() as connection:
                await put_shifts(connection, nights)
        yield scene


@asynccontextmanager
async def refused(scene: Scene, doing: str) -> AsyncIterator[None]:
    """The database does not take it, as if its disk were full."""
    async with scene.city.database.begin() as connection:
        await connection.execute(
            text(
                f"CREATE TRIGGER full BEFORE {doing} ON recalls "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        )
    yield
    async with scene.city.database.begin() as connection:
        await connection.execute(text("DROP TRIGGER full"))


def rung(scene: Scene) -> list[str]:
    return [request.number for request in scene.city.hotline.placer.requests]


async def test_who_cannot_be_rung_yet_is_rung_as_soon_as_somebody_can_be(
    database_url: str,
) -> None:
    async with quiet(database_url, are_tired=True) as scene:
        view = await scene.plans.order(PLAN_2)
        assert (view.state.level, view.answer) == (2, nobody_yet(2))
        await asyncio.sleep(A_QUARTER - 120)
        assert rung(scene) == []
        assert await last_recalls(scene.city.database, 1) == []
        await asyncio.sleep(240)
        assert len(set(rung(scene))) == 4
        [recall] = await last_recalls(scene.city.database, 2)
        assert recall.needed == 2
        assert scene.plans.view().state.recall_owed is None
        newest, ordered = await scene.plans.history(10)
        told = newest.decision
        assert (told.turn, told.reason) == (Turn.RECALLED, PlanReason.CAN_RING)
        assert (told.people, newest.decided_by) == (2, AUTOMATIC.name)
        assert (ordered.decision.turn, ordered.decision.people) == (Turn.CHANGED, None)


async def test_recall_that_is_owed_outlives_a_restart(database_url: str) -> None:
    async with quiet(database_url, are_tired=True) as scene:
        await scene.plans.order(PLAN_2)
        await scene.plans.__aexit__(None, None, None)
        async with plan_desk(scene.city, scene.recalls) as anew:
            assert anew.view().state.recall_owed == 2
            await asyncio.sleep(A_QUARTER + 120)
            assert len(set(rung(scene))) == 4


async def test_plan_2_of_a_service_without_a_trunk_recalls_when_it_has_one(
    database_url: str,
) -> None:
    async with quiet(database_url) as scene:
        await scene.plans.__aexit__(None, None, None)
        async with plan_desk(scene.city, None) as without:
            view = await without.order(PlanOrder(level=2, author=MANAGER))
            assert (view.can_recall, view.state.recall_owed) == (False, 1)
        async with plan_desk(scene.city, scene.recalls):
            await asyncio.sleep(5)
            assert rung(scene)


async def test_end_of_the_plan_is_the_end_of_what_is_owed(database_url: str) -> None:
    async with quiet(database_url, are_tired=True) as scene:
        await scene.plans.order(PLAN_2)
        await scene.plans.order(STOP)
        assert scene.plans.view().state.recall_owed is None
        await asyncio.sleep(A_QUARTER + 120)
        assert rung(scene) == []


async def test_plan_2_is_on_with_its_recall_or_not_at_all(database_url: str) -> None:
    async with quiet(database_url) as scene:
        async with refused(scene, "INSERT"):
            with pytest.raises(DatabaseError):
                await scene.plans.order(PLAN_2)
            assert scene.plans.view().state.level == 0
            assert await scene.plans.history(1) == []
            assert (scene.city.told.levels, rung(scene)) == ([], [])
        await scene.plans.order(PLAN_2)
        await asyncio.sleep(5)
        assert scene.city.told.levels and rung(scene)


async def test_plan_2_ends_with_its_recall_or_not_at_all(database_url: str) -> None:
    async with quiet(database_url) as scene:
        await scene.plans.order(PLAN_2)
        await asyncio.sleep(5)
        async with refused(scene, "UPDATE"):
            with pytest.raises(DatabaseError):
                await scene.plans.order(STOP)
            assert scene.plans.view().state.level == 2
        await scene.plans.order(STOP)
        [recall] = await last_recalls(scene.city.database, 1)
        assert recall.called_off_at
        told = [e for e in scene.city.told.recalled if e.standing == "called_off"]
        ringing = [p for p in recall.people if p.standing is Standing.RINGING]
        assert len(told) == len(ringing) > 0
