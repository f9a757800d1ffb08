"""From the record of a call to the lines of its story (pure)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from acd.events import Outcome
from acd.records.rows import (
    CallRecord,
    CallRow,
    MessageRow,
    QueueEventRow,
    StepRow,
    SurveyRow,
    TalkEventRow,
)
from acd.routing_records.store import RoutingDecision
from console.call_story import sentences
from console.call_story.decisions import why
from console.call_story.line import Line, Part, Said, line
from telephony.numbers import mask


def told(record: CallRecord, decisions: Iterable[RoutingDecision]) -> list[Line]:
    """Arrival, flow steps, queues with why, the talk, and the end, by time."""
    lines = [
        *_life(record.call),
        *map(_step, record.steps),
        *map(_answer, record.survey),
        *map(_message, record.messages),
        *map(_queue, record.queue_events),
        *map(why, decisions),
        *map(_talk, record.talk_events),
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
    ended = Said(sentence=sentences.ENDED, values={"cause": _words(call.cause)})
    outcome = sentences.OUTCOMES[Outcome(call.outcome)] if call.outcome else ""
    return Line(at=at, part=Part.END, said=(ended, Said(sentence=outcome, values={})))


def _step(step: StepRow) -> Line:
    sentence = sentences.STEP_RESULT if step.result else sentences.STEP
    return line(
        step.at,
        Part.IVR,
        sentence,
        step=step.step,
        kind=step.kind,
        seconds=_seconds(step.seconds),
        result=step.result,
    )


def _answer(answer: SurveyRow) -> Line:
    values = {"step": answer.step, "answer": answer.answer}
    return line(answer.at, Part.IVR, sentences.SURVEY, **values)


def _message(message: MessageRow) -> Line:
    seconds = _seconds(message.seconds)
    return line(message.at, Part.IVR, sentences.MESSAGE, seconds=seconds)


def _queue(event: QueueEventRow) -> Line:
    return line(
        event.at,
        Part.QUEUE,
        sentences.QUEUE.get(event.kind, event.kind),
        agent=event.agent_id,
        queue=event.queue,
        position=event.position,
        wait=_seconds(event.wait_seconds),
        ring=_seconds(event.ring_seconds),
        talk=_seconds(event.talk_seconds),
        detail=_words(event.detail),
    )


def _talk(event: TalkEventRow) -> Line:
    return line(
        event.at,
        Part.TALK,
        sentences.TALK.get(event.kind, event.kind),
        agent=event.agent_id,
        who=_contact(event.who or ""),
        seconds=_seconds(event.seconds),
        detail=_words(event.detail),
    )


def _contact(who: str) -> str:
    """A third party's id, a queue or a SIP URI as it is, a number masked."""
    return mask(who) if who.removeprefix("+").isdigit() else who


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _words(detail: str | None) -> str:
    return (detail or "").replace("_", " ")
