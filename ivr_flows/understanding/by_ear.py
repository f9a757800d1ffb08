"""What was heard as an answer: a recogniser may have put words together that nobody said.

Where it listens for whole phrases, anything else than a chain of them is unclear. Where it
cannot tell a predicate from its negation (안 왔어요, 왔어요), good news is for a person to hear.
"""

from collections.abc import Sequence
from typing import Final

from ivr_flows.understanding.answers import (
    OPINIONS,
    Answer,
    AnswerLanguage,
    Question,
    Understood,
)
from ivr_flows.understanding.clause import POSITIVE
from ivr_flows.understanding.lexicon import UNKNOWN_WORD, Lexicon, lexicon
from ivr_flows.understanding.meaning import (
    GOOD_NEWS,
    HEARD_BY_A_PERSON,
    understand,
)

_AS_HEARD: Final = frozenset((Answer.UNCLEAR, Answer.PERSON))
"""A person who was not asked for costs nobody a rate or a number: 안 상담원 is one."""


def understand_heard(
    text: str,
    question: Question,
    language: AnswerLanguage,
    *,
    heard_confidence: float,
) -> Understood:
    """The answer in words of a recogniser that listened for `question`."""
    found = understand(text, question, language, heard_confidence=heard_confidence)
    words = lexicon(language)
    if words.file.grammar == "words" or found.answer in _AS_HEARD:
        return found
    said = [word for word in text.casefold().split() if word != UNKNOWN_WORD]
    if not is_chain(said, words.grammar(question)):
        reason = f"{found.answer}, but no phrase that was listened for: {text}"
        return Understood(answer=Answer.UNCLEAR, confidence=0.0, reason=reason)
    if found.answer in GOOD_NEWS and _may_be_negated(text, question, words):
        sure = min(found.confidence, HEARD_BY_A_PERSON)
        return Understood(answer=found.answer, confidence=sure, reason=found.reason)
    return found


def is_chain(words: Sequence[str], phrases: Sequence[str]) -> bool:
    """Whether the words are whole phrases, one after the other."""
    known = {tuple(phrase.casefold().split()) for phrase in phrases}
    longest = max(map(len, known), default=0)
    reached = {0}
    for end in range(1, len(words) + 1):
        begins = range(max(0, end - longest), end)
        if any(at in reached and tuple(words[at:end]) in known for at in begins):
            reached.add(end)
    return len(words) in reached


def _may_be_negated(text: str, question: Question, words: Lexicon) -> bool:
    """A predicate; a plain yes has no such twin."""
    if question not in OPINIONS or not words.file.misheard_negations:
        return False
    asked = POSITIVE[question]
    return any(token.has(*asked) for token in words.tokens(text))
