"""How citizens and agents behave in a simulation: what a manager may set."""

from dataclasses import dataclass
from typing import Literal

Shape = Literal["lognormal", "exponential", "fixed"]

EXCLUSIVE = (
    ("no_answer_share", "reject_share", "busy_share"),
    ("transfer_busy_share", "transfer_no_answer_share"),
    ("consult_share", "attended_share", "to_queue_share", "to_agent_share"),
)
"""Shares of the same whole, of which only one can happen."""


class BehaviourRefused(Exception):
    """Nobody can behave so; the text says what to mend."""

    error_id = "behaviour_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Means in seconds and shares from 0 to 1; all of them are assumptions.

    Patience is exponential (inf: nobody hangs up) and counts from the entry into the
    queue. Of those whose patience ends `leave_share` press the flow's key to leave, if
    it has one; the others hang up, and of them `redial_share` call again, after
    `redial_seconds`. Of those who are offered a call-back `call_back_share` want it; when
    they are called `call_back_no_answer_share` of the calls are not answered. Of those who
    hear of keys to other queues `move_share` press one.

    Of the offers `no_answer_share` are not taken, `reject_share` are refused and
    `busy_share` meet a busy phone; an agent whom this pauses comes back after
    `pause_seconds`. In `consult_share` of the talks the agent asks another one for
    `consult_seconds`, the citizen on hold; in `attended_share` that one takes the
    citizen over; `to_queue_share` are sent to another queue, `to_agent_share` to one
    other agent, unasked. Of the talks `agent_ends_share` are ended by the agent; of the
    citizens who are asked then `survey_share` answer the survey.

    Of the flow's own transfers `transfer_busy_share` and `transfer_no_answer_share` fail;
    the others talk for `transfer_talk_seconds`. Talks of both kinds vary by `talk_shape`.

    Raises `BehaviourRefused` for what cannot be.
    """

    talk_seconds: float = 260.0
    talk_shape: Shape = "lognormal"
    patience_seconds: float = 360.0
    answer_seconds: float = 4.0
    no_answer_share: float = 0.0
    reject_share: float = 0.0
    busy_share: float = 0.0
    pause_seconds: float = 60.0
    redial_share: float = 0.0
    redial_seconds: float = 60.0
    leave_share: float = 0.0
    call_back_share: float = 0.0
    call_back_no_answer_share: float = 0.0
    move_share: float = 0.0
    consult_share: float = 0.0
    attended_share: float = 0.0
    to_queue_share: float = 0.0
    to_agent_share: float = 0.0
    consult_seconds: float = 40.0
    agent_ends_share: float = 0.0
    survey_share: float = 0.0
    transfer_busy_share: float = 0.0
    transfer_no_answer_share: float = 0.0
    transfer_talk_seconds: float = 120.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if name.endswith("_share") and not 0 <= value <= 1:
                raise BehaviourRefused(f"{name} is {value:g}; a share is from 0 to 1")
            if name.endswith("_seconds") and not value >= 0:
                raise BehaviourRefused(f"{name} is {value:g}; seconds are 0 or more")
        for names in EXCLUSIVE:
            if sum(getattr(self, name) for name in names) > 1 + 1e-9:
                raise BehaviourRefused(f"{', '.join(names)} are more than 1 together")
