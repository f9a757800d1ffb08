"""A week's roster ordered, and how far it is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, field_validator

from acd.people.person import Post
from acd.rosters.order import LEAST_SECONDS, MOST_SECONDS, Build, BuildOrder
from acd.staffing.roster import CELLS
from console.routes.edits import By
from console.routes.parts import CityDay, View

router = APIRouter(prefix="/roster/builds", tags=["roster"])

Agents = Annotated[int, Field(ge=0, le=10_000)]
Week = Annotated[list[Agents], Field(min_length=7 * CELLS, max_length=7 * CELLS)]
Share = Annotated[float, Field(ge=0.01, le=0.999)]
Mean = Annotated[float, Field(ge=1, le=86_400)]


class BuildWish(BaseModel):
    """The week from `monday` on, covered by what is `needed`, or else by the forecast.

    `needed` has 672 figures for each post, quarters of an hour from Monday 00:00. With
    `replace` the shifts of these posts in the week give way; with `keep` false nothing
    is kept. The rest is what the forecast is made for; null: as `[staffing]` has it.
    """

    model_config = ConfigDict(extra="forbid")

    monday: CityDay
    needed: dict[Post, Week] | None = Field(None, min_length=1)
    replace: bool = False
    keep: bool = True
    seconds: float = Field(60, ge=LEAST_SECONDS, le=MOST_SECONDS)
    target_share: Share | None = None
    within_seconds: float | None = Field(None, ge=0, le=3600)
    sureness: float | None = Field(None, ge=0.5, le=0.999)
    handle_seconds: Mean | None = None
    patience_seconds: Mean | None = None
    history_days: int | None = Field(None, ge=1, le=400)

    @field_validator("monday")
    @classmethod
    def _is_a_monday(cls, day: date) -> date:
        if day.weekday() or not date(2000, 1, 1) < day < date(2100, 1, 1):
            raise ValueError("write the date of a Monday, like 2026-11-30")
        return day

    @property
    def order(self) -> BuildOrder:
        """The order as the builder takes it."""
        needed = {post: tuple(week) for post, week in (self.needed or {}).items()}
        rest = self.model_dump(exclude={"needed"})
        return BuildOrder(**rest, needed=needed or None)


@router.post("", operation_id="order_roster", status_code=202)
async def order_roster(view: View, wish: BuildWish, author: By) -> Build:
    """Build a week in a process beside the service; 409 while another one is built."""
    return view.roster_builds.order(wish.order, author)


@router.get("/{build_id}", operation_id="get_roster_build")
async def get_roster_build(
    view: View, build_id: Annotated[str, Path(max_length=40)]
) -> Build:
    """How far it is; at the end how many shifts there are, and who is missing and why."""
    return view.roster_builds.build(build_id)
