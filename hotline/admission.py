"""How many citizens may be here at once, so that their agents still find a leg."""

import logging
import math
from collections.abc import Sized
from dataclasses import dataclass

from acd.equipment import Equipment
from config.settings import Settings

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The legs of the SIP library as citizens and calls out may use them now.

    `agents` is looked at anew each time: who is added or removed while the service runs
    counts at once. `max_calls` is what `sip.max_calls` wishes (0: nothing).
    """

    allowed: int
    lines_out: int
    agents: Sized
    max_calls: int = 0

    def kept_free(self) -> int:
        """For agents and for calls out."""
        return legs_kept_free(self.allowed, len(self.agents), self.lines_out)

    def admitted_calls(self, *, emergency: bool = False) -> int:
        """Citizens' calls admitted at once: as many as wished, as the legs allow.

        For one more in an `emergency` some of those that are kept free count, too.
        """
        most = self.allowed - self.kept_free()
        wished = min(self.max_calls, most) if self.max_calls else most
        return wished + self._kept_for_emergencies if emergency else wished

    @property
    def _kept_for_emergencies(self) -> int:
        """Half of what is not for the agents' own legs; one in any case."""
        kept = self.kept_free()
        besides = max(0, kept - len(self.agents))
        return min(kept, max(1, math.ceil(besides / 2)))

    def warn(self) -> None:
        """Say in the log that fewer calls are admitted than wished."""
        admitted = self.admitted_calls()
        if admitted < self.max_calls:
            logger.warning(
                "sip.max_calls is %d, but %d legs for %d agents and %d lines out leave %d: that many are admitted",
                self.max_calls,
                self.allowed,
                len(self.agents),
                self.lines_out,
                admitted,
            )


def legs_of(settings: Settings, equipment: Equipment) -> Legs:
    """Those of the running endpoint, with the team as it is at each moment."""
    return Legs(
        allowed=equipment.endpoint.legs_allowed,
        lines_out=sum(trunk.lines for trunk in settings.trunks),
        agents=equipment.agents,
        max_calls=settings.sip.max_calls,
    )
