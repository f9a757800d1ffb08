"""Flows tried without a telephone: what is said, where the call stands, what can follow."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.sentences import LANGUAGES
from ivr_flows.trial import Kind, Standing, Trial, TryRefused, try_flow
from tests.unit.ivr_flows.flows import CATALOGUE, flow_of

CITIZEN = load_flow(BUILT_IN / "citizen.yaml")
FOLLOW_UP = load_flow(BUILT_IN / "follow_up.yaml")
QUEUES = frozenset({"general", "expert", "enterprise"})
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def tried(*acts: str, flow: Flow = CITIZEN, hears: bool = False) -> Trial:
    """The trial after the acts, at ten on a Monday morning."""
    heard = frozenset(LANGUAGES if hears else ())
    context = FlowContext(queues=QUEUES, hears=heard)
    return try_flow(flow, context, NOW, CATALOGUE, acts)


def leads(trial: Trial) -> dict[str, str]:
    """Where each act leads."""
    return {each.act: each.leads_to for each in trial.next}


def test_call_begins_with_its_greeting_and_waits_for_keys() -> None:
    trial = tried()
    assert (trial.step, trial.standing) == ("greeting", Standing.KEYS)
    said = [line.text for line in trial.lines if line.kind is Kind.SAYS]
    assert "人工按一" in said[0]
    assert len(trial.next) == 13
    assert leads(trial)["silence"] == "person"


def test_nine_leads_over_english_and_the_talk_to_the_survey() -> None:
    trial = tried("9", "talked")
    assert trial.passed == ("greeting", "english", "person", "opinion")
    assert leads(trial)["1"] == "goodbye"
    assert "very satisfied" in trial.lines[-1].text.lower()


def test_key_of_another_queue_moves_him_and_the_step_stays() -> None:
    trial = tried("1", "4")
    assert (trial.step, trial.standing, trial.queue) == (
        "person",
        Standing.QUEUE,
        "expert",
    )


def test_who_leaves_the_queue_hears_so_and_the_call_is_over() -> None:
    trial = tried("silence", "*")
    assert (trial.step, trial.standing, trial.next) == ("goodbye", Standing.OVER, ())
    assert "left_queue" in trial.passed


def test_way_out_that_the_flow_does_not_write_ends_the_call() -> None:
    assert tried("1", "full").standing is Standing.OVER


def test_act_after_the_end_or_of_another_place_is_refused() -> None:
    for acts, index in ((("1", "full", "1"), 2), (("talked",), 0), (("1", "7"), 1)):
        with pytest.raises(TryRefused) as refused:
            tried(*acts)
        assert refused.value.index == index


def test_digits_are_entered_one_by_one_until_the_end_key(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        """
        steps:
          order: {do: collect, into: order, say: 您好, then: end, timeout: end, invalid: end}
          end: {do: hang_up, say: "{order}"}
        """,
    )
    assert tried("4", "2", flow=flow).entered == "42"
    assert tried("4", "2", "#", flow=flow).lines[-1].text == "42"
    assert tried("4", "2", "silence", flow=flow).standing is Standing.OVER


def test_spoken_answer_leads_on_and_silence_is_asked_again() -> None:
    trial = tried("said_yes", flow=FOLLOW_UP, hears=True)
    assert (trial.step, trial.standing) == ("solved", Standing.ANSWER)
    assert tried("silence", flow=FOLLOW_UP, hears=True).step == "contacted"
    assert leads(trial)["said_person"] == "person"


def test_the_same_acts_lead_to_the_same_place() -> None:
    assert tried("9", "talked", "1") == tried("9", "talked", "1")
