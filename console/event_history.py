"""The newest events with their ids, from which every reader goes on where he stopped.

An id is `RUN-NUMBER`: within a run of the service the number grows by one with each
event, whether a reader wants it or not. What is kept is a ring of `most` events, so a
reader who is slow or away costs nothing; what he has missed he is told as a gap.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from console.told import fields_of, name_of

KEPT_MOST = 20_000
PART_MOST = 500
"""How many events are looked at in one go, so that nobody holds up the loop."""

Sees = Callable[[object], bool]
"""Whether a reader is told an event."""

_ID = re.compile(r"(?P<run>[0-9A-Z]{26})-(?P<number>\d{1,15})")
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class GapReason(StrEnum):
    """Why a reader cannot have all that he has not read.

    `TOO_OLD`: more has happened than is kept. `RESTARTED`: his id is of another run of
    the service. `UNKNOWN_ID`: we never gave such an id.
    """

    TOO_OLD = "too_old"
    RESTARTED = "restarted"
    UNKNOWN_ID = "unknown_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a reader begins: after `number`; `gap` when he has missed something.

    `missed` is how many events of any kind it were, None when nobody knows.
    """

    number: int
    gap: GapReason | None = None
    missed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What comes next for a reader, as server-sent events, and where he stands then."""

    text: bytes
    number: int


class EventHistory:
    """A ring of events. Each is written as JSON when it is first read, and only once."""

    def __init__(self, run: str, most: int = KEPT_MOST) -> None:
        self._run, self._most = run, most
        self._kept: list[object] = [None] * most
        self.last = 0

    @property
    def before_first(self) -> int:
        """The number before the oldest event that is kept."""
        return max(0, self.last - self._most)

    def add(self, event: object) -> None:
        """Keep an event; the oldest one goes."""
        self.last += 1
        self._kept[self.last % self._most] = event

    def start(self, last_id: str | None) -> Start:
        """Where a reader goes on who has read up to an id; without one: from now on."""
        if not last_id:
            return Start(number=self.last)
        found = _ID.fullmatch(last_id.strip())
        if found is None:
            return Start(number=self.last, gap=GapReason.UNKNOWN_ID)
        if found["run"] != self._run:
            return Start(number=self.before_first, gap=GapReason.RESTARTED)
        return self._start_after(int(found["number"]))

    def part(self, number: int, sees: Sees) -> Part:
        """The events that he sees after a number that is not before `before_first`."""
        last = min(self.last, number + PART_MOST)
        numbers = range(number + 1, last + 1)
        texts = [self._text(each) for each in numbers if sees(self._event(each))]
        return Part(text=b"".join(texts), number=last)

    def id_of(self, number: int) -> str:
        """What a reader sends to go on after the event of this number."""
        return f"{self._run}-{number}"

    def gap(self, start: Start, last_id: str) -> bytes:
        """The event that tells a reader what he has missed."""
        told = {"reason": start.gap, "last_id": last_id, "missed": start.missed}
        return self.message("gap", told, start.number)

    def message(self, kind: str, fields: dict[str, Any], number: int) -> bytes:
        """A server-sent event."""
        body = _JSON.dump_json({"kind": kind, **fields})
        return b"id: %s\nevent: %s\ndata: %s\n\n" % (
            self.id_of(number).encode(),
            kind.encode(),
            body,
        )

    def _start_after(self, number: int) -> Start:
        if number > self.last:
            return Start(number=self.last, gap=GapReason.UNKNOWN_ID)
        missed = self.before_first - number
        if missed <= 0:
            return Start(number=number)
        return Start(number=self.before_first, gap=GapReason.TOO_OLD, missed=missed)

    def _event(self, number: int) -> object:
        kept = self._kept[number % self._most]
        return kept.event if isinstance(kept, _Written) else kept

    def _text(self, number: int) -> bytes:
        place = number % self._most
        kept = self._kept[place]
        if not isinstance(kept, _Written):
            text = self.message(name_of(type(kept)), fields_of(kept), number)
            kept = self._kept[place] = _Written(event=kept, text=text)
        return kept.text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """An event that somebody has read."""

    event: object
    text: bytes
