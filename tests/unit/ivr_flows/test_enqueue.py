"""What a flow may ask of the queue: priorities, and skills that somebody has."""

import re
from pathlib import Path

import pytest

from ivr_flows.actions import EMERGENCY, EnterQueue, HangUp
from ivr_flows.checks import queues_entered, queues_passed_by
from ivr_flows.flow import FlowError, queues_of
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


def test_queue_that_is_not_there_is_a_fault_unless_the_flow_knows_a_way_on(
    tmp_path: Path,
) -> None:
    text = "steps:\n  a: {{do: enqueue, queue: generous{}}}\n  end: {{do: hang_up}}\n"
    assert any(finding.fatal for finding in findings(tmp_path, text.format("")))
    passing = text.format(", no_queue: end")
    assert not any(finding.fatal for finding in findings(tmp_path, passing))
    flow = flow_of(tmp_path, passing)
    assert queues_passed_by(flow, ["general"]) == ["generous"]
    assert queues_entered(flow, ["general"]) == set()
    for queues, action in (
        (frozenset({"general"}), HangUp),
        (frozenset({"generous"}), EnterQueue),
        (None, EnterQueue),
    ):
        _, wish = begin(flow, FlowContext(queues=queues), NOW)
        assert isinstance(wish, action)
    with pytest.raises(FlowError, match="no_queue needs a queue"):
        flow_of(
            tmp_path,
            "steps:\n  a: {do: enqueue, no_queue: b}\n  b: {do: hang_up}\n",
        )


def test_skill_that_no_agent_has_is_a_warning(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: enqueue, skills: {tax: 1, houses: 2}}\n  end: {do: hang_up}\n"
    (finding,) = findings(tmp_path, text)
    assert not finding.fatal
    assert "no agent has the skill 'houses'; did you mean 'housing'?" in str(finding)


MOVES = """\
steps:
  a:
    do: enqueue
    leave_key: "*"
    left: end
    move_keys: {3: tax, 4: houses}
    remind: [still_waiting]
    move_hints: {3: 税务请按三。, 4: [住房请按四。, still_waiting]}
  end: {do: hang_up}
"""


def test_keys_lead_to_the_queues_that_are_there_and_are_said_for_these_alone(
    tmp_path: Path,
) -> None:
    flow = flow_of(tmp_path, MOVES)
    assert queues_entered(flow, ["general", "tax"]) == {"general", "tax"}
    assert queues_passed_by(flow, ["general", "tax"]) == ["houses"]
    assert queues_of({"moves": flow}) == {"tax": "moves", "houses": "moves"}
    context = FlowContext(queues=frozenset({"general", "tax"}))
    _, wish = begin(flow, context, NOW)
    assert isinstance(wish, EnterQueue)
    assert wish.move_keys == {"3": "tax"}
    assert [s.words for s in wish.remind] == ["still_waiting", "税务请按三。"]
    _, wish = begin(flow, FlowContext(), NOW)
    assert isinstance(wish, EnterQueue)
    assert wish.move_keys == {"3": "tax", "4": "houses"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("{3: tax,", '{"*": tax,'), "move_keys must be other keys"),
        (("4: houses}", '4: ""}'), "each of move_keys names a queue"),
        (("4: houses}", "5: houses}"), "move_hints speak of 4, which is no move key"),
        (("{3: tax,", "{33: tax,"), "'33' is no key of a telephone"),
    ],
)
def test_keys_that_cannot_be_are_refused(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    with pytest.raises(FlowError, match=re.escape(fault)):
        flow_of(tmp_path, MOVES.replace(*change))


def test_hint_that_nobody_can_say_is_a_fault(tmp_path: Path) -> None:
    text = MOVES.replace("still_waiting]}", "still_wating]}")
    (found,) = [f for f in findings(tmp_path, text) if f.fatal]
    assert "did you mean 'still_waiting'?" in str(found)
