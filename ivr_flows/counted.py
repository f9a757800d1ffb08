"""What the flows of calls that we place must ask, so that their answers are counted.

Results of follow-up calls and recalls are made of questions by the names of their steps:
a flow that has renamed one would be answered, and count nothing.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from ivr_flows.faults import hint_of
from ivr_flows.finding import FaultId, Finding
from ivr_flows.language import Flow
from ivr_flows.survey import SurveyStep
from ivr_flows.told import Told, told

SATISFIED: Final = frozenset({"very_satisfied", "satisfied", "neutral"})
"""好差评 (国办发〔2019〕51号): the last two of its five levels are 差评; `neutral` is 基本满意."""
DISSATISFIED: Final = frozenset({"dissatisfied", "very_dissatisfied"})
SOLVED: Final = frozenset({"yes"})
NOT_SOLVED: Final = frozenset({"no", "partly"})
"""Partly (部分解决) is not solved."""
RATED: Final = {"solved": (SOLVED, NOT_SOLVED), "satisfied": (SATISFIED, DISSATISFIED)}
"""The questions of 解决率 and 满意率, with the answers for and against."""
COMES, YES, NO = "comes", "yes", "no"
_SOON: Final = re.compile(r"in_(\d{1,3})")

Surveys = Mapping[str, SurveyStep]


def minutes_of(answer: str) -> float | None:
    """In how many minutes somebody promises to be there (`in_20`), None for no promise."""
    soon = _SOON.fullmatch(answer)
    return float(soon[1]) if soon else None


def check_rated(flow: Flow, *, asks_all: bool = True) -> Iterator[Finding]:
    """Of a follow-up's flow: a fault where a rate would count nothing, or one side alone.

    A flow that does not ask for `asks_all`, as one campaign's own, may leave a question
    out: then it is a warning, unless it is asked under another name.
    """
    for name, sides in RATED.items():
        if (survey := _asked(flow, name)) is None:
            yield _lost(flow, name, fatal=asks_all or bool(_meant(flow, name)))
            continue
        for side in sides:
            if not side & set(survey.answers.values()):
                yield _one_sided(flow, name, side)
        for answer in sorted(survey.opinions - frozenset().union(*sides)):
            yield _in_no_rate(flow, name, answer, frozenset().union(*sides))
    if _asked(flow, "contacted") is None:
        yield _lost(flow, "contacted", fatal=False)


def check_recall(flow: Flow) -> Iterator[Finding]:
    """Of a recall's flow: whether somebody can say by key that he comes, when, or not."""
    surveys = _surveys(flow)
    keyed = {name: set(survey.answers.values()) for name, survey in surveys.items()}
    by_key = set[str]().union(*keyed.values())
    soon = any(minutes_of(answer) is not None for answer in by_key)
    elsewhere = [name for name in keyed if name != COMES and YES in keyed[name]]
    if YES not in keyed.get(COMES, ()) and (elsewhere or not soon):
        yield _nobody_comes(flow, elsewhere)
    if not soon:
        words = told(
            "no key promises minutes (in_10, in_20): who comes is awaited as if he came in time"
        )
        yield _warning(flow, words)
    if NO not in by_key:
        words = told("no key declines (no): who does not come is rung again")
        yield _warning(flow, words)


def _surveys(flow: Flow) -> Surveys:
    return {
        name: step for name, step in flow.steps.items() if isinstance(step, SurveyStep)
    }


def _asked(flow: Flow, name: str) -> SurveyStep | None:
    """The survey of this name, if it listens for nothing else."""
    survey = _surveys(flow).get(name)
    return survey if survey and survey.spoken in (None, name) else None


def _lost(flow: Flow, name: str, *, fatal: bool) -> Finding:
    meant = _meant(flow, name)
    return flow.finding(
        FaultId.QUESTION_LOST,
        ("steps", meant[0] if meant else name),
        told(
            "no survey %(step)s asks it: results count answers by this name",
            step=repr(name),
        ),
        _renamed(meant) or hint_of(name, _surveys(flow)),
        fatal=fatal,
    )


def _meant(flow: Flow, name: str) -> list[str]:
    """The surveys of other names that listen for its answers."""
    surveys = _surveys(flow).items()
    return [other for other, survey in surveys if survey.spoken == name]


def _renamed(meant: Collection[str]) -> Told | None:
    return next(
        (
            told("%(step)s asks it: give it this name", step=repr(name))
            for name in meant
        ),
        None,
    )


def _one_sided(flow: Flow, name: str, side: Collection[str]) -> Finding:
    words = told(
        "no key answers %(answers)s: the rate would hear one side alone",
        answers=" / ".join(sorted(side)),
    )
    return flow.finding(FaultId.QUESTION_LOST, ("steps", name, "answers"), words)


def _in_no_rate(flow: Flow, name: str, answer: str, known: Collection[str]) -> Finding:
    return flow.finding(
        FaultId.ANSWER_UNCOUNTED,
        ("steps", name, "answers"),
        told("%(answer)s counts in no rate", answer=repr(answer)),
        hint_of(answer, sorted(known)),
        fatal=False,
    )


def _nobody_comes(flow: Flow, elsewhere: Collection[str]) -> Finding:
    return flow.finding(
        FaultId.QUESTION_LOST,
        ("steps", next(iter(elsewhere), COMES)),
        told(
            "no survey %(step)s is answered yes by key: nobody who says so is awaited",
            step=repr(COMES),
        ),
        _renamed(elsewhere),
    )


def _warning(flow: Flow, words: Told) -> Finding:
    return flow.finding(FaultId.QUESTION_LOST, ("steps",), words, fatal=False)
