"""Agents in the settings, and the reasons for which they may pause."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from config.section import (
    Count,
    Level,
    Penalty,
    QueueName,
    Seconds,
    Section,
    SkillName,
)

_URI = r"sips?:[^@\s<>]+@[^@\s<>]+"


class WrittenProfile(Section):
    """All that can be changed of an agent while he works; no queues: all of them.

    `contact` is the SIP URI that is rung; without one he keeps the one he has.
    """

    contact: str = Field("", pattern=rf"^(|{_URI})$")
    queues: tuple[str, ...] = ()
    skills: Mapping[SkillName, Level] = {}
    penalties: Mapping[QueueName, Penalty] = {}
    weight: float = Field(1, gt=0, le=100)


class AgentSection(WrittenProfile):
    """A person on the phones.

    `order` 0 stands for the place in the file.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")
    name: str = ""
    contact: str = Field(pattern=rf"^{_URI}$")
    order: Count = 0
    state: Literal["logged_out", "ready"] = "logged_out"
    auto_answer: bool = False
    show_number: Literal["full", "masked"] = "full"


MOST_PAUSE_REASONS = 50
"""In the file, on the page and over the API."""


class PauseReasonSection(Section):
    """Why an agent may pause, and for how long at most; 0 sets no limit."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    title: str = Field("", max_length=80)
    max_seconds: Seconds = 0


PAUSE_REASONS = (
    PauseReasonSection(id="break", title="休息", max_seconds=900),
    PauseReasonSection(id="meal", title="用餐", max_seconds=2700),
    PauseReasonSection(id="training", title="培训"),
    PauseReasonSection(id="meeting", title="会议"),
    PauseReasonSection(id="other", title="其他"),
    PauseReasonSection(id="other_post", title="其他岗位"),
)
"""What a hotline has that names none of its own."""
