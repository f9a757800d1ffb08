"""Recalls that follow each other, and those that people enlarge, through the service's desks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from acd.messages import AgentLogsIn
from acd.plans.desk import PlanOrder
from acd.recalls.store import KeptRecall, last_recalls
from acd.staffing.escalation import Turn
from acd.staffing.recall import Standing
from acd.staffing_reports.plan_reading import plans_report
from tests.fakes.telephony import FakeLeg
from tests.story.emergency_city import MANAGER, TODAY, ZONE, Scene, emergency

pytestmark = pytest.mark.looptime

STOP = PlanOrder(level=0, author=MANAGER)


def start(people: int | None = None, level: int = 2) -> PlanOrder:
    return PlanOrder(level=level, author=MANAGER, people=people)


@asynccontextmanager
async def quiet(database_url: str, off_duty: int = 12) -> AsyncIterator[Scene]:
    """Nobody calls; whoever is recalled is at home, and his telephone only rings."""
    async with emergency(
        database_url, calls=1000, times=lambda _: 0.0, off_duty=off_duty
    ) as scene:
        scene.city.hotline.endpoint.answer_policy = lambda leg: leg.peer_rings()
        yield scene


def rung(scene: Scene) -> list[str]:
    """The numbers that were called, in order."""
    return [request.number for request in scene.city.hotline.placer.requests]


async def kept(scene: Scene) -> list[KeptRecall]:
    """The newest first."""
    return await last_recalls(scene.city.database, 10)


def picks_up(scene: Scene, key: str) -> None:
    """From now on whoever is rung answers after a second, with a key at each question."""

    async def at_home(leg: FakeLeg) -> None:
        leg.peer_answers()
        for _ in range(2):
            await asyncio.sleep(7)
            if not leg.ended.done():
                leg.press(key)

    scene.city.hotline.endpoint.answer_policy = lambda leg: scene.city._begin(
        at_home(leg)
    )


async def test_plan_2_at_once_after_its_end_recalls_anew_whom_it_still_rings(
    database_url: str,
) -> None:
    async with quiet(database_url) as scene:
        await scene.plans.order(start(2))
        await asyncio.sleep(5)
        first = rung(scene)
        assert len(first) == len(set(first)) > 1
        await scene.plans.order(STOP)
        await scene.plans.order(start(2))
        await asyncio.sleep(5)
        both = rung(scene)
        assert both[: len(first)] == first
        assert len(both) == len(set(both)), "nobody is rung twice at once"
        new, old = await kept(scene)
        assert old.called_off_at and old.ended_at and not new.called_off_at
        ringing = [p for p in new.people if p.standing is Standing.RINGING]
        assert len(ringing) == len(both)
        for phone in [placed.leg for placed in scene.city.hotline.endpoint.placed]:
            phone.peer_answers()
        for _ in range(2):
            await asyncio.sleep(7)
            for placed in scene.city.hotline.endpoint.placed:
                if not placed.leg.ended.done():
                    placed.leg.press("1")
        await asyncio.sleep(60)
        new, old = await kept(scene)
        comes = [p for p in new.people if p.standing is Standing.CONFIRMED]
        assert len(comes) == len(both)
        assert not [p for p in old.people if p.standing is Standing.CONFIRMED]
        assert len(rung(scene)) == len(both), "nobody is called off"


async def test_each_activation_has_its_own_recall_in_the_report(
    database_url: str,
) -> None:
    async with quiet(database_url) as scene:
        for _ in range(2):
            await scene.plans.order(start(2))
            await asyncio.sleep(5)
            await scene.plans.order(STOP)
            await asyncio.sleep(1)
        now = scene.city.hotline.clock.now()
        report = await plans_report(scene.city.database, TODAY, TODAY, ZONE, now)
        assert [s.recall and s.recall.needed for s in report.stories] == [2, 2]


async def test_whoever_was_told_off_is_rung_again_after_that_call(
    database_url: str,
) -> None:
    async with quiet(database_url, off_duty=1) as scene:
        picks_up(scene, "1")
        await scene.plans.order(start(1))
        await asyncio.sleep(40)
        [only] = await kept(scene)
        assert [p.standing for p in only.people] == [Standing.CONFIRMED]
        await scene.plans.order(STOP)
        await scene.plans.order(start(1))
        await asyncio.sleep(1)
        assert len(rung(scene)) == 2, "the call that tells him off is on"
        await asyncio.sleep(60)
        new, _ = await kept(scene)
        assert [p.standing for p in new.people] == [Standing.CONFIRMED]
        assert len(rung(scene)) == 3


async def test_more_people_are_recalled_while_plan_2_is_on(database_url: str) -> None:
    async with quiet(database_url) as scene:
        await scene.plans.order(start(1))
        await asyncio.sleep(5)
        before = len(rung(scene))
        view = await scene.plans.order(start(5))
        assert view.answer == "5 are recalled instead of 1"
        await asyncio.sleep(5)
        assert len(rung(scene)) > before
        [only] = await kept(scene)
        assert only.needed == 5, "kept with the recall"
        [more, begun] = await scene.plans.history(10)
        assert (more.decision.turn, more.decision.people) == (Turn.RECALLED, 5)
        assert (begun.decision.turn, begun.decision.people) == (Turn.CHANGED, 1)
        assert (more.decision.before, more.decision.level) == (2, 2)
        assert [level for _, level in scene.city.told.levels] == [2]


async def test_order_that_changes_nothing_is_answered_in_words(
    database_url: str,
) -> None:
    async with quiet(database_url) as scene:
        await scene.plans.order(start(3))
        fewer = await scene.plans.order(start(2))
        assert fewer.answer == "a recall of 3 is on already: no more are rung"
        same = await scene.plans.order(start())
        assert same.answer == "plan 2 is on already: no change"
        assert len(await scene.plans.history(10)) == 1


async def test_more_people_after_a_recall_is_over_are_a_new_one(
    database_url: str,
) -> None:
    async with quiet(database_url, off_duty=3) as scene:
        picks_up(scene, "2")
        await scene.plans.order(start(1))
        await asyncio.sleep(300)
        [declined] = await kept(scene)
        assert declined.ended_at
        view = await scene.plans.order(start(2, level=3))
        assert view.answer == "2 are recalled"
        await asyncio.sleep(5)
        new, _ = await kept(scene)
        assert (new.needed, new.ended_at) == (2, None)
        assert scene.plans.view().state.level == 3


async def test_whoever_is_logged_in_without_a_shift_is_not_rung(
    database_url: str,
) -> None:
    async with quiet(database_url, off_duty=2) as scene:
        here, home = scene.city.off_duty
        scene.city.hotline.distributor.send(AgentLogsIn(agent_id=here))
        run = await scene.plans.dry_run()
        assert run.recall and run.recall.rung == (home,)
        assert (here, "on_duty") in run.recall.passed_over
        await scene.plans.order(start(2))
        await asyncio.sleep(5)
        assert rung(scene) == [await scene.city.number_of(home)]
