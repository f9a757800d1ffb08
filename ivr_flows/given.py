"""How answers were given: by which means, in which words, when they were asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr_flows.actions import AnswerHeard, Said
from ivr_flows.open_question import RECORDED
from ivr_flows.survey import name_of
from ivr_flows.understanding.answers import Answer

UNCLEAR = Answer.UNCLEAR.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer, or `unclear` with what was said in its stead.

    `asked_at` is when the asking began that it belongs to. By key, and of words that are
    only recorded, the `transcript` is "" and the `confidence` 1.
    """

    answer: str
    by_voice: bool
    asked_at: datetime
    transcript: str = field(default="", repr=False)
    confidence: float = 1.0


class Replies:
    """Follows a run and remembers how each of its questions was answered."""

    def __init__(self) -> None:
        self._given: dict[str, Given] = {}
        self._last: tuple[Said, datetime] | None = None
        self._answers = False

    @property
    def given(self) -> Mapping[str, Given]:
        """By the step that asked."""
        return self._given

    def heard(self, heard: AnswerHeard, asked_at: datetime) -> None:
        """Something was said, or a key pressed, or neither."""
        self._answers = heard.said is not None and not heard.digits
        if heard.said:
            self._last = heard.said, asked_at

    def over(self, step: str, answer: str | None, since: datetime) -> None:
        """The step that began at `since` is over, with this answer or none."""
        last, self._last = self._last, None
        is_spoken, self._answers = self._answers, False
        if last and (
            answer is None or (is_spoken and answer == name_of(last[0].answer))
        ):
            self._given[step] = _by_voice(*last, answer or UNCLEAR)
        elif answer == RECORDED:
            self._given[step] = Given(answer=answer, by_voice=True, asked_at=since)
        elif answer is not None:
            self._given[step] = Given(answer=answer, by_voice=False, asked_at=since)


def _by_voice(said: Said, asked_at: datetime, answer: str) -> Given:
    return Given(
        answer=answer,
        by_voice=True,
        asked_at=asked_at,
        transcript=said.transcript,
        confidence=said.confidence,
    )
