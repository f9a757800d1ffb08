"""Five emergencies through the desks that the service runs, with citizens who really wait."""

from dataclasses import replace

import pytest

from acd.plans.desk import PlanOrder
from acd.recalls.store import last_recalls
from acd.staffing.escalation import USUAL_PLANS, PlanReason, Turn
from acd.staffing.recall import Standing
from tests.story.emergency_city import (
    MANAGER,
    EmergencyCity,
    Scene,
    Times,
    emergency,
)

pytestmark = pytest.mark.looptime

AUTOMATIC = tuple(replace(plan, automatic=True) for plan in USUAL_PLANS[:2])
POWER_CUT = 10.0
"""Minutes after nine."""


def storm(times: float, until: float = 1e9) -> Times:
    """So many times the usual calls from the power cut on."""
    return lambda minute: times if POWER_CUT <= minute < until else 1.0


def states(city: EmergencyCity, who: list[str]) -> set[tuple[str, str]]:
    """Whether they are on the phones, and else why not."""
    agents = {a.id: a for a in city.hotline.distributor.agents()}
    there = {"ready", "offered", "talking", "wrap_up"}
    return {
        ("there", "")
        if agents[w].state in there
        else (agents[w].state, agents[w].reason)
        for w in who
    }


def standing(scene: Scene, kind: Standing) -> int:
    """How many of the recall stand so, by what was told last of each."""
    last = {one.person_id: one.standing for one in scene.city.told.recalled}
    return sum(each == kind for each in last.values())


async def test_power_cut_goes_through_both_plans_and_back_to_normal(
    database_url: str,
) -> None:
    async with emergency(
        database_url, calls=1000, times=storm(12, until=50), plans=AUTOMATIC
    ) as scene:
        city, told = scene.city, scene.city.told
        await city.live(30)
        one, two = told.begun(1), told.begun(2)
        assert one is not None and one - POWER_CUT <= 6
        assert two is not None and one < two <= POWER_CUT + 10
        assert states(city, city.at_posts) == {("there", "")}
        assert {m.person_id for m in told.moved} == set(city.at_posts)
        assert told.recalls[0].needed > 0
        await city.live(20)
        assert scene.recalls.arrived >= told.recalls[0].needed / 2
        [kept] = await last_recalls(city.database, 1)
        came = [one for one in kept.people if one.standing is Standing.ARRIVED]
        assert len(came) == scene.recalls.arrived, "also who came last"
        await city.live(115)
        assert [level for _, level in told.levels] == [1, 2, 1, 0]
        assert states(city, city.at_posts) == {("paused", "other_post")}
        assert not city.hotline.distributor.queues()[0].waiting


async def test_slow_rise_moves_posts_and_fetches_nobody_from_home(
    database_url: str,
) -> None:
    def rises(minute: float) -> float:
        return 1 + 0.3 * min(max(minute - POWER_CUT, 0) / 60, 1)

    async with emergency(
        database_url, calls=2500, times=rises, plans=AUTOMATIC, posts=12
    ) as scene:
        await scene.city.live(110)
        assert [level for _, level in scene.city.told.levels] == [1]
        assert scene.city.told.recalled == []
        assert scene.city.hotline.placer.requests == []


async def test_false_alarm_recalls_nobody_and_gives_the_posts_back(
    database_url: str,
) -> None:
    async with emergency(
        database_url, calls=2500, times=storm(1.8, until=20), plans=AUTOMATIC
    ) as scene:
        city = scene.city
        await city.live(90)
        assert [level for _, level in city.told.levels] in ([1, 0], [])
        assert city.told.recalled == []
        assert states(city, city.at_posts) == {("paused", "other_post")}


async def test_recalled_staff_who_do_not_come_are_late_and_the_plan_stays(
    database_url: str,
) -> None:
    async with emergency(
        database_url, calls=1000, times=storm(6), plans=AUTOMATIC, off_duty=60
    ) as scene:
        city = scene.city
        city.comes = lambda who: None
        await city.live(30)
        assert city.told.begun(2) is not None
        assert standing(scene, Standing.CONFIRMED) >= city.told.recalls[-1].needed
        await city.live(40)
        assert scene.recalls.arrived == 0
        assert city.told.recalls[-1].late >= city.told.recalls[-1].needed
        assert len(city.told.recalls) < 400, "who is late is awaited in peace"
        assert scene.plans.view().state.level == 2
        assert city.told.lost(30, 60) > 0.2


async def test_shift_manager_who_ends_a_plan_is_not_overruled_for_half_an_hour(
    database_url: str,
) -> None:
    async with emergency(
        database_url, calls=1000, times=storm(6), plans=AUTOMATIC, off_duty=60
    ) as scene:
        city, told = scene.city, scene.city.told
        await city.live(25)
        two = told.begun(2)
        assert two is not None
        await scene.plans.order(PlanOrder(level=0, author=MANAGER, note="enough"))
        stopped = city.minute
        assert states(city, city.at_posts) <= {("paused", "other_post"), ("there", "")}
        rung = len(city.hotline.placer.requests)
        assert rung
        await city.live(25)
        assert [level for minute, level in told.levels if minute >= stopped] == [0]
        kept = await scene.plans.history(20)
        assert (kept[-1].decided_by, kept[-1].decision.turn) == (
            "automatic",
            Turn.CHANGED,
        )
        ended = next(k for k in kept if k.decision.reason is PlanReason.ORDERED)
        assert (ended.decided_by, ended.note) == ("li", "enough")
        assert any(k.decision.turn is Turn.PROPOSED for k in kept)
        called_off = {p.person_id for p in told.recalled if p.standing == "called_off"}
        assert len(city.hotline.placer.requests) - rung == len(called_off)
        last = {one.person_id: one.standing for one in told.recalled}
        assert {last[who] for who in called_off} == {"called_off"}, "the last word"
        await city.live(20)
        assert told.levels[-1][1] >= 1, "then the machine goes on"
