"""The story of a call for people: one line for each thing that happened, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from acd.records.rows import (
    CallRecord,
    CallRow,
    LegRow,
    MessageRow,
    QueueEventRow,
    StepRow,
    SurveyRow,
    TalkEventRow,
)
from recordings.entry import Recording
from telephony.numbers import mask

_ARRIVED, _ANSWERED, _STEP, _LEG_DOWN, _QUEUE, _TALK, _LEG_UP, _ENDED = range(8)
"""How things of one instant follow each other: causes before what they cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One thing that happened, `seconds` after the call arrived."""

    seconds: float
    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    at: datetime
    rank: int
    what: str
    detail: str = ""


def shown_caller(call: CallRow, *, full: bool) -> str:
    """The caller's number, masked unless `full`; in words when there is none."""
    if not call.caller:
        return "withheld" if call.caller == "" else "unknown"
    return call.caller if full else mask(call.caller)


def story_of(record: CallRecord) -> list[StoryLine]:
    """Arrival, legs, flow steps, queue events and end, by time."""
    moments = [
        *_life(record.call),
        *(_step(step) for step in record.steps),
        *(_queue_event(event) for event in record.queue_events),
        *(_talk_event(event) for event in record.talk_events),
        *(_survey(answer, record.call) for answer in record.survey),
        *(_message(message) for message in record.messages),
        *(moment for leg in record.legs for moment in _leg(leg)),
    ]
    moments.sort(key=lambda moment: (moment.at, moment.rank))
    start = record.call.arrived_at
    return [
        StoryLine(
            seconds=(moment.at - start).total_seconds(),
            what=moment.what,
            detail=moment.detail,
        )
        for moment in moments
    ]


def _survey(answer: SurveyRow, call: CallRow) -> _Moment:
    later = "" if answer.asked_in == call.id else f", asked in call {answer.asked_in}"
    what = f"{answer.step}: {answer.answer}{later}"
    return _Moment(at=answer.at, rank=_STEP, what="survey answered", detail=what)


def _message(message: MessageRow) -> _Moment:
    what = f"{message.seconds:.0f} s in messages/{message.file}"
    return _Moment(at=message.at, rank=_STEP, what="message left", detail=what)


def _life(call: CallRow) -> Iterator[_Moment]:
    peer = f"from peer {call.peer}" if call.peer else ""
    yield _Moment(at=call.arrived_at, rank=_ARRIVED, what="arrived", detail=peer)
    if call.answered_at:
        yield _Moment(at=call.answered_at, rank=_ANSWERED, what="answered")
    if call.ended_at:
        detail = f"{call.outcome} ({call.cause})"
        yield _Moment(at=call.ended_at, rank=_ENDED, what="ended", detail=detail)


def _step(step: StepRow) -> _Moment:
    result = f" → {step.result}" if step.result else ""
    detail = f"{step.kind} {step.step}{result}, {step.seconds:.1f} s"
    return _Moment(at=step.at, rank=_STEP, what="IVR", detail=detail)


def _queue_event(event: QueueEventRow) -> _Moment:
    parts = [
        f"queue {event.queue}",
        f"agent {event.agent_id}" if event.agent_id else "",
        f"position {event.position}" if event.position else "",
        _timed("waited", event.wait_seconds),
        _timed("rang", event.ring_seconds),
        _timed("talked", event.talk_seconds),
        (event.detail or "").replace("_", " "),
    ]
    detail = ", ".join(part for part in parts if part)
    return _Moment(at=event.at, rank=_QUEUE, what=event.kind, detail=detail)


def _talk_event(event: TalkEventRow) -> _Moment:
    parts = [
        f"agent {event.agent_id}",
        _shown_contact(event.who or ""),
        (event.detail or "").replace("_", " "),
        "" if event.seconds is None else f"{event.seconds:.1f} s",
    ]
    detail = ", ".join(part for part in parts if part)
    return _Moment(at=event.at, rank=_TALK, what=event.kind, detail=detail)


def _shown_contact(who: str) -> str:
    """A third party's id, a queue or a SIP URI as it is, a number masked."""
    return mask(who) if who.removeprefix("+").isdigit() else who


def _timed(word: str, seconds: float | None) -> str:
    return "" if seconds is None else f"{word} {seconds:.1f} s"


def _leg(leg: LegRow) -> Iterator[_Moment]:
    name = (leg.role or "unknown").replace("_", " ")
    if leg.agent_id:
        name = f"{name} {leg.agent_id}"
    opened = f"{name}, shows {leg.shown}" if leg.shown else name
    yield _Moment(at=leg.opened_at, rank=_LEG_UP, what="leg opened", detail=opened)
    if leg.answered_at:
        at = leg.answered_at
        yield _Moment(at=at, rank=_ANSWERED, what="leg answered", detail=name)
    if leg.closed_at:
        code = f", SIP {leg.sip_code}" if leg.sip_code else ""
        detail = f"{name}: {leg.cause}{code}"
        yield _Moment(
            at=leg.closed_at, rank=_LEG_DOWN, what="leg closed", detail=detail
        )


def recording_line(recording: Recording | None) -> str:
    """What is known of the call's recording, in one line."""
    if recording is None:
        return "none"
    if recording.deleted_at:
        return f"deleted after its retention, was {recording.seconds:.1f} s"
    parts = [
        str(recording.state.value),
        f"{recording.seconds:.1f} s" if recording.seconds else "",
        recording.path,
        f"silent: {', '.join(recording.silent)}" if recording.silent else "",
        recording.reason,
    ]
    return ", ".join(part for part in parts if part)
