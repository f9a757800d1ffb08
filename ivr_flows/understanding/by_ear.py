"""What was heard as an answer: a recogniser may have put words together that nobody said.

Where it listens for whole phrases, anything else than a chain of them is unclear. Where it
cannot tell a predicate from its negation (안 왔어요, 왔어요), good news is for a person to hear.
What sounds like an opt-out and is not certain is told apart: it can be asked for.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from ivr_flows.understanding.answers import (
    ANSWERS,
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

HINT: Final = 0.3
"""So sure must the recogniser be of words that sound like an opt-out."""

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
    found = _understood(text, question, language, heard_confidence)
    if found.answer is not Answer.UNCLEAR or heard_confidence < HINT:
        return found
    if not _sounds_like_opt_out(text, question, language):
        return found
    return Understood(
        answer=Answer.MAY_OPT_OUT,
        confidence=found.confidence,
        reason=f"sounds like an opt-out: {text}",
    )


def _understood(
    text: str, question: Question, language: AnswerLanguage, heard_confidence: float
) -> Understood:
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


def _sounds_like_opt_out(
    text: str, question: Question, language: AnswerLanguage
) -> bool:
    """By its meaning, were it certain; of pieces of phrases by how opt-outs end."""
    if question is Question.OPT_OUT or Answer.OPT_OUT not in ANSWERS[question]:
        return False
    if lexicon(language).file.grammar == "words":
        return understand(text, question, language).answer is Answer.OPT_OUT
    return not _opt_out_ends(question, language).isdisjoint(text.casefold().split())


@cache
def _opt_out_ends(question: Question, language: AnswerLanguage) -> frozenset[str]:
    """The last words of opt-outs that are listened for in nothing else (마세요)."""
    ends, others = set[str](), set[str]()
    for phrase in lexicon(language).grammar(question):
        words = phrase.casefold().split()
        if understand(phrase, question, language).answer is Answer.OPT_OUT:
            ends.add(words[-1])
        else:
            others.update(words)
    return frozenset(ends - others)


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
