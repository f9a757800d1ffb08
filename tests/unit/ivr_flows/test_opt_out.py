"""The key 9 ends follow-up calls: their flows may give it no other meaning."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from config.trunk_settings import TrunkSection
from ivr_flows.flow import BUILT_IN, FlowError, check_file, load_flow, load_flows
from ivr_flows.opt_out import check_follow_up
from tests.unit.ivr_flows.flows import flow_of, written

TAKEN = {
    "survey, answers: {1: good, 9: bad}": "2: answers: 9 ends",
    "menu, keys: {9: end}": "2: keys: 9 ends",
    "collect, into: order": "2: into: 9 ends",
    'record_message, end_key: "9"': "2: end_key: 9 ends",
    "enqueue, leave_key: 9, left: end": "2: leave_key: 9 ends",
    "enqueue, call_back_key: 2": "2: call_back_key: 9 ends",
    "enqueue, move_keys: {9: expert}": "2: move_keys: 9 ends",
}


@pytest.mark.parametrize("step", TAKEN)
def test_step_that_wants_the_key_for_itself_is_told(tmp_path: Path, step: str) -> None:
    flow = flow_of(tmp_path, f"steps:\n  a: {{do: {step}}}\n  end: {{do: hang_up}}\n")
    (finding,) = check_follow_up(flow)
    assert TAKEN[step] in str(finding)
    assert finding.fatal


def test_built_in_follow_up_leaves_the_key_alone() -> None:
    assert list(check_follow_up(load_flow(BUILT_IN / "follow_up.yaml"))) == []


def test_service_with_such_a_follow_up_is_refused(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: menu, keys: {9: end}}\n  end: {do: hang_up}\n"
    file = written(tmp_path, text)
    given = Settings()
    settings = given.model_copy(
        update={
            "ivr": given.ivr.model_copy(update={"flows_dir": tmp_path}),
            "outbound": given.outbound.model_copy(update={"flow": "f"}),
            "trunks": (
                TrunkSection(name="a", host="192.0.2.1", caller_numbers=("12345",)),
            ),
        }
    )
    with pytest.raises(FlowError, match="9 ends follow-up calls"):
        load_flows(settings)
    _, findings = check_file(settings, file, datetime.now(UTC))
    assert any("9 ends" in str(finding) for finding in findings)
