"""How a campaign is dialled: by the machine alone, or with agents who speak."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_CAP: Final = 0.03
"""No more than 3 % of a window's answered calls may be abandoned, whatever is set."""
LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS = 0.5, 15.0


class DialMode(StrEnum):
    """Who speaks, and who is there first.

    `AGENTLESS`: the machine asks. `PREVIEW`: an agent sees the contact and accepts him
    before he is dialled. `PROGRESSIVE`: an agent is reserved, then one contact is
    dialled. `PREDICTIVE`: more contacts are dialled than agents are free, as far as
    few enough of them meet nobody.
    """

    AGENTLESS = "agentless"
    PREVIEW = "preview"
    PROGRESSIVE = "progressive"
    PREDICTIVE = "predictive"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMode:
    """The mode, and for those with agents the `queue` whose agents speak.

    Predictive: at most the share `cap` of answered calls is abandoned in a window; who
    has no agent `wait_seconds` after he picked up is.
    """

    mode: DialMode = DialMode.AGENTLESS
    queue: str = ""
    cap: float = MOST_CAP
    wait_seconds: float = 2.0

    @property
    def has_agents(self) -> bool:
        """Whether agents speak with the citizens."""
        return self.mode is not DialMode.AGENTLESS


def fault_of(wanted: CampaignMode, queues: Collection[str]) -> str:
    """Why no campaign can be dialled so, in words; "" when one can."""
    if wanted.has_agents and wanted.queue not in queues:
        known = ", ".join(sorted(queues))
        return f"{wanted.mode} needs a queue whose agents speak: one of {known}"
    if wanted.queue and not wanted.has_agents:
        return "agentless needs no queue: the machine asks"
    if not 0 < wanted.cap <= MOST_CAP:
        return f"the cap on abandoned calls lies above 0 and is {MOST_CAP:.0%} at most"
    if not LEAST_WAIT_SECONDS <= wanted.wait_seconds <= MOST_WAIT_SECONDS:
        least, most = LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS
        return f"wait_seconds lies between {least:g} and {most:g}"
    return ""
