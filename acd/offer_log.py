"""A phone that did not take a call is told in the log, with what to do about it."""

import logging

from acd.events import (
    AgentState,
    AgentStateChanged,
    OfferUnanswered,
    PauseOverdue,
)
from acd.messages import OfferFailure

logger = logging.getLogger(__name__)

ADVICE = {
    OfferFailure.NO_ANSWER: "it rang and nobody picked up; an agent who leaves his place should be paused",
    OfferFailure.BUSY: "it is busy; see whether the agent speaks on another line or left it off the hook",
    OfferFailure.REJECTED: "it refused; see whether it is set not to be disturbed",
    OfferFailure.UNREACHABLE: "it gave no sign of life; see that it is on and connected, and that the agent's contact is right (hotline agents list)",
}

AUTO_PAUSE_REASONS = frozenset({*OfferFailure, "leg_died"})


def log_unanswered(event: OfferUnanswered) -> None:
    """Warn; the citizen is offered to the next agent or keeps waiting."""
    logger.warning(
        "call %s: the phone of agent %s did not take it after %.1f s: %s",
        event.call_id,
        event.agent_id,
        event.ring_seconds,
        ADVICE[event.failure],
    )


def log_pause(event: AgentStateChanged) -> None:
    """Tell of a pause that nobody asked for, and how it is ended."""
    if event.new is AgentState.PAUSED and event.reason in AUTO_PAUSE_REASONS:
        logger.warning(
            "agent %s is paused (%s) and gets no calls until: hotline agents ready %s",
            event.agent_id,
            event.reason,
            event.agent_id,
        )


def log_overdue(event: PauseOverdue) -> None:
    """Warn of a pause that is too long; nothing else comes of it by itself."""
    logger.warning(
        "agent %s has been paused (%s) for %.0f s, as long as that may last; he gets no calls until: hotline agents ready %s",
        event.agent_id,
        event.reason,
        event.limit_seconds,
        event.agent_id,
    )
