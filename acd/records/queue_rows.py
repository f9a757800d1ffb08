"""Queue events as rows of the records."""

from typing import Any

from acd import events as e
from acd import talk_events as t

QueueEvent = (
    e.CallerEntered
    | e.CallOffered
    | e.OfferUnanswered
    | e.CallConnected
    | e.CallAbandoned
    | e.CallBackPromised
    | e.CallOverflowed
    | e.CallDeclined
    | e.NeighbourAsked
    | e.PlaceTakenBack
    | t.CallPriorityChanged
    | e.TalkMoved
    | e.TalkEnded
    | e.CallRequeued
)


def queue_row(event: QueueEvent, kind: str, **columns: Any) -> dict[str, Any]:
    """The row of a queue event; what is not told of it is None."""
    row: dict[str, Any] = {
        "call_id": event.call_id,
        "at": event.at,
        "kind": kind,
        "agent_id": "",
        "queue": event.queue,
        "offer_id": None,
        "position": None,
        "wait_seconds": None,
        "ring_seconds": None,
        "talk_seconds": None,
        "detail": None,
    }
    return row | columns
