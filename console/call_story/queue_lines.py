"""What happened in the queues, as lines: a record's detail taken apart into words (pure)."""

import re
from collections.abc import Iterator, Mapping

from acd.records.rows import QueueEventRow
from console.call_story import sentences
from console.call_story.codes import of_queue
from console.call_story.line import Line, Part, Said

_PARTS: Mapping[str, re.Pattern[str]] = {
    "OVERFLOW": re.compile(r"(?P<detail>.*?)( to (?P<to>.*))?"),
    "PLACEBACK": re.compile(r"of (?P<what>call-back|call) (?P<of>.*)"),
    "PRIORITY": re.compile(r"(?P<priority>-?\d+) by (?P<by>.*) \(.*\)"),
    "MOVE": re.compile(r"from (?P<of>.*)"),
    "NEIGHBOUR": re.compile(r"(?P<to>.*): (?P<detail>.*)"),
}
"""How `acd.records.facts` writes the details that are more than a code."""
_NONE = {"to": "", "of": "", "priority": "", "by": ""}


def queue_line(event: QueueEventRow) -> Line:
    """What happened, in words."""
    parts = parts_of(event)
    values = parts | {
        "agent": event.agent_id or "",
        "queue": event.queue,
        "position": "" if event.position is None else str(event.position),
        "wait": seconds(event.wait_seconds),
        "ring": seconds(event.ring_seconds),
        "talk": seconds(event.talk_seconds),
        "detail": of_queue(event.kind, parts["detail"]),
    }
    said = tuple(Said(sentence=s, values=values) for s in _sentences(event, parts))
    return Line(at=event.at, part=Part.QUEUE, said=said)


def parts_of(event: QueueEventRow) -> dict[str, str]:
    """The parts of its detail; what is written otherwise stays whole, as `detail`."""
    detail = event.detail or ""
    found = _PARTS[event.kind].fullmatch(detail) if event.kind in _PARTS else None
    named = {n: v or "" for n, v in found.groupdict().items()} if found else {}
    return _NONE | {"detail": detail} | named


def _sentences(event: QueueEventRow, parts: Mapping[str, str]) -> Iterator[str]:
    if parts.get("what") == "call-back":
        yield sentences.PLACE_OF_CALL_BACK
        return
    yield sentences.QUEUE.get(event.kind, event.kind)
    if event.kind == "OVERFLOW" and parts["to"]:
        yield sentences.GOES_ON


def seconds(value: float | None) -> str:
    """A length to a tenth of a second; a dash for none."""
    return "–" if value is None else f"{value:.1f}"
