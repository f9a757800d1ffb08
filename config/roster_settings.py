"""Rosters in the settings: the rules that no shift may break, and the shifts to build from."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.section import Section

PostName = Literal["phones", "dispatch", "call_back", "quality", "training"]
Hours = Annotated[float, Field(ge=2, le=24, multiple_of=0.25)]
Qualification = Annotated[str, Field(min_length=1, max_length=80)]


class RosterSection(Section):
    """Rest rules, qualifications by post, and what a built week is made of.

    Breaks of `meal_minutes` and more are no working time. A shift of `meal_after_hours`
    has a meal, and one short break in each of its halves; shorter ones have one.
    """

    rest_hours: float = Field(11, ge=0, le=24)
    days_on_end: int = Field(6, ge=1, le=14)
    week_hours: float = Field(40, ge=1, le=168)
    longest_hours: Hours = 12
    needs: Mapping[PostName, tuple[Qualification, ...]] = {}
    shift_hours: tuple[Hours, ...] = Field((8.5, 6), min_length=1, max_length=4)
    start_minutes: Literal[15, 30, 60] = 30
    meal_minutes: Literal[15, 30, 45, 60] = 30
    meal_after_hours: Hours = 7

    @model_validator(mode="after")
    def _shifts_are_allowed(self) -> "RosterSection":
        if max(self.shift_hours) > self.longest_hours:
            raise ValueError(
                f"shift_hours has {max(self.shift_hours):g}, longer than longest_hours = {self.longest_hours:g}"
            )
        return self
