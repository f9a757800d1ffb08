"""How many citizens may be here at once, so that their agents still find a leg."""

import logging
import math

logger = logging.getLogger(__name__)

THIRD_PARTY_SHARE = 0.1
"""Legs kept for third parties, for each agent (9 % of Jinan's calls become three-party)."""


def legs_kept_free(legs_allowed: int, agents: int, lines_out: int) -> int:
    """Legs for agents and for calls out: one for each agent, and then some.

    A tenth more for third parties at phones of the house. With trunks it is one more
    for each of their `lines_out`, but no more than one for each agent: who calls out is
    an agent with a third party, or with a citizen whom he calls back. With few legs or
    many agents it is half of all legs, for then each citizen still finds one agent's
    leg.
    """
    third_parties = math.ceil(agents * THIRD_PARTY_SHARE)
    wanted = agents + max(third_parties, min(lines_out, agents))
    return min(wanted, legs_allowed // 2)


def admitted_calls(
    max_calls: int, legs_allowed: int, agents: int, lines_out: int = 0
) -> int:
    """Citizens' calls admitted at once: `sip.max_calls` (0: no wish), as legs allow."""
    most = legs_allowed - legs_kept_free(legs_allowed, agents, lines_out)
    if max_calls > most:
        logger.warning(
            "sip.max_calls is %d, but %d legs for %d agents and %d lines out leave %d: that many are admitted",
            max_calls,
            legs_allowed,
            agents,
            lines_out,
            most,
        )
    return min(max_calls, most) if max_calls else most
