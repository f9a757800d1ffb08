"""Cross-checks of a flow: does every call get through it to an end, and by whose act?"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from config.calendar import Calendar
from ivr_flows.faults import hint_of
from ivr_flows.finding import FaultId, Finding
from ivr_flows.language import Flow
from ivr_flows.prompts.catalogue import Catalogue, names_in
from ivr_flows.questions import Asking, CollectStep
from ivr_flows.sentences import LANGUAGES, NEEDED, Language, Wording, is_key
from ivr_flows.step import Step
from ivr_flows.steps import (
    AnsweredStep,
    EnqueueStep,
    HangUpStep,
    OpeningHoursStep,
    PlayStep,
    RecordMessageStep,
    SetStep,
    TransferStep,
)
from ivr_flows.survey import SurveyStep
from ivr_flows.told import Told, told
from telephony.numbers import is_sip_uri

_DAYS_AHEAD = 60
GIVEN_VARIABLES = ("language", "called")
_SPEECH_FIELDS = ("say", "files", "remind", "say_spoken", "say_timeout", "say_invalid")


SentenceFault = tuple[FaultId, Told, Told | None]
"""What is wrong with a sentence, and the hint."""


def check_structure(flow: Flow) -> list[Finding]:
    """What can be seen in the flow alone: targets, ends, circles, lost steps."""
    if faults := [
        *_unknown_start(flow),
        *_unknown_targets(flow),
        *_open_ends(flow),
        *_unknown_answers(flow),
    ]:
        return faults
    return [*_circles(flow), *_unreachable(flow)]


def check_flow(
    flow: Flow,
    *,
    queues: Collection[str],
    prompts: Catalogue,
    skills: Collection[str] | None = None,
    calendar: Calendar | None = None,
    today: date | None = None,
    is_served: Callable[[str], bool] | None = None,
) -> list[Finding]:
    """All findings: the structure, the queues, skills, sentences and days that it names.

    `skills` are those that agents have; None when nobody knows.
    `is_served` tells whether a trunk serves a number; None when nobody knows. With `calendar` and `today`, opening hours are warned of that rest on a year whose
    holidays nobody knows yet. Findings that are not `fatal` are warnings.
    """
    findings = [*check_structure(flow), *_unknown_queues(flow, queues)]
    if is_served:
        findings += _numbers_without_trunk(flow, is_served)
    if skills is not None:
        findings += _unknown_skills(flow, skills)
    findings += _sentences(flow, prompts)
    if calendar and today:
        findings += _unknown_years(flow, calendar, today)
    if not any(finding.fatal for finding in findings):
        findings += _hung_up_unheard(flow)
    return findings


def _unknown_start(flow: Flow) -> Iterator[Finding]:
    for place, name in (
        ("start", flow.first),
        ("survey_call_back", flow.survey_call_back),
    ):
        if name and name not in flow.steps:
            yield flow.finding(
                FaultId.STEP_UNKNOWN,
                (place,),
                _no_step(name),
                hint_of(name, flow.steps),
            )
    asked = flow.steps.get(flow.survey_call_back)
    if asked and not isinstance(asked, SurveyStep):
        words = told(
            "survey_call_back begins at a survey, and %(step)s is a %(kind)s",
            step=repr(flow.survey_call_back),
            kind=asked.do,
        )
        yield flow.finding(FaultId.VALUE_INVALID, ("survey_call_back",), words)


def _no_step(name: str) -> Told:
    return told("there is no step %(step)s", step=repr(name))


def _unknown_targets(flow: Flow) -> Iterator[Finding]:
    for name, step in flow.steps.items():
        for place, target in dict.fromkeys(_written_targets(step)):
            if target not in flow.steps:
                yield flow.finding(
                    FaultId.STEP_UNKNOWN,
                    ("steps", name, *place),
                    _no_step(target),
                    hint_of(target, flow.steps),
                )


def _written_targets(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    for on, target in step.exits().items():
        if target and target == getattr(step, on, None):
            yield (on,), target
        elif target and target != step.then:
            yield ("keys", on), target
    if step.then:
        yield ("then",), step.then


def _open_ends(flow: Flow) -> Iterator[Finding]:
    for name, step in flow.steps.items():
        lost = [on for on, target in flow.exits(name).items() if target is None]
        if lost and isinstance(step, Asking):
            yield flow.finding(
                FaultId.DEAD_END, ("steps", name), _no_way_out(step.do, name, lost)
            )
        elif lost:
            words = told(
                "nothing follows %(step)s; write then: STEP, or a hang_up step after it",
                step=repr(name),
            )
            yield flow.finding(FaultId.DEAD_END, ("steps", name), words)


def _no_way_out(kind: str, step: str, lost: Sequence[str]) -> Told:
    return told(
        "%(kind)s %(step)s has no way out on %(lost)s; write then: STEP",
        kind=kind,
        step=repr(step),
        lost=", ".join(lost),
    )


def _unknown_answers(flow: Flow) -> Iterator[Finding]:
    for name, step in flow.steps.items():
        for asked, answers in (
            step.any_of.items() if isinstance(step, AnsweredStep) else ()
        ):
            place = ("steps", name, "any_of", asked)
            survey = flow.steps.get(asked)
            if not isinstance(survey, SurveyStep):
                surveys = [
                    n for n, s in flow.steps.items() if isinstance(s, SurveyStep)
                ]
                words = told("there is no survey %(step)s", step=repr(asked))
                hint = hint_of(asked, surveys)
                yield flow.finding(FaultId.SURVEY_UNKNOWN, place, words, hint)
                continue
            for answer in set(answers) - survey.opinions:
                words = told("%(answer)s is never answered there", answer=repr(answer))
                hint = hint_of(answer, survey.opinions)
                yield flow.finding(FaultId.ANSWER_UNKNOWN, place, words, hint)


def _circles(flow: Flow) -> Iterator[Finding]:
    passive = {name: _passive_targets(flow, name) for name in flow.steps}
    try:
        TopologicalSorter(passive).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        way = " -> ".join(circle)
        words = told(
            "a caller who presses nothing goes round for ever: %(way)s", way=way
        )
        yield flow.finding(FaultId.CIRCLE, ("steps", circle[0]), words)


def _passive_targets(flow: Flow, name: str) -> list[str]:
    passive = flow.steps[name].passive
    targets = flow.exits(name).items()
    return [target for on, target in targets if on in passive and target]


def _unreachable(flow: Flow) -> Iterator[Finding]:
    reached = _reach(flow.first, lambda name: flow.exits(name).values())
    for name in flow.steps:
        if name not in reached:
            words = told("step %(step)s is never reached", step=repr(name))
            yield flow.finding(FaultId.STEP_UNREACHED, ("steps", name), words)


def _reach(first: str, targets: Callable[[str], Iterable[str | None]]) -> set[str]:
    reached: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [target for target in targets(name) if target]
    return reached


def _unknown_queues(flow: Flow, queues: Collection[str]) -> Iterator[Finding]:
    for name, step in flow.steps.items():
        if not isinstance(step, EnqueueStep) or step.no_queue:
            continue
        if step.queue not in {"", *queues}:
            yield flow.finding(
                FaultId.QUEUE_UNKNOWN,
                ("steps", name, "queue"),
                told("there is no queue %(queue)s", queue=repr(step.queue)),
                hint_of(step.queue, queues),
            )


def queues_entered(flow: Flow, queues: Sequence[str]) -> set[str]:
    """Those of the queues that a caller can come to by this flow; the first for ""."""
    named = {
        queue or queues[0]
        for step in flow.steps.values()
        if isinstance(step, EnqueueStep)
        for queue in step.named_queues
    }
    return named & set(queues)


def queues_passed_by(flow: Flow, queues: Collection[str]) -> list[str]:
    """The queues that are not there, and that the flow does without.

    Their steps lead on at `no_queue`, and the keys to them are not offered.
    """
    steps = [step for step in flow.steps.values() if isinstance(step, EnqueueStep)]
    named = [step.queue for step in steps if step.no_queue]
    named += [queue for step in steps for queue in step.move_keys.values()]
    return [queue for queue in dict.fromkeys(named) if queue not in queues]


def _unknown_skills(flow: Flow, skills: Collection[str]) -> Iterator[Finding]:
    """A warning only: an agent may have been given the skill since."""
    for name, step in flow.steps.items():
        for skill in step.skills if isinstance(step, EnqueueStep) else ():
            if skill not in skills:
                yield flow.finding(
                    FaultId.SKILL_UNKNOWN,
                    ("steps", name, "skills"),
                    told("no agent has the skill %(skill)s", skill=repr(skill)),
                    hint_of(skill, skills),
                    fatal=False,
                )


def _numbers_without_trunk(
    flow: Flow, is_served: Callable[[str], bool]
) -> Iterator[Finding]:
    for name, step in flow.steps.items():
        if not isinstance(step, TransferStep) or is_sip_uri(step.target):
            continue
        if not is_served(step.target):
            words = told(
                "no trunk serves %(number)s; write one under [[trunks]], or a SIP URI",
                number=repr(step.target),
            )
            yield flow.finding(
                FaultId.NUMBER_UNSERVED, ("steps", name, "target"), words
            )


def _sentences(flow: Flow, prompts: Catalogue) -> Iterator[Finding]:
    variables = _variables(flow)
    for name, step in flow.steps.items():
        for place, wording in _wordings(step):
            faults = _faults_of(wording, step, prompts, variables)
            for error_id, words, hint in faults:
                yield flow.finding(error_id, ("steps", name, *place), words, hint)


def _wordings(step: Step) -> Iterator[tuple[tuple[str, ...], Wording]]:
    """All that it may say, and where that is written."""
    for field in _SPEECH_FIELDS:
        for wording in getattr(step, field, ()):
            yield (field,), wording
    if isinstance(step, EnqueueStep):
        for key, hint in step.move_hints.items():
            for wording in hint:
                yield ("move_hints", key), wording


def _variables(flow: Flow) -> set[str]:
    known = set(GIVEN_VARIABLES)
    for step in flow.steps.values():
        match step:
            case SetStep():
                known |= set(step.values)
            case CollectStep():
                known.add(step.into)
    return known


def _faults_of(
    wording: Wording, step: Step, prompts: Catalogue, variables: set[str]
) -> list[SentenceFault]:
    return list(
        dict.fromkeys(
            fault
            for words, language in wording.versions()
            if language in NEEDED
            if (fault := _fault_of(words, language, step, prompts, variables))
        )
    )


def _fault_of(
    words: str, language: Language, step: Step, prompts: Catalogue, known: set[str]
) -> SentenceFault | None:
    if isinstance(step, PlayStep):
        why = prompts.why_not_playable(words, language)
        return (FaultId.RECORDING_MISSING, why, None) if why else None
    if is_key(words) and not prompts.has(words, language):
        hint = hint_of(words, prompts.keys(language))
        return FaultId.SENTENCE_MISSING, _no_sentence(words, language, prompts), hint
    for name in names_in(prompts.text(words, language)):
        if name not in known:
            lack = told(
                "the sentence needs %(value)s, which no step sets", value=f"{{{name}}}"
            )
            return FaultId.VARIABLE_UNKNOWN, lack, hint_of(name, known)
    return None


def _no_sentence(words: str, language: Language, prompts: Catalogue) -> Told:
    if any(prompts.has(words, other) for other in LANGUAGES):
        return told(
            "there is no sentence %(key)s in %(language)s",
            key=repr(words),
            language=repr(language),
        )
    return told("there is no sentence %(key)s", key=repr(words))


def _unknown_years(flow: Flow, calendar: Calendar, today: date) -> Iterator[Finding]:
    soon = today + timedelta(days=_DAYS_AHEAD)
    years = [year for year in (today.year, soon.year) if not calendar.knows(year)]
    for name, step in flow.steps.items():
        if isinstance(step, OpeningHoursStep) and years:
            words = told(
                "the holidays of %(year)s are not known yet: plain weekdays will hold; name the days in a file (hotline.holidays_file)",
                year=years[0],
            )
            yield flow.finding(
                FaultId.HOLIDAYS_UNKNOWN, ("steps", name), words, fatal=False
            )


def _hung_up_unheard(flow: Flow) -> Iterator[Finding]:
    """A caller who does nothing should meet a person, or at least leave a message."""
    reached = _reach(flow.first, lambda name: _silent_targets(flow, name))
    for name in flow.steps:
        if name in reached and isinstance(flow.steps[name], HangUpStep):
            words = told(
                "a caller who presses nothing is hung up on at %(step)s without having met a person",
                step=repr(name),
            )
            yield flow.finding(FaultId.NOBODY_MET, ("steps", name), words, fatal=False)


def _silent_targets(flow: Flow, name: str) -> Sequence[str]:
    heard = isinstance(flow.steps[name], RecordMessageStep)
    return [] if heard else _passive_targets(flow, name)
