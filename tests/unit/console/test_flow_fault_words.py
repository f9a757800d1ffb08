"""What the checker finds in a flow is said in the reader's language, with its values."""

import re
from functools import partial

import pytest

from console.pages.translations import translate
from ivr_flows.checks import check_structure
from ivr_flows.finding import Finding
from ivr_flows.language import FlowError, parse_flow
from ivr_flows.told import Told
from tests.unit.ivr_flows.test_flow_faults import UNREADABLE, WRONG_STRUCTURE

CHINESE = partial(translate, "zh")
HAN = re.compile(r"[\u4e00-\u9fff]")


def findings(text: str) -> list[Finding]:
    """What is found in a text that has faults."""
    try:
        return check_structure(parse_flow(text, "flow.yaml"))
    except FlowError as error:
        return list(error.findings)


@pytest.mark.parametrize("text", [*UNREADABLE, *WRONG_STRUCTURE])
def test_every_fault_is_said_in_chinese(text: str) -> None:
    found = findings(text)
    assert found
    for finding in found:
        said = finding.said(CHINESE)
        assert HAN.search(said), said
        assert said != finding.message
        for _, value in finding.words.values:
            assert value in said


def test_hint_is_said_after_the_fault() -> None:
    (finding,) = findings(
        "steps:\n  person: {do: go_to, then: goodby}\n  goodbye: {do: hang_up}\n"
    )
    assert finding.message == "there is no step 'goodby'; did you mean 'goodbye'?"
    assert finding.said(CHINESE) == "没有步骤 'goodby'；是否想写 'goodbye'？"


def test_per_cent_of_a_writer_is_himself() -> None:
    (finding,) = findings("steps:\n  a: {do: '%(name)s 100%'}\n  b: {do: hang_up}\n")
    assert "'%(name)s 100%'" in finding.said(CHINESE)
    assert "'%(name)s 100%'" in finding.message


def test_sentence_that_nobody_has_translated_stays_english() -> None:
    assert Told("an unknown problem, 100%").said(CHINESE) == "an unknown problem, 100%"
