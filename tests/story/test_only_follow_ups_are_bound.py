"""Windows, caps, gaps and yielding bind follow-up calls only, on the real way out.

One number is all at once: a citizen's whom a campaign wants to ask, a citizen's to whom a
call-back is owed, and that of a colleague who is recalled. It is on a do-not-call list,
too. Whatever holds the follow-up call back, the others go out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from acd.ledger.debt import DebtState
from acd.people.archive import keep_person
from acd.people.person import Person, Post
from acd.placing import CallPlaced, TrafficClass
from acd.recalls.call import RecallCallRules
from acd.recalls.desk import RecallDesk, RecallPlan
from acd.recalls.events import RecallChanged
from acd.staffing.recall import RecallRules
from ivr_flows.flow import BUILT_IN, load_flow
from outbound.placer import Placer
from outbound.rules import FollowUpRules
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, files_heard
from tests.story.campaigns import (
    ALL_DAY,
    CampaignStory,
    citizens,
    number_of,
    open_campaigns,
)
from tests.story.hotline import StoryHotline
from tests.story.test_call_backs import asked, state
from tests.story.test_inbound_comes_first import change_level
from tests.unit.telephony.trunk_lines import PLAN, trunk, trunks_of

pytestmark = pytest.mark.looptime

MORNING_ONLY = FollowUpRules(windows=((time(9), time(10)),))
ONE_A_DAY = replace(ALL_DAY, number_calls_a_day=1, gap_hours=0)
LONG_GAP = replace(ALL_DAY, gap_hours=24)
HELD_BACK = ("no_window", "cap", "gap", "plan", "do_not_call", "no_room")
NUMBER = number_of(0)


def placer_of(hotline: StoryHotline) -> Placer:
    """The dialler of the service, over one trunk."""
    hotline.endpoint.trunks = {"telecom"}
    trunks = trunks_of(trunk(host="trunk.test"))
    return Placer(hotline.endpoint, trunks, PLAN, hotline.bus, hotline.clock)


class Scene:
    """Campaigns that may not call the number now; `placed` is what went out, in order.

    `before` follow-up calls went out while one still might.
    """

    def __init__(self, story: CampaignStory, before: int) -> None:
        self.story, self.hotline, self.before = story, story.hotline, before
        self.placed: list[TrafficClass] = []
        self.hotline.bus.subscribe(
            CallPlaced, lambda told: self.placed.append(told.traffic)
        )

    @property
    def leg(self) -> FakeLeg:
        """The newest over the trunk."""
        placed = self.hotline.endpoint.placed
        return [each.leg for each in placed if each.trunk][-1]

    @property
    def went_out(self) -> list[TrafficClass]:
        """What has gone out since follow-up calls are held back."""
        assert self.placed[: self.before] == [TrafficClass.FOLLOW_UP] * self.before
        return self.placed[self.before :]


@asynccontextmanager
async def held_back(why: str, url: str) -> AsyncIterator[Scene]:
    """Two campaigns want to call the number, and for this reason may not."""
    when = {"no_window": MORNING_ONLY, "cap": ONE_A_DAY, "gap": LONG_GAP}
    lines = 0 if why == "no_room" else 5
    rules = when.get(why, ALL_DAY)
    async with open_campaigns(
        url, "a", lines=lines, when=rules, placer_of=placer_of
    ) as story:
        scene = Scene(story, 1 if why in ("cap", "gap") else 0)
        if why == "do_not_call":
            await story.store.opt_out(NUMBER, story.hotline.clock.now())
        if why == "plan":
            change_level(story, 1, 0)
        await story.enter(1)
        await asyncio.sleep(60)
        await story.enter(1, campaign="december")
        await asyncio.sleep(180)
        assert scene.went_out == []
        citizens(story.hotline, lambda _, leg: answers_after(1)(leg))
        yield scene
        await asyncio.sleep(180)
        assert TrafficClass.FOLLOW_UP not in scene.went_out


@pytest.mark.parametrize("why", HELD_BACK)
async def test_recall_and_call_back_go_out_whatever_holds_a_follow_up_back(
    why: str, database_url: str
) -> None:
    async with held_back(why, database_url) as scene, recalls_of(scene) as recalls:
        prepared = await recalls.prepare(1)
        assert prepared
        async with scene.story.database.begin() as connection:
            await prepared.keep(connection)
        assert await recalls.begin(prepared)
        await asyncio.sleep(8)
        assert files_heard(scene.leg)[0] == "recall_greeting.wav"
        for _ in range(2):
            scene.leg.press("1")
            await asyncio.sleep(6)
        assert scene.hotline.all(RecallChanged)[-1].confirmed == 1
        await asked(scene.hotline)
        scene.hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = scene.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(20)
        assert agent.hears_voice_of(scene.leg)
        agent.peer_hangs_up()
        await asyncio.sleep(60)
        assert state(scene.hotline) is DebtState.DONE
        assert scene.went_out == [TrafficClass.RECALL, TrafficClass.CALL_BACK]


@asynccontextmanager
async def recalls_of(scene: Scene) -> AsyncIterator[RecallDesk]:
    """The desk of recalls, and one colleague at home, whose number it is."""
    hotline, database = scene.hotline, scene.story.database
    home = Person(
        id="p1", name="王小明", posts=(Post.PHONES,), contact="sip:p1@127.0.0.3"
    )
    async with database.begin() as connection:
        await keep_person(connection, home, "sealed", hotline.clock.now())

    async def number(_person_id: str) -> str:
        return NUMBER

    flow = load_flow(BUILT_IN / "recall.yaml")
    call = RecallCallRules(flow_of=lambda: flow)
    plan = RecallPlan(rules=RecallRules(), call=call)
    zone = ZoneInfo("Asia/Shanghai")
    desk = RecallDesk(database, plan, hotline.equipment, number, zone)
    async with desk as recalls:
        yield recalls
