"""What the story of a call adds up to: pure, recomputed whenever the story grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from acd.events import Outcome
from acd.records.facts import COMPLETE_KINDS, KIND_ORDER, NO_TALK
from acd.records.rows import QueueEventRow

_ENDS_TALK = frozenset(COMPLETE_KINDS.values())
_BEGINS_TALK = frozenset({"CONNECT", "MOVE"})
TALK_KINDS = _BEGINS_TALK | _ENDS_TALK
"""The queue events by which an agent's talk begins and ends."""
_SPOKE_WITH_NOBODY = frozenset(
    {Outcome.NOT_REACHED, Outcome.ABANDONED_IN_IVR, Outcome.COMPLETED_IN_IVR}
)
_ENDS_WAIT = frozenset({"ABANDON", "CALLBACK", "OVERFLOW", "DECLINE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The columns of a call that follow from its queue events; None when not (yet) so.

    Waits go to the first talk, or to the end for a citizen who never had one:
    `wait_seconds` from the first queue entry, `wait_from_answer_seconds` from the SIP
    answer. `ivr_seconds` goes from the SIP answer to the first queue entry, or to the
    end of a call that entered none. A call-back whose citizen spoke with nobody has no
    talk, though an agent picked up for it, nor has an agent who left before he was
    there. `talk_seconds` adds all talks; one that the call's end cut counts up to it.
    """

    queue: str | None
    entered_at: datetime | None
    connected_at: datetime | None
    agent_id: str | None
    ivr_seconds: float | None
    wait_seconds: float | None
    wait_from_answer_seconds: float | None
    talk_seconds: float | None


def in_order(events: Sequence[QueueEventRow]) -> list[QueueEventRow]:
    """By time; what happened at one instant, endings first."""
    return sorted(events, key=lambda event: (event.at, KIND_ORDER.index(event.kind)))


def summary_of(
    events: Sequence[QueueEventRow],
    answered_at: datetime | None,
    ended_at: datetime | None,
    outcome: str | None = None,
) -> Summary:
    """Add up a call's queue events, given in any order."""
    story = talked(in_order(events))
    entries = [event for event in story if event.kind == "ENTERQUEUE"]
    asked = entries or [event for event in story if event.kind == "NEIGHBOUR"]
    connects = [event for event in story if event.kind == "CONNECT"]
    talks = [event for event in story if event.kind in _BEGINS_TALK]
    spoke = connects and outcome not in _SPOKE_WITH_NOBODY
    entered_at = entries[0].at if entries else None
    served_at = connects[0].at if connects else _gave_up_at(story, ended_at)
    return Summary(
        queue=asked[-1].queue if asked else None,
        entered_at=entered_at,
        connected_at=connects[0].at if spoke else None,
        agent_id=talks[-1].agent_id if spoke else None,
        ivr_seconds=_seconds(answered_at, entered_at or ended_at),
        wait_seconds=_seconds(entered_at, served_at),
        wait_from_answer_seconds=(
            _seconds(answered_at, served_at) if entered_at else None
        ),
        talk_seconds=_talk_seconds(story, ended_at) if spoke else None,
    )


def talked(story: Sequence[QueueEventRow]) -> list[QueueEventRow]:
    """The story without the agents who picked up and left before there was a talk."""
    told: list[QueueEventRow] = []
    for event in story:
        if event.kind != NO_TALK:
            told.append(event)
        elif begun := [at for at, known in enumerate(told) if _connects(known, event)]:
            del told[begun[-1]]
    return told


def _connects(event: QueueEventRow, left: QueueEventRow) -> bool:
    return event.kind == "CONNECT" and event.agent_id == left.agent_id


def _gave_up_at(
    story: Sequence[QueueEventRow], ended_at: datetime | None
) -> datetime | None:
    """When a citizen stopped waiting whom nobody served: the last way out he took."""
    ways_out = [event.at for event in story if event.kind in _ENDS_WAIT]
    return ways_out[-1] if ways_out else ended_at


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return max(0.0, (end - start).total_seconds())


def _talk_seconds(story: Sequence[QueueEventRow], ended_at: datetime | None) -> float:
    total, open_since = 0.0, None
    for event in story:
        if event.kind in _BEGINS_TALK:
            open_since = event.at
        elif event.kind in _ENDS_TALK:
            total += event.talk_seconds or 0.0
            open_since = None
    return total + (_seconds(open_since, ended_at) or 0.0)


def columns(summary: Summary) -> dict[str, Any]:
    """The summary as the columns of a call's row."""
    return {name: getattr(summary, name) for name in Summary.__slots__}
