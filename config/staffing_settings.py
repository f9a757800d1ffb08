"""The fifteen-minute loop in the settings: what is aimed at, and what it may do itself."""

from typing import Annotated, Literal

from pydantic import Field

from config.section import Section

MoveName = Literal[
    "move_break",
    "move_training",
    "to_phones",
    "send_back",
    "overtime",
    "release",
    "lend",
]
PostName = Literal["phones", "dispatch", "call_back", "quality", "training"]


class StaffingSection(Section):
    """Every `every_seconds` traffic, forecast and people are compared.

    `target_share` of the citizens are to be answered within `within_seconds`, with the
    chance `sureness` that the agents are enough. Moves of the kinds in `automatic` are
    carried out without a person, at most `automatic_moves` a round. `kept` people stay at each post whatever comes.
    To a queue that asks for no skill only those are lent who have a qualification of its
    name, unless it is in `lend_to_anybody`. `message_program` is run for each person whose
    day is changed, with JSON on its standard input: for an SMS.
    """

    every_seconds: float = Field(900, ge=20, le=3600)
    target_share: float = Field(0.95, gt=0, lt=1)
    within_seconds: float = Field(15, ge=0, le=600)
    sureness: float = Field(0.9, ge=0.5, lt=1)
    history_days: int = Field(120, ge=1, le=400)
    minimum_agents: int = Field(1, ge=0, le=10_000)
    automatic: tuple[MoveName, ...] = ()
    automatic_moves: int = Field(4, ge=1, le=50)
    lend_to_anybody: tuple[str, ...] = ()
    message_program: str = ""
    kept: dict[PostName, Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default_factory=dict
    )
