"""The emergency plans in the settings: when they begin and end, and what plan 1 does."""

from typing import Annotated

from pydantic import Field, model_validator

from config.section import Section
from config.staffing_settings import PostName

Minutes = Annotated[float, Field(ge=0, le=1440)]
Wait = Annotated[float, Field(ge=0, le=3600)]


class NeighbourSection(Section):
    """A neighbour hotline of plan 3: a number over a trunk, or a SIP URI, and its share.

    It is rung for `ring_seconds`; the metrics know it by its `name`.
    """

    target: str = Field(pattern=r"^(\+?[0-9*#]{2,20}|sips?:[^@\s<>]+@[^@\s<>]+)$")
    share: float = Field(gt=0, le=1)
    name: str = Field("", pattern=r"^[A-Za-z0-9_.-]{0,40}$")
    ring_seconds: float = Field(20, ge=5, le=120)


class PlanSection(Section):
    """Plan 1, 2 or 3. What is not given is as `acd.staffing.escalation` has it.

    It begins when the wait foreseen `ahead_minutes` from now without it exceeds
    `rise_wait_seconds` (in a surge `surge_wait_seconds`) for `rise_for_seconds`, and
    ends when all waits foreseen without it stay below `fall_wait_seconds` for
    `fall_for_minutes`, not before `hold_minutes`. Without `automatic` it is proposed.
    With `announce` citizens who come are told from this level on.
    """

    level: int = Field(ge=1, le=3)
    automatic: bool = False
    announce: bool = False
    ahead_minutes: int | None = Field(None, ge=1, le=60)
    rise_wait_seconds: Wait | None = None
    surge_wait_seconds: Wait | None = None
    rise_for_seconds: float | None = Field(None, ge=0, le=3600)
    fall_wait_seconds: Wait | None = None
    fall_for_minutes: Minutes | None = None
    hold_minutes: Minutes | None = None
    posts: tuple[PostName, ...] = ("training", "quality", "call_back")
    kept: dict[PostName, Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default_factory=dict
    )
    seated_minutes: float = Field(5, ge=0, le=60)
    wrap_up_seconds: float | None = Field(None, ge=0, le=3600)
    neighbours: tuple[NeighbourSection, ...] = ()

    @model_validator(mode="after")
    def _only_plan_3_has_neighbours(self) -> "PlanSection":
        if self.level != 3 and self.neighbours:
            raise ValueError("neighbours belong to plan 3 alone")
        if sum(each.share for each in self.neighbours) > 1 + 1e-9:
            raise ValueError("neighbours: their shares are more than 1 together")
        return self

    @model_validator(mode="after")
    def _only_plan_1_moves_posts(self) -> "PlanSection":
        own = {
            "posts",
            "kept",
            "seated_minutes",
            "wrap_up_seconds",
        } & self.model_fields_set
        if self.level != 1 and own:
            raise ValueError(f"{sorted(own)[0]} belongs to plan 1 alone")
        if "phones" in self.posts:
            raise ValueError("posts: who is on the phones is there already")
        return self


def checked_plans(plans: tuple[PlanSection, ...]) -> tuple[PlanSection, ...]:
    """The plans in order; `ValueError` when one is missing or there twice."""
    ordered = tuple(sorted(plans, key=lambda plan: plan.level))
    if [plan.level for plan in ordered] != list(range(1, len(ordered) + 1)):
        raise ValueError(
            "plans: write each level once, from 1 on: plan 2 needs a plan 1 before it"
        )
    return ordered


class RecallSection(Section):
    """Plan 2: off-duty staff are rung, so many that by the share that comes enough do.

    `expected_share` is what is reckoned with before any recall; then the shares of recalls
    learn. `caller_number` is one of a trunk's. `message_program` is run for each person as he
    is rung or called off, with JSON on its standard input: for an SMS.
    """

    within_minutes: float = Field(30, ge=5, le=240)
    tries: int = Field(3, ge=1, le=10)
    retry_seconds: float = Field(120, ge=10, le=1800)
    at_once: int = Field(10, ge=1, le=200)
    expected_share: float = Field(0.5, gt=0, le=1)
    most: int = Field(50, ge=1, le=2000)
    qualification: str = Field("", max_length=40)
    ring_seconds: float = Field(25, ge=5, le=120)
    caller_number: str = Field("", pattern=r"^[0-9+]*$")
    flow: str = "recall"
    message_program: str = ""
