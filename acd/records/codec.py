"""Events as lines of JSON, for the journal."""

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from acd import events, talk_events
from acd.events import Event

KINDS: dict[str, type[Event]] = {
    name: kind
    for name, kind in (vars(events) | vars(talk_events)).items()
    if isinstance(kind, type) and issubclass(kind, Event)
}
"""The events that the records know, by the names that the journal calls them."""


class UnreadableLine(Exception):
    """The line is torn, or tells of an event that this program does not know."""


def encode(event: Event) -> bytes:
    """One line, with its end."""
    kind = type(event)
    body = _adapter(kind).dump_json(event)
    return b'{"kind":"%s","event":%s}\n' % (kind.__name__.encode(), body)


def decode(line: bytes) -> Event:
    """The event of a line; `UnreadableLine` when there is none in it."""
    try:
        told = json.loads(line)
        adapter = _adapter(KINDS[told["kind"]])
        event: Event = adapter.validate_python(told["event"], strict=False)
    except (ValueError, KeyError, TypeError, ValidationError):
        # Without the cause: its text would quote the line, and so a number.
        raise UnreadableLine from None
    return event


_adapters: dict[type[Event], TypeAdapter[Any]] = {}


def _adapter(kind: type[Event]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
