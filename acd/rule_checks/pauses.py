"""Reasons for a pause that are the machine's own, and limits that cannot be meant."""

from collections.abc import Iterator, Sequence

from acd.messages import OfferFailure
from acd.rule_checks.finding import RuleFinding
from config.agent_settings import PauseReasonSection

OWN_REASONS = frozenset({*(failure.value for failure in OfferFailure), "leg_died"})
"""Why the distributor itself pauses an agent."""
SHORTEST_SECONDS, LONGEST_SECONDS = 60, 4 * 3600


def check_pauses(reasons: Sequence[PauseReasonSection]) -> Iterator[RuleFinding]:
    """What is wrong with the pause reasons."""
    for reason in reasons:
        if reason.id in OWN_REASONS:
            words = "the distributor pauses agents for this reason itself; choose another id"
            yield _finding(reason, words, fatal=True)
        elif 0 < reason.max_seconds < SHORTEST_SECONDS:
            words = f"after {reason.max_seconds:g} s every pause would be too long; 0 sets no limit"
            yield _finding(reason, words)
        elif reason.max_seconds > LONGEST_SECONDS:
            words = (
                f"{reason.max_seconds:g} s are more than half a shift; 0 sets no limit"
            )
            yield _finding(reason, words)


def _finding(
    reason: PauseReasonSection, words: str, *, fatal: bool = False
) -> RuleFinding:
    return RuleFinding(about=f"pause reason {reason.id!r}", words=words, fatal=fatal)
