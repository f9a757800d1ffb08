"""`hotline check`: spoken questions of citizens who call are told to be answered by keys."""

from config.settings import Settings
from hotline.check_listening import check_listening
from hotline.finding import Verdict
from ivr_flows.flow import load_flows
from ivr_flows.language import Flow


def flow_named(name: str) -> tuple[Settings, Flow]:
    """A shipped flow that citizens who call come to."""
    settings = Settings.model_validate({"ivr": {"flow": name}})
    return settings, load_flows(settings)[name]


def test_spoken_questions_of_an_inbound_flow_are_named() -> None:
    settings, flow = flow_named("follow_up")
    (finding,) = check_listening(settings, "follow_up", flow)
    assert finding.verdict is Verdict.WARNING
    assert "contacted, solved, satisfied" in finding.words
    assert "by keys alone" in finding.words


def test_spoken_questions_of_calls_that_we_place_are_heard() -> None:
    _, flow = flow_named("follow_up")
    assert not list(check_listening(Settings(), "follow_up", flow))


def test_shipped_flow_of_citizens_asks_nothing_that_is_not_heard() -> None:
    name = Settings().ivr.flow
    settings, flow = flow_named(name)
    assert not list(check_listening(settings, name, flow))
