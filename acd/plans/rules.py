"""What each emergency plan does, and when it begins and ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.people.person import Post
from acd.staffing.escalation import USUAL_PLANS, PlanRules

LOOK_SECONDS = 60.0
FORECAST_SECONDS = 300.0
"""A forecast, and with it the surge detector, is made anew with each step of the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan1:
    """Named posts on duty move to the phones, on which they sit `seated_seconds` later.

    `kept` people stay at each post. `needs` are the qualifications that the phones ask for.
    """

    posts: tuple[Post, ...] = (Post.TRAINING, Post.QUALITY, Post.CALL_BACK)
    kept: Mapping[Post, int] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    seated_seconds: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansRules:
    """All of it; `plans` are those that the city has, in their order.

    `share_elsewhere` of the calls goes to neighbours in plan 3.
    """

    plan_1: Plan1 = field(default_factory=Plan1)
    plans: tuple[PlanRules, ...] = USUAL_PLANS
    share_elsewhere: float = 0.0
    look_seconds: float = LOOK_SECONDS
