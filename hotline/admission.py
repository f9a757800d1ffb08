"""How many citizens may be here at once, so that their agents still find a leg."""

import logging
import math

logger = logging.getLogger(__name__)

THIRD_PARTY_SHARE = 0.1
"""Legs kept for third parties, for each agent (9 % of Jinan's calls become three-party)."""


def legs_kept_free(legs_allowed: int, agents: int) -> int:
    """Legs for agents and third parties: one for each agent and a tenth more.

    With few legs or many agents it is half of all legs, for then each citizen still
    finds one agent's leg.
    """
    wanted = agents + math.ceil(agents * THIRD_PARTY_SHARE)
    return min(wanted, legs_allowed // 2)


def admitted_calls(max_calls: int, legs_allowed: int, agents: int) -> int:
    """Citizens' calls admitted at once: `sip.max_calls` (0: no wish), as legs allow."""
    most = legs_allowed - legs_kept_free(legs_allowed, agents)
    if max_calls > most:
        logger.warning(
            "sip.max_calls is %d, but %d legs for %d agents leave %d: that many are admitted",
            max_calls,
            legs_allowed,
            agents,
            most,
        )
    return min(max_calls, most) if max_calls else most
