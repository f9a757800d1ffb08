"""The step that asks for an opinion, answered by a key or, where we can hear, by voice."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field, model_validator

from ivr_flows.questions import Asking
from ivr_flows.sentences import Speech
from ivr_flows.step import INVALID, THEN, TIMEOUT, Key, StepName
from ivr_flows.told import Unfit, told
from ivr_flows.understanding.answers import ANSWERS, OPINIONS, Answer, Question

PERSON, REFUSES, OPTED_OUT = "person", "refuses", "opted_out"
WISHES: Final = frozenset({PERSON, REFUSES, OPTED_OUT})
"""Answers that tell no opinion: who gives one of them wants to be asked no further."""

_NAMES: Final = {Answer.OPT_OUT: OPTED_OUT}
_NO_NAME: Final = frozenset({Answer.UNCLEAR, Answer.MAY_OPT_OUT})


def name_of(answer: Answer) -> str:
    """What a spoken answer is called in flows and in the records."""
    return _NAMES.get(answer, answer.value)


class SurveyStep(Asking):
    """Asks for an opinion: kept under the name of its answer.

    Silence and wrong keys are no answer and are never counted as one. With `spoken` the
    answer to that question is understood when it is said, too: `say_spoken` is said
    (else `say`), `tries` times; then `say` once more, for keys alone. Without a
    recogniser it is `say` and keys from the first. `person` and `refuses` are where
    those go who want that.
    """

    do: Literal["survey"]
    answers: dict[Key, StepName] = Field(min_length=2)
    tries: int = Field(1, ge=1, le=5)
    spoken: Question | None = None
    say_spoken: Speech = ()
    person: StepName | None = None
    refuses: StepName | None = None

    @model_validator(mode="after")
    def _leads_everybody_on(self) -> "SurveyStep":
        given = set(self.answers.values())
        for wish, step in ((PERSON, self.person), (REFUSES, self.refuses)):
            if step is None and (self.spoken or wish in given):
                raise Unfit(
                    told(
                        "write where who wants this goes on; %(wish)s: STEP", wish=wish
                    )
                )
        if self.say_spoken and not self.spoken:
            raise Unfit(told("say_spoken needs spoken: which question it is"))
        if self.spoken and (unknown := given - _names_of(self.spoken)):
            known = ", ".join(sorted(_names_of(self.spoken)))
            raise Unfit(
                told(
                    "%(answer)s is no answer to %(question)s; known: %(known)s",
                    answer=repr(min(unknown)),
                    question=self.spoken,
                    known=known,
                )
            )
        return self

    @property
    def asks_opinion(self) -> bool:
        """Whether it is about the order; an offer, say, is not."""
        return self.spoken is None or self.spoken in OPINIONS

    @property
    def opinions(self) -> set[str]:
        """The names of the answers that tell an opinion."""
        spoken = _names_of(self.spoken) if self.spoken else set()
        return (set(self.answers.values()) | spoken) - WISHES

    @property
    def wordings(self) -> Speech:
        """The question in both forms, and the excuses."""
        return (*self.say_spoken, *super().wordings)

    def accepts(self, digits: str) -> bool:
        """Whether the key stands for an answer."""
        return digits in self.answers

    def exit_for(self, digits: str) -> str:
        """The answer of the key leads on."""
        if self.accepts(digits):
            return self.exit_of(self.answers[digits])
        return super().exit_for(digits)

    def exit_for_spoken(self, answer: Answer | None) -> str:
        """The exit that a spoken answer leads to; None is silence."""
        if answer is None:
            return TIMEOUT
        return INVALID if answer in _NO_NAME else self.exit_of(name_of(answer))

    def exit_of(self, answer: str) -> str:
        """The exit of an answer by its name: who opts out is asked no more, either."""
        if answer == OPTED_OUT and self.refuses:
            return REFUSES
        return answer if answer in (PERSON, REFUSES) else THEN

    def exits(self) -> Mapping[str, str | None]:
        """An opinion leads on to `then`, a wish to where it is carried out."""
        wishes = {PERSON: self.person, REFUSES: self.refuses}
        written = {on: target for on, target in wishes.items() if target}
        return {THEN: self.then, **written, **super().exits()}


def _names_of(question: Question) -> set[str]:
    return {name_of(answer) for answer in ANSWERS[question] - _NO_NAME}
