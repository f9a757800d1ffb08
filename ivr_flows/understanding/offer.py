"""Whether somebody takes up an offer: by its own short list of words, and nothing else.

Yes is `Answer.PERSON`: a person is what is offered. Of a yes and a no nothing is guessed.
"""

from typing import Final

from ivr_flows.understanding.answers import Answer, Understood
from ivr_flows.understanding.lexicon import Lexicon, Role

SURE: Final = 0.95


def taken_up(utterance: str, words: Lexicon) -> Understood:
    """What was said to the offer; `UNCLEAR` when one word is in neither list."""
    glue = "" if words.file.joined else " "
    text = glue.join(utterance.casefold().split())
    found: set[Answer] = set()
    while text:
        phrase, answer = _longest(text, words, glue)
        if not phrase:
            return _unclear(f"not known after an offer: {text}")
        found |= {answer} if answer else set()
        text = text.removeprefix(phrase).strip()
    if len(found) != 1:
        return _unclear("both yes and no" if found else "neither yes nor no")
    return Understood(answer=found.pop(), confidence=SURE, reason=utterance)


def _longest(text: str, words: Lexicon, glue: str) -> tuple[str, Answer | None]:
    """The longest phrase that the text begins with; fillers mean nothing."""
    best, meant = "", None
    for entries, answer in (
        (words.file.words.get(Role.FILLER, ()), None),
        (words.file.offer.taken, Answer.PERSON),
        (words.file.offer.declined, Answer.NO),
    ):
        for entry in entries:
            phrase = glue.join(entry.split())
            if len(phrase) >= len(best) and _begins(text, phrase, glue):
                best, meant = phrase, answer
    return best, meant


def _begins(text: str, phrase: str, glue: str) -> bool:
    return text.startswith(phrase) and (not glue or f"{text} ".startswith(f"{phrase} "))


def _unclear(reason: str) -> Understood:
    return Understood(answer=Answer.UNCLEAR, confidence=0.0, reason=reason)
