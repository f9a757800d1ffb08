"""What a flow may ask of the queue: priorities, and skills that somebody has."""

from pathlib import Path

import pytest

from ivr_flows.actions import EMERGENCY, EnterQueue
from ivr_flows.interpreter import FlowContext, begin
from tests.unit.ivr_flows.flows import NOW, findings, flow_of


@pytest.mark.parametrize(("word", "priority"), [("emergency", EMERGENCY), ("100", 100)])
def test_emergency_goes_before_all_priorities(
    tmp_path: Path, word: str, priority: int
) -> None:
    text = f"steps:\n  a: {{do: enqueue, priority: {word}}}\n  end: {{do: hang_up}}\n"
    _, wish = begin(flow_of(tmp_path, text), FlowContext(), NOW)
    assert isinstance(wish, EnterQueue)
    assert wish.priority == priority


def test_skill_that_no_agent_has_is_a_warning(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: enqueue, skills: {tax: 1, houses: 2}}\n  end: {do: hang_up}\n"
    (finding,) = findings(tmp_path, text)
    assert not finding.fatal
    assert (
        "no agent of the settings has the skill 'houses'; did you mean 'housing'?"
        in str(finding)
    )
