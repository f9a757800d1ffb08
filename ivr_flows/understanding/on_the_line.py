"""What is said on a line before anybody is asked: by the network, a machine, a person."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr_flows.understanding.answers import AnswerLanguage
from ivr_flows.understanding.lexicon import FOLDER, WordsFault

LEAST_SURE: Final = 0.8
"""A phrase counts when each of its words is as sure."""


class LineWords(BaseModel):
    """A language's file: phrases that tell who speaks, words apart.

    `hello` is what a person may begin with: it casts doubt on the other two. `others`
    tell nothing, but a recogniser that listens for them mishears less.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    network: tuple[str, ...] = Field(min_length=1)
    machine: tuple[str, ...] = Field(min_length=1)
    human: tuple[str, ...] = Field(min_length=1)
    hello: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def grammar(self) -> list[str]:
        """What a recogniser should listen for."""
        said = (
            *self.network,
            *self.machine,
            *self.human,
            *self.hello,
            *self.others,
        )
        return list(dict.fromkeys(said))


def found_in(
    phrases: Sequence[str], words: Sequence[str], confidences: Sequence[float] = ()
) -> Iterator[str]:
    """Those of the phrases that are in the words and sure enough, however both are split.

    Without confidences all words are sure.
    """
    text = "".join(word.casefold() for word in words)
    sure = [
        confidence
        for word, confidence in zip(words, confidences, strict=False)
        for _ in word.casefold()
    ]
    for phrase in phrases:
        joined = phrase.casefold().replace(" ", "")
        at = text.find(joined)
        if at >= 0 and min(sure[at : at + len(joined)], default=1.0) >= LEAST_SURE:
            yield phrase


@cache
def words_on_the_line(language: AnswerLanguage) -> LineWords:
    """The phrases of a language; `WordsFault` names the file when it is no good."""
    file = FOLDER / f"line_{language}.yaml"
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return LineWords.model_validate(content)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise WordsFault(f"{file} cannot be used: {error}") from error
