"""What the dialler knows of the emergency plans before they have said a word."""

from pathlib import Path

import pytest

from acd.plans.desk import PlanOrder
from acd.plans.rules import PlansRules
from acd.run_time.settings import RunTimeSettings
from config.settings import HotlineSection, Settings
from config.trunk_settings import TrunkSection
from hotline.follow_ups import open_follow_ups
from ivr_flows.flow import load_flows
from outbound.standing import Pace
from tests.integration.staffed_city import MANAGER, city
from tests.story.hotline import open_hotline

pytestmark = pytest.mark.integration

TRUNK = TrunkSection(name="a", host="192.0.2.1", caller_numbers=("12345",))


@pytest.mark.parametrize("level", [0, 2])
async def test_dialler_is_held_back_by_the_plan_that_was_on(
    tmp_path: Path, level: int
) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=tmp_path), trunks=(TRUNK,))
    async with city(tmp_path) as here, open_hotline() as hotline:
        async with here.plans(PlansRules()) as plans:
            await plans.order(PlanOrder(level=2, author=MANAGER))
            await plans.order(PlanOrder(level=level, author=MANAGER))
        parts = here.database, hotline.equipment.clock
        limits = (await RunTimeSettings.open(*parts, settings)).outbound
        flows = load_flows(settings)
        async with open_follow_ups(
            settings, here.database, hotline.equipment, flows, {}, limits
        ) as follow_ups:
            assert follow_ups.dialler
            is_held = follow_ups.dialler.standing().pace is Pace.PLAN
            assert is_held is (level > 0)
