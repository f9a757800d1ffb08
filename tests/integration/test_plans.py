"""The emergency plans on a real database: what a level does, and what is kept of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from acd.messages import AgentLogsOut, CallerEnters
from acd.people.person import Post
from acd.plans.desk import PlanOrder, PlanRefused
from acd.plans.rules import Plan1, PlansRules
from acd.plans.wrap_up import PlanWrapUp
from acd.rosters.store import put_shifts, shifts_between
from acd.rule_changes.changes import RuleChanges
from acd.rule_changes.store import changes_page
from acd.staffing.escalation import PLAN_1, USUAL_PLANS, PlanReason, Turn
from config.clock import LoopClock
from config.queue_settings import WrittenRules
from tests.integration.staffed_city import CELL, MANAGER, NOON, TODAY, D, P, city, shift

pytestmark = pytest.mark.integration

DISPATCH = PlansRules(plan_1=Plan1(posts=(Post.DISPATCH,)))
AUTOMATIC = PlansRules(
    plan_1=Plan1(posts=(Post.DISPATCH,)),
    plans=(replace(PLAN_1, automatic=True, rise_for_seconds=0), *USUAL_PLANS[1:]),
    look_seconds=3600,
)
START = PlanOrder(level=1, author=MANAGER, note="power cut")
STOP = PlanOrder(level=0, author=MANAGER)


async def test_plan_1_moves_a_post_to_the_phones_and_its_end_moves_it_back(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        await plans.order(START)
        assert here.state("1003") == ("ready", "")
        assert here.levels == [1]
        today = await shifts_between(here.database, TODAY, TODAY)
        own = next(s for s in today if s.person_id == "1003")
        assert {own.post(TODAY, cell) for cell in range(CELL, CELL + 16)} == {P}
        await plans.order(STOP)
        assert here.state("1003") == ("paused", "other_post")
        assert here.levels == [1, 0]
        assert shift("1003", D) in await shifts_between(here.database, TODAY, TODAY)
        assert [m.state for m in here.moved] == ["plan_1", "plan_1_over"]


async def test_every_decision_is_kept_with_what_was_foreseen(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        await plans.order(START)
        [kept] = await plans.history(10)
        assert (kept.decided_by, kept.note) == ("li", "power cut")
        assert kept.decision.reason is PlanReason.ORDERED
        assert kept.sight and [level.level for level in kept.sight.levels] == [
            0,
            1,
            2,
            3,
        ]


async def test_dry_run_tells_whom_plan_1_would_move_and_changes_nothing(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        run = await plans.dry_run()
        assert [move.person_id for move in run.moves] == ["1003"]
        assert run.sight.levels[1].agents == run.sight.levels[0].agents + 1
        assert here.levels == [] and await plans.history(1) == []
        assert shift("1003", D) in await shifts_between(here.database, TODAY, TODAY)


async def test_whoever_is_not_logged_in_is_not_counted_nor_moved_but_named(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        here.distributor.send(AgentLogsOut(agent_id="1003"))
        run = await plans.dry_run()
        assert (run.moves, run.absent) == ((), ("1003",))
        assert run.sight.levels[1].agents == run.sight.levels[0].agents
        await plans.order(START)
        assert here.moved == []
        assert shift("1003", D) in await shifts_between(here.database, TODAY, TODAY)


async def test_quarter_before_midnight_sees_who_works_after_it(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        here.clock = LoopClock(NOON + timedelta(hours=11, minutes=43))
        today = replace(shift("1001", P), start=64, cells=(P,) * 32)
        night = replace(today, person_id="1002", cells=(P,) * 40)
        morning = replace(today, person_id="1003", day=TODAY + timedelta(days=1))
        async with here.database.begin() as connection:
            await put_shifts(connection, [today, night, replace(morning, start=0)])
        async with here.plans(DISPATCH) as plans:
            run = await plans.dry_run()
        assert run.sight.levels[0].agents == 2, "1001 goes home, and 1003 comes"


async def test_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    rules = replace(DISPATCH, plans=DISPATCH.plans[:1])
    async with city(tmp_path) as here, here.plans(rules) as plans:
        with pytest.raises(PlanRefused, match="take 0 \\(normal\\) to 1"):
            await plans.order(PlanOrder(level=2, author=MANAGER))


async def test_line_that_grows_begins_an_automatic_plan(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.plans(AUTOMATIC) as plans:
        await plans.look()
        assert plans.view().state.level == 0
        for n in range(400):
            here.distributor.send(CallerEnters(call_id=f"C{n}", queue="general"))
        view = await plans.look()
        assert view.state.level == 1
        [kept, *_] = await plans.history(1)
        assert (kept.decided_by, kept.decision.turn) == ("automatic", Turn.CHANGED)
        assert kept.decision.wait_seconds and kept.decision.wait_seconds > 90


async def test_plan_that_is_not_automatic_is_proposed(tmp_path: Path) -> None:
    plans_1 = (replace(PLAN_1, rise_for_seconds=0), *USUAL_PLANS[1:])
    rules = replace(AUTOMATIC, plans=plans_1)
    async with city(tmp_path) as here, here.plans(rules) as plans:
        for n in range(400):
            here.distributor.send(CallerEnters(call_id=f"C{n}", queue="general"))
        view = await plans.look()
        assert (view.state.level, view.state.proposed) == (0, 1)
        assert here.levels == []


async def test_restarted_service_is_at_the_level_that_it_was_and_can_end_it(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here:
        async with here.plans(DISPATCH) as plans:
            await plans.order(START)
        here.clock = LoopClock(NOON + timedelta(minutes=20))
        async with here.plans(DISPATCH) as plans:
            assert plans.view().state.level == 1
            assert here.levels == [1, 1], "who starts anew is told"
            await plans.order(STOP)
        today = await shifts_between(here.database, TODAY, TODAY)
        own = next(s for s in today if s.person_id == "1003")
        assert own.post(TODAY, CELL) is P, "what is over stays"
        assert own.post(TODAY, CELL + 1) is D


async def test_shift_that_was_changed_meanwhile_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        await plans.order(START)
        other = replace(shift("1003", Post.QUALITY))
        async with here.database.begin() as connection:
            await put_shifts(connection, [other])
        await plans.order(STOP)
        assert other in await shifts_between(here.database, TODAY, TODAY)


async def test_wrap_up_is_shorter_during_the_plan_and_as_it_was_after_it(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        changes = here.rule_changes()
        own = (await changes.rules("general")).rules.wrap_up_seconds
        async with PlanWrapUp(here.database, changes, here.bus, 3):
            await plans.order(START)
            await until_wrap_up(changes, 3)
            await plans.order(STOP)
            await until_wrap_up(changes, own)
        [back, shortened, *_] = await changes_page(here.database, name="general")
        assert {back.changed_by, shortened.changed_by} == {"plan"}


async def test_wrap_up_that_a_person_sets_during_the_plan_stays_his(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        changes = here.rule_changes()
        wrap_up = PlanWrapUp(here.database, changes, here.bus, 3)
        async with wrap_up:
            await plans.order(START)
            await until_wrap_up(changes, 3)
            await changes.change_rules("general", to_seconds(25), MANAGER)
            await plans.order(replace(START, level=2))
            await wrap_up.settle()
            await plans.order(STOP)
            await wrap_up.settle()
        assert (await changes.rules("general")).rules.wrap_up_seconds == 25


async def test_wrap_up_is_given_back_after_a_kill(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.plans(DISPATCH) as plans:
        changes = here.rule_changes()
        own = (await changes.rules("general")).rules.wrap_up_seconds
        await plans.order(START)
        async with PlanWrapUp(here.database, changes, here.bus, 3):
            await until_wrap_up(changes, 3)
        await plans.order(STOP)  # and the service is killed before it is given back
        async with PlanWrapUp(here.database, changes, here.bus, 3):
            await until_wrap_up(changes, own)


def to_seconds(seconds: float) -> Callable[[WrittenRules], WrittenRules]:
    return lambda rules: rules.model_copy(update={"wrap_up_seconds": seconds})


async def until_wrap_up(changes: RuleChanges, seconds: float) -> None:
    async with asyncio.timeout(60):
        while (await changes.rules("general")).rules.wrap_up_seconds != seconds:
            await asyncio.sleep(0.01)
