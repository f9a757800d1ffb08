"""What a campaign may have of its own: the number that it shows, its flow, its hours. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

from outbound.rules import FollowUpRules, Window

WINDOW: Final = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
MOST_WINDOWS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRules:
    """One campaign's own number, flow and windows; what is empty is as in all campaigns.

    A window is written as the settings write it, "09:00-12:00", on the city's clock.
    """

    caller_number: str = ""
    flow: str = ""
    windows: tuple[str, ...] = ()

    def when(self, rules: FollowUpRules) -> FollowUpRules:
        """The rules of all campaigns, with its own windows if it has any."""
        return replace(rules, windows=_spans(self.windows)) if self.windows else rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What campaigns may choose from: checked flows for follow-up calls, numbers of trunks."""

    flows: Sequence[str] = ()
    caller_numbers: Sequence[str] = ()


def fault_of_own(own: OwnRules, offered: Offered) -> str:
    """Why no campaign can have these of its own, in words; "" when one can."""
    if own.flow and own.flow not in offered.flows:
        known = ", ".join(offered.flows) or "none"
        return f"{own.flow!r} is no flow of follow-up calls: [outbound] flow and flows name {known}"
    if own.caller_number and own.caller_number not in offered.caller_numbers:
        known = ", ".join(offered.caller_numbers) or "none"
        return f"the number is on no trunk's list of caller_numbers, which have {known}"
    return _fault_of_windows(own)


def _fault_of_windows(own: OwnRules) -> str:
    for window in own.windows:
        if not re.fullmatch(WINDOW, window):
            return f"{window!r} is no window; write one like 09:00-12:00"
    if len(own.windows) > MOST_WINDOWS:
        return f"there are more than {MOST_WINDOWS} windows; put some together"
    try:
        own.when(FollowUpRules())
    except ValueError as error:
        return str(error)
    return ""


def _spans(windows: Sequence[str]) -> tuple[Window, ...]:
    parts = (window.partition("-") for window in windows)
    return tuple(
        (time.fromisoformat(begin), time.fromisoformat(end)) for begin, _, end in parts
    )
