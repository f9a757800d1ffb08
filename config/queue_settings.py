"""Queues in the settings: whom a queue asks, in which order, and what else may happen.

The same form is kept in the database and spoken by the API.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from config.section import (
    Count,
    Level,
    Penalty,
    QueueName,
    Seconds,
    Section,
    Share,
    SkillName,
    to_the_millisecond,
)

_DAY_SECONDS = 86400
_LIMITED = ("wait", "length", "calls_per_agent")

SHORTEST_ANNOUNCE_SECONDS = 5.0
"""A position takes as long to say; told more often, he would hear nothing else."""

SHORTEST_RING_SECONDS = 1.0


def _not_too_often(seconds: float) -> float:
    if 0 < seconds < SHORTEST_ANNOUNCE_SECONDS:
        raise ValueError(
            f"positions are announced every {SHORTEST_ANNOUNCE_SECONDS:g} s at most; "
            "0: never"
        )
    return seconds


class RelaxSection(Section):
    """What a call asks less of agents once it has waited for `after_seconds`."""

    after_seconds: Annotated[float, Field(gt=0, le=86400), to_the_millisecond]
    max_penalty: Penalty | None = None
    lower_skills_by: int = Field(0, ge=0, le=100)
    also_queues: tuple[QueueName, ...] = ()


class OverflowSection(Section):
    """One way out of a queue that is too full. `to` "" lets the flow go on."""

    when: Literal["wait", "length", "calls_per_agent", "no_agents", "closed"]
    limit: Annotated[Share, to_the_millisecond] = 0
    to: QueueName | Literal[""] = ""

    @model_validator(mode="after")
    def _limit_fits(self) -> "OverflowSection":
        if self.when in _LIMITED and not self.limit:
            raise ValueError(f"overflow by {self.when} needs a limit above 0")
        if self.when not in _LIMITED and self.limit:
            raise ValueError(f"overflow by {self.when} has no limit; leave it out")
        if self.when == "wait" and self.limit > _DAY_SECONDS:
            raise ValueError(f"overflow by wait comes after {_DAY_SECONDS} s at most")
        return self


class AdmissionSection(Section):
    """How many may come in when many call at once; 0 sets no limit."""

    places_per_agent: Share = 0
    least_places: Count = 20
    promises_per_agent: Share = 0


class WrittenRules(Section):
    """All that can be changed of a queue while it works.

    `hours` are written as in the flow language, whose reader looks at them later. Agents
    are required for `target_share` of its calls answered within `target_within_seconds`;
    what is left out is that of `[staffing]`.
    """

    title: str = Field("", max_length=80)
    strategy: str = Field("longest_idle", max_length=40)
    priority: int = Field(0, ge=0, le=100)
    weight: float = Field(1, gt=0, le=100)
    skills: Mapping[SkillName, Level] = {}
    max_penalty: Penalty | None = None
    relax: tuple[RelaxSection, ...] = ()
    last_agent_seconds: Seconds = 0
    last_agent_hours: float = Field(24, gt=0, le=8760)
    ring_seconds: Annotated[
        float, Field(ge=SHORTEST_RING_SECONDS, le=300), to_the_millisecond
    ] = 20
    wrap_up_seconds: Seconds = 10
    auto_pause_after: Count = 1
    reject_delay_seconds: Seconds = 10
    busy_delay_seconds: Seconds = 10
    no_answer_delay_seconds: Seconds = 10
    announce_position_seconds: Annotated[Seconds, AfterValidator(_not_too_often)] = 30
    redial_seconds: Seconds = 300
    target_share: float | None = Field(None, gt=0, lt=1)
    target_within_seconds: float | None = Field(None, ge=0, le=600)
    overflow: tuple[OverflowSection, ...] = ()
    hours: Mapping[str, Any] | None = None
    admission: AdmissionSection = AdmissionSection()


class NewQueue(WrittenRules):
    """A queue that is added while the hotline works; its music is the usual one."""

    name: QueueName


class QueueSection(WrittenRules):
    """A queue of waiting citizens. `music` is changed by a new start."""

    name: QueueName
    music: Path | None = None

    @property
    def rules(self) -> WrittenRules:
        """What of it can be changed while it works."""
        return WrittenRules.model_validate(self.model_dump(exclude={"name", "music"}))

    def with_rules(self, rules: WrittenRules) -> "QueueSection":
        """The same queue under other rules."""
        return QueueSection(name=self.name, music=self.music, **rules.model_dump())
