"""What an event of a talk leaves in the records: one row each (pure)."""

from collections.abc import Callable
from typing import Any

from acd import talk_events as t

TALK_KINDS: dict[type[t.TalkEvent], str] = {
    t.CallHeld: "HOLD",
    t.CallUnheld: "UNHOLD",
    t.AgentMuted: "MUTE",
    t.AgentUnmuted: "UNMUTE",
    t.RecordingPaused: "PAUSERECORDING",
    t.RecordingResumed: "RESUMERECORDING",
    t.ThirdPartyCalled: "CALLTHIRDPARTY",
    t.ThirdPartyAnswered: "CONSULT",
    t.ThirdPartyFailed: "NOTHIRDPARTY",
    t.ThirdPartyJoined: "THREEPARTY",
    t.ThirdPartyLeft: "THIRDPARTYLEFT",
    t.CallHandedOver: "HANDOVER",
    t.SupervisionStarted: "SUPERVISE",
    t.SupervisionModeChanged: "SUPERVISEMODE",
    t.SupervisionFailed: "NOSUPERVISOR",
    t.SupervisionEnded: "SUPERVISEEND",
    t.CallDisposed: "DISPOSITION",
}
"""The kinds of talk events, in the words of the records."""


def talk_row(event: t.TalkEvent) -> dict[str, Any]:
    """The row of an event: `who` came or goes, `detail` how or why, `seconds` how long."""
    return {
        "call_id": event.call_id,
        "at": event.at,
        "kind": TALK_KINDS[type(event)],
        "agent_id": event.agent_id,
        "who": _who(event),
        "detail": _detail(event),
        "seconds": _seconds(event),
    }


def _who(event: t.TalkEvent) -> str | None:
    match event:
        case t.ThirdPartyEvent():
            return event.third_party or event.number or None
        case t.SupervisionEvent():
            return event.supervisor
        case t.CallHandedOver():
            return event.target or None
    return None


def _detail(event: t.TalkEvent) -> str | None:
    match event:
        case t.ThirdPartyCalled():
            return "transfer" if event.for_transfer else "consultation"
        case t.ThirdPartyFailed() | t.SupervisionFailed():
            return event.failure.value
        case t.SupervisionStarted() | t.SupervisionModeChanged():
            return event.mode.value
        case t.CallHandedOver():
            return event.handed_to.value
        case t.CallDisposed():
            return event.code
    return None


_LENGTHS: dict[type[t.TalkEvent], Callable[[Any], float]] = {
    t.CallUnheld: lambda event: event.hold_seconds,
    t.RecordingResumed: lambda event: event.pause_seconds,
    t.ThirdPartyAnswered: lambda event: event.ring_seconds,
    t.ThirdPartyFailed: lambda event: event.ring_seconds,
    t.ThirdPartyLeft: lambda event: event.talk_seconds,
    t.SupervisionEnded: lambda event: event.seconds,
}


def _seconds(event: t.TalkEvent) -> float | None:
    length = _LENGTHS.get(type(event))
    return length(event) if length else None
