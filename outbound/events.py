"""What is told of a contact: to the broker, to the metrics and to the order system."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outbound.answer import GivenBy
from outbound.contact import ContactState


class ResultCause(StrEnum):
    """Why a result is told: a try ended, he is closed without one, or something is known anew.

    `REVIEW`: a person set an answer. `TRANSCRIPT`: the words of one were read.
    """

    TRY = "try"
    CLOSED = "closed"
    REVIEW = "review"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAnswer:
    """An answer that counts; `reviewed`: a person heard it and set it."""

    question: str
    answer: str
    given_by: GivenBy
    confidence: float
    reviewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpResult:
    """How a contact stands: the whole of it, so that the newest one tells all.

    `reason` is the outcome of his last try, or why he is closed without one; `call_id`
    is that try's, "" without any. `redo`: he is not satisfied, or it is not solved.
    """

    at: datetime
    campaign: str
    contact_id: str
    order_id: str
    unit: str
    cause: ResultCause
    state: ContactState
    reason: str
    tries: int
    call_id: str
    answers: tuple[ToldAnswer, ...]
    redo: bool
