"""The part of `hotline check` that tells which spoken questions nobody listens to."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.finding import Finding, Verdict
from ivr_flows.language import Flow
from ivr_flows.survey import SurveyStep


def check_listening(settings: Settings, name: str, flow: Flow) -> Iterator[Finding]:
    """Warns when citizens who call meet questions that are written to be answered by voice."""
    by_calls = {settings.ivr.flow, *(number.flow for number in settings.numbers)}
    asked = [
        step_name
        for step_name, step in flow.steps.items()
        if isinstance(step, SurveyStep) and step.spoken
    ]
    if asked and name in by_calls:
        words = f"{', '.join(asked)}: citizens who call answer by keys alone, also when they are called back for it; `spoken` is heard in follow-up calls and recalls; leave it out here"
        what = f"flow {name}"
        yield Finding(what=what, words=words, verdict=Verdict.WARNING)
