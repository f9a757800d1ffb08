"""Follow-ups and recalls ask what is counted, by the names under which it is counted."""

import pytest

from acd.recalls.call import what_was_said
from acd.staffing.recall import Answer
from config.settings import Settings
from config.trunk_settings import TrunkSection
from ivr_flows.counted import check_rated, check_recall
from ivr_flows.flow import BUILT_IN, findings_in
from ivr_flows.language import Flow, parse_flow
from tests.unit.ivr_flows.flows import NOW

FOLLOW_UP = (BUILT_IN / "follow_up.yaml").read_text(encoding="utf-8")
RECALL = (BUILT_IN / "recall.yaml").read_text(encoding="utf-8")
PLAIN = """
steps:
  contacted: {do: survey, answers: {1: "yes", 2: "no"}}
  solved: {do: survey, answers: {1: "yes", 2: "no"}}
  satisfied: {do: survey, answers: {1: satisfied, 2: dissatisfied}}
  end: {do: hang_up}
"""


def flow_of(text: str) -> Flow:
    return parse_flow(text, "f.yaml")


def rated(text: str) -> list[str]:
    """What is found, without the file."""
    return [str(each).removeprefix("f.yaml:") for each in check_rated(flow_of(text))]


def recalled(text: str) -> list[str]:
    return [str(each).removeprefix("f.yaml:") for each in check_recall(flow_of(text))]


def test_shipped_flows_ask_all_that_is_counted() -> None:
    assert rated(FOLLOW_UP) == rated(PLAIN) == recalled(RECALL) == []


@pytest.mark.parametrize("name", ["solved", "satisfied"])
def test_rated_question_under_another_name_is_a_fault_that_names_it(name: str) -> None:
    (finding,) = check_rated(
        flow_of(FOLLOW_UP.replace(f"\n  {name}:\n", "\n  other:\n"))
    )
    assert finding.fatal
    assert finding.message.startswith(f"no survey '{name}' asks it")
    assert "'other' asks it: give it this name" in finding.message
    assert finding.line == FOLLOW_UP[: FOLLOW_UP.index(f"\n  {name}:")].count("\n") + 2


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("  solved:", "  solvd:", "did you mean 'solvd'?"),
        ("  satisfied: {do: survey, ", "  rating: {do: survey, ", "known: "),
        ("{do: survey, answers: {1: satisfied", "{do: menu, keys: {1: end", "known: "),
        ("{1: satisfied, ", "{1: good, ", "no key answers neutral / satisfied /"),
        ("2: dissatisfied}", "2: bad}", "no key answers dissatisfied / very_"),
        ('solved: {do: survey, answers: {1: "yes", 2: "no"}}', "", "no survey 'solved'"),
        ("solved: {do: survey, ", "solved: {do: survey, spoken: contacted, person: end, refuses: end, ", "no survey 'solved'"),
    ],
)  # fmt: skip
def test_flow_of_which_a_rate_would_count_nothing_is_a_fault(
    written: str, instead: str, told: str
) -> None:
    assert written in PLAIN
    found = list(check_rated(flow_of(PLAIN.replace(written, instead))))
    assert [told in each.message for each in found if each.fatal] == [True]


def test_flow_of_one_campaign_may_leave_a_rated_question_out_but_not_rename_it() -> (
    None
):
    left_out = PLAIN.replace("  solved:", "  other:")
    renamed = FOLLOW_UP.replace("\n  solved:\n", "\n  other:\n")
    for text, fatal in ((left_out, False), (renamed, True)):
        (finding,) = check_rated(flow_of(text), asks_all=False)
        assert finding.message.startswith("no survey 'solved' asks it")
        assert finding.fatal is fatal


def test_answer_that_counts_in_no_rate_is_a_warning() -> None:
    text = PLAIN.replace("2: dissatisfied}", "2: dissatisfied, 3: dont_know}")
    (told,) = rated(text)
    assert told.startswith("5: warning: 'dont_know' counts in no rate; known: ")


def test_lost_question_whether_he_was_contacted_is_a_warning() -> None:
    (told,) = rated(PLAIN.replace("  contacted:", "  was_called:"))
    assert told.startswith("2: warning: no survey 'contacted' asks it")


def test_recall_whose_yes_nobody_counts_is_a_fault() -> None:
    renamed = RECALL.replace("  comes:\n", "  will_come:\n")
    (told,) = recalled(renamed)
    assert told.startswith("7: no survey 'comes' is answered yes by key")
    assert told.endswith("'will_come' asks it: give it this name")
    assert what_was_said({"will_come": "yes"}).answer is Answer.NOT_REACHED


def test_recall_in_which_nobody_can_promise_anything_is_a_fault() -> None:
    told = recalled("steps:\n  bye: {do: hang_up}\n")
    assert "nobody who says so is awaited" in told[0]
    assert [": warning: " in each for each in told] == [False, True, True]


def test_recall_of_minutes_alone_counts_who_comes() -> None:
    answers = "{1: in_10, 2: in_30, 3: 'no'}"
    text = (
        f"steps:\n  soon: {{do: survey, answers: {answers}}}\n  end: {{do: hang_up}}\n"
    )
    assert recalled(text) == []
    assert what_was_said({"soon": "in_30"}).minutes == 30


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("{1: in_10, 2: in_20, 3: in_30}", '{1: "yes", 2: "no"}', "promises minutes"),
        ('answers: {1: "yes", 2: "no"}', 'answers: {1: "yes", 2: in_20}', "declines"),
    ],
)
def test_recall_without_a_key_for_it_is_a_warning(
    written: str, instead: str, told: str
) -> None:
    assert written in RECALL
    (words,) = recalled(RECALL.replace(written, instead))
    assert ": warning: no key " in words
    assert told in words


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("follow_up", FOLLOW_UP.replace("\n  solved:", "\n  done:"), "asks it"),
        ("recall", RECALL.replace("\n  comes:", "\n  will:"), "yes by key"),
    ],
)
def test_only_flows_of_calls_that_are_placed_are_asked_for_it(
    name: str, text: str, told: str
) -> None:
    flow = parse_flow(text, f"{name}.yaml")
    trunk = TrunkSection(name="a", host="192.0.2.1", caller_numbers=("12345",))
    for trunks, expected in (((trunk,), True), ((), False)):
        settings = Settings().model_copy(update={"trunks": trunks})
        found = findings_in(settings, flow, NOW, ["general"], [])
        counted = [each for each in found if told in each.message]
        assert bool(counted) is expected
