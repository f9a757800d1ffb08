"""The verdict of answer detection, told over the bus: to the metrics and to the broker."""

from dataclasses import dataclass
from datetime import datetime

from outbound.answer_detection import AnsweredBy


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDetected:
    """Who answered a follow-up call, once for each that was answered or announced.

    `at_seconds` is where in its audio that was clear, and `reason` why, in words.
    """

    at: datetime
    call_id: str
    answered_by: AnsweredBy
    at_seconds: float
    reason: str
    before_answer: bool
