"""What a person set after hearing a clip, and which answers need that: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from outbound.answer import MAY_OPT_OUT, Answer

NO_ANSWER: Final = "unclear"
"""What cannot be understood, also by a person: it counts in no rate."""
CONTRADICTIONS: Final = frozenset(
    {
        ("solved", "no", "satisfied", "very_satisfied"),
        ("solved", "yes", "satisfied", "very_dissatisfied"),
    }
)
"""Answers of one call that do not go together, [A]: both are doubtful."""


class Doubt(StrEnum):
    """Why an answer should be heard by a person."""

    UNCLEAR = "unclear"
    LOW_CONFIDENCE = "low_confidence"
    CONTRADICTORY = "contradictory"
    OPT_OUT = "opt_out"


class ReviewError(Exception):
    """An answer cannot be reviewed so; `error_id` is stable."""

    error_id = "review_error"


class ClipUnknown(ReviewError):
    """No answer has this clip."""

    error_id = "clip_unknown"


class ReviewRefused(ReviewError):
    """The question cannot be answered so."""

    error_id = "review_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person set; of several the newest counts, and all stay."""

    question: str
    answer: str
    reviewed_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulAnswer:
    """An answer that waits for a person, with its clip's name: `CALL:QUESTION`."""

    clip: str
    campaign: str
    order_id: str
    call_id: str
    answer: Answer
    doubts: tuple[Doubt, ...]


def clip_name(call_id: str, question: str) -> str:
    """How people and programs name the clip of an answer."""
    return f"{call_id}:{question}"


def of_clip(clip: str) -> tuple[str, str]:
    """The call and the question of a clip's name; `ClipUnknown` when it is none."""
    call_id, colon, question = clip.partition(":")
    if not (call_id and colon and question):
        raise ClipUnknown(
            f"{clip!r} is no clip; write CALL:QUESTION, as the list does."
        )
    return call_id, question


def doubts_of(answers: Sequence[Answer], below: float) -> dict[str, tuple[Doubt, ...]]:
    """The doubtful ones among the answers of one call, by question.

    A confidence less than `below` (0 to 1) is low; a key's is 1. Words that are read
    after the call are no answer that could be set, but may be an opt-out.
    """
    odd = _contradictory({each.question: each.answer for each in answers})
    found = {each.question: tuple(_doubts(each, below, odd)) for each in answers}
    return {question: doubts for question, doubts in found.items() if doubts}


def _doubts(answer: Answer, below: float, odd: frozenset[str]) -> list[Doubt]:
    reasons = {
        Doubt.UNCLEAR: answer.answer == NO_ANSWER,
        Doubt.LOW_CONFIDENCE: not answer.transcription and answer.confidence < below,
        Doubt.CONTRADICTORY: answer.question in odd,
        Doubt.OPT_OUT: answer.answer == MAY_OPT_OUT,
    }
    return [doubt for doubt, holds in reasons.items() if holds]


def _contradictory(given: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        question
        for one, said, other, told in CONTRADICTIONS
        if given.get(one) == said and given.get(other) == told
        for question in (one, other)
    )
