"""From the record of a call to the lines of its story (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from acd.events import Outcome
from acd.records.rows import (
    CallRecord,
    CallRow,
    MessageRow,
    StepRow,
    SurveyRow,
    TalkEventRow,
)
from acd.routing_records.store import RoutingDecision
from console.call_story import sentences
from console.call_story.codes import RESULTS, STEPS, of_end, of_talk, word
from console.call_story.decisions import why
from console.call_story.line import Line, Part, Said, line
from console.call_story.queue_lines import queue_line, seconds
from telephony.numbers import mask

NO_TITLES: Mapping[str, str] = {}


def told(
    record: CallRecord,
    decisions: Iterable[RoutingDecision],
    dispositions: Mapping[str, str] = NO_TITLES,
) -> list[Line]:
    """Arrival, flow steps, queues with why, the talk, and the end, by time.

    `dispositions` are the titles of their codes.
    """
    lines = [
        *_life(record.call),
        *map(_step, record.steps),
        *map(_answer, record.survey),
        *map(_message, record.messages),
        *map(queue_line, record.queue_events),
        *map(why, decisions),
        *(_talk(event, dispositions) for event in record.talk_events),
    ]
    return sorted(lines, key=lambda told: (told.at, told.part))


def _life(call: CallRow) -> Iterator[Line]:
    first = sentences.PLACED if call.direction == "out" else sentences.ARRIVED
    yield line(call.arrived_at, Part.BEGINNING, first)
    if call.answered_at:
        yield line(call.answered_at, Part.BEGINNING, sentences.ANSWERED)
    if call.ended_at:
        yield _end(call, call.ended_at)


def _end(call: CallRow, at: datetime) -> Line:
    ended = Said(sentence=sentences.ENDED, values={"cause": of_end(call.cause)})
    outcome = sentences.OUTCOMES[Outcome(call.outcome)] if call.outcome else ""
    return Line(at=at, part=Part.END, said=(ended, Said(sentence=outcome, values={})))


def _step(step: StepRow) -> Line:
    sentence = sentences.STEP_RESULT if step.result else sentences.STEP
    return line(
        step.at,
        Part.IVR,
        sentence,
        step=step.step,
        kind=word(STEPS, step.kind),
        seconds=seconds(step.seconds),
        result=word(RESULTS, step.result),
    )


def _answer(answer: SurveyRow) -> Line:
    values = {"step": answer.step, "answer": answer.answer}
    return line(answer.at, Part.IVR, sentences.SURVEY, **values)


def _message(message: MessageRow) -> Line:
    length = seconds(message.seconds)
    return line(message.at, Part.IVR, sentences.MESSAGE, seconds=length)


def _talk(event: TalkEventRow, dispositions: Mapping[str, str]) -> Line:
    detail = event.detail or ""
    return line(
        event.at,
        Part.TALK,
        sentences.TALK.get(event.kind, event.kind),
        agent=event.agent_id,
        who=_contact(event.who or ""),
        seconds=seconds(event.seconds),
        detail=dispositions.get(detail) or of_talk(event.kind, detail),
    )


def _contact(who: str) -> str:
    """A third party's id, a queue or a SIP URI as it is, a number masked."""
    return mask(who) if who.removeprefix("+").isdigit() else who
