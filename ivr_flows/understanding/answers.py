"""What is asked in a follow-up call (回访) or a recall (召回), and what an answer can be."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

AnswerLanguage = Literal["zh", "en", "ko"]
LANGUAGES: Final[tuple[AnswerLanguage, ...]] = ("zh", "en", "ko")


class Question(StrEnum):
    """What is asked. `OFFER` is whether a person shall be found now, `OPT_OUT` whether he
    wants no more calls, `COMES` whether somebody who is off duty comes, and how soon."""

    CONTACTED = "contacted"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    OFFER = "offer"
    OPT_OUT = "opt_out"
    COMES = "comes"


OPINIONS: Final = (Question.CONTACTED, Question.SOLVED, Question.SATISFIED)
"""The questions of a follow-up call that are about the order."""


class Answer(StrEnum):
    """What a citizen can have meant.

    `PARTLY` (部分解决) never counts as solved. `IN_20` comes in twenty minutes. The five levels are those of the good and
    bad rating (好差评); `NEUTRAL` is 基本满意. `UNCLEAR` is asked again, never guessed;
    `MAY_OPT_OUT` is an unclear one that sounds like an opt-out.
    """

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"
    REFUSES = "refuses"
    PERSON = "person"
    OPT_OUT = "opt_out"
    MAY_OPT_OUT = "may_opt_out"
    UNCLEAR = "unclear"
    IN_5 = "in_5"
    IN_10 = "in_10"
    IN_15 = "in_15"
    IN_20 = "in_20"
    IN_25 = "in_25"
    IN_30 = "in_30"
    IN_40 = "in_40"
    IN_45 = "in_45"
    IN_50 = "in_50"
    IN_60 = "in_60"
    IN_90 = "in_90"
    IN_120 = "in_120"


SOON: Final = {
    int(answer.removeprefix("in_")): answer
    for answer in Answer
    if answer.startswith("in_")
}
"""The minutes that can be promised, and their answers."""

ALWAYS: Final = frozenset(
    (Answer.REFUSES, Answer.PERSON, Answer.OPT_OUT, Answer.UNCLEAR)
)
"""What can be said to any question."""

ANSWERS: Final = {
    Question.CONTACTED: ALWAYS | {Answer.YES, Answer.NO},
    Question.SOLVED: ALWAYS | {Answer.YES, Answer.NO, Answer.PARTLY},
    Question.SATISFIED: ALWAYS
    | {
        Answer.VERY_SATISFIED,
        Answer.SATISFIED,
        Answer.NEUTRAL,
        Answer.DISSATISFIED,
        Answer.VERY_DISSATISFIED,
    },
    Question.OFFER: ALWAYS | {Answer.NO},
    Question.OPT_OUT: ALWAYS | {Answer.NO},
    Question.COMES: frozenset(
        (Answer.UNCLEAR, Answer.YES, Answer.NO, *SOON.values()),
    ),
}
"""What each question can be answered with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """An answer with how sure it is (0 to 1) and why, in words for a reviewer."""

    answer: Answer
    confidence: float
    reason: str
