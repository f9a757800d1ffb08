"""Why a try was allowed: kept with it, so that anybody can check it later. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outbound.rules import MONTH, FollowUpRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What held when a contact was leased for a try.

    `window` is the open one on the city's clock, `tries_before` the contact's own tries
    that counted. The `number_calls` are all follow-up calls to his number before this
    one, over all campaigns, on the city's day and in the last 30 days.
    """

    window: str
    tries_before: int
    number_calls_that_day: int
    number_calls_in_30_days: int
    last_call_at: datetime | None


def evidence_of(
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> Evidence:
    """The evidence of a try at `now`; as in `next_time`, this try is not among them."""
    calls = {*tries, *number_calls}
    window, today = rules.window_at(now), rules.day_of(now)
    return Evidence(
        window=f"{window[0]:%H:%M}-{window[1]:%H:%M}" if window else "",
        tries_before=len(tries),
        number_calls_that_day=sum(rules.day_of(call) == today for call in calls),
        number_calls_in_30_days=sum(call > now - MONTH for call in calls),
        last_call_at=max(calls, default=None),
    )
