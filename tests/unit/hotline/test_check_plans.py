"""What `hotline check` says of the neighbours of plan 3."""

import pytest
from pydantic import ValidationError

from config.plan_settings import NeighbourSection, PlanSection
from config.settings import Settings
from config.trunk_settings import TrunkSection
from hotline.check_plans import check_plans
from hotline.finding import Verdict

TRUNK = TrunkSection(name="telecom", host="192.0.2.5", caller_numbers=("053112345",))
BY_NUMBER = NeighbourSection(target="02012345", share=0.2)
BY_URI = NeighbourSection(name="south", target="sip:12345@192.0.2.20", share=0.1)


def plans(*neighbours: NeighbourSection) -> tuple[PlanSection, ...]:
    before = PlanSection(level=1), PlanSection(level=2)
    return *before, PlanSection(level=3, neighbours=neighbours)


def test_neighbour_whom_no_trunk_serves_is_named() -> None:
    (found,) = check_plans(Settings(plans=plans(BY_NUMBER, BY_URI)))
    assert found.verdict is Verdict.WARNING
    assert found.words.startswith("no trunk serves the number of neighbour_1:")


def test_neighbours_who_can_be_called_are_told_with_their_shares() -> None:
    settings = Settings(plans=plans(BY_NUMBER, BY_URI), trunks=(TRUNK,))
    (found,) = check_plans(settings)
    assert found.verdict is Verdict.GOOD
    assert found.words == "in plan 3 neighbour_1 20%, south 10% of new calls"


def test_without_neighbours_there_is_nothing_to_tell() -> None:
    assert list(check_plans(Settings())) == []


def test_neighbours_take_no_more_than_all_and_belong_to_plan_3() -> None:
    with pytest.raises(ValidationError, match="more than 1 together"):
        plans(*[NeighbourSection(target="02012345", share=0.6)] * 2)
    with pytest.raises(ValidationError, match="plan 3 alone"):
        PlanSection(level=2, neighbours=(BY_URI,))
