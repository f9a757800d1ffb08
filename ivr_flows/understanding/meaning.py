"""What an utterance means as the answer to a question; what is doubtful is unclear."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ivr_flows.understanding.answers import (
    OPINIONS,
    Answer,
    AnswerLanguage,
    Question,
    Understood,
)
from ivr_flows.understanding.clause import (
    NEGATIVE,
    POSITIVE,
    Clause,
    Statement,
)
from ivr_flows.understanding.comes import comes_or_not
from ivr_flows.understanding.lexicon import UNKNOWN_WORD, Lexicon, Role, Token, lexicon
from ivr_flows.understanding.offer import taken_up
from ivr_flows.understanding.wish import wish

CLEAR: Final = 0.95
HEDGED: Final = 0.8
LEAST: Final = 0.6
"""Below this an answer is not taken."""

BESIDE_UNKNOWN: Final = 0.75
"""So sure is an answer for each word beside it that nobody knows: it might be a "not"."""

HEARD_BY_A_PERSON: Final = 0.7
"""No surer is good news beside any word that is not known, however it was heard."""

KNOWN_SHARE: Final = 0.6
"""So much of an utterance must be known words when none names what was asked."""

GOOD_NEWS: Final = frozenset(
    (Answer.YES, Answer.NEUTRAL, Answer.SATISFIED, Answer.VERY_SATISFIED)
)
"""What makes a published rate better."""

_LEVELS: Final = {
    2: Answer.VERY_SATISFIED,
    1: Answer.SATISFIED,
    0: Answer.NEUTRAL,
    -1: Answer.DISSATISFIED,
    -2: Answer.VERY_DISSATISFIED,
}


def understand(
    utterance: str,
    question: Question,
    language: AnswerLanguage,
    *,
    heard_confidence: float = 1.0,
) -> Understood:
    """The answer in an utterance.

    `heard_confidence` is how sure the recogniser was of the words (0 to 1). A word that it
    did not know (`[unk]`) makes the answer doubtful, and two leave none. Good news beside
    a word that nobody knows is for a person to hear. Too low a product is `Answer.UNCLEAR`,
    with the reason.
    """
    words = lexicon(language)
    tokens = words.tokens(utterance)
    found = _meant(tokens, question, words)
    unknown = sum(token.text == UNKNOWN_WORD for token in tokens)
    sure = heard_confidence * BESIDE_UNKNOWN**unknown
    confidence = round(found.confidence * sure, 3)
    if found.answer in GOOD_NEWS and any(not token.roles for token in tokens):
        confidence = min(confidence, HEARD_BY_A_PERSON)
    if found.answer is Answer.UNCLEAR or confidence >= LEAST:
        return Understood(
            answer=found.answer, confidence=confidence, reason=found.reason
        )
    reason = f"{found.answer} ({found.reason}), but only {confidence:g} sure"
    return Understood(answer=Answer.UNCLEAR, confidence=confidence, reason=reason)


def _meant(tokens: Sequence[Token], question: Question, words: Lexicon) -> Understood:
    if not tokens:
        return _unclear("nothing was said")
    if question not in OPINIONS:
        return _to_another(question, tokens, words)
    if wished := wish(tokens, words):
        return wished
    if doubt := _doubt(tokens):
        return doubt
    clauses = list(_clauses(tokens, question, words))
    said = [list(clause.statements()) for clause in clauses]
    if told := [each for each in said if each]:
        if reason := _no_statement(tokens, question, words):
            return _unclear(reason)
        if question is not Question.SATISFIED and _ends_with_no(clauses, said):
            return _clear(Answer.NO, "takes it back")
        return _from_statements(told[-1], tokens, question)
    if _has(tokens, Role.REFUSES):
        return _clear(Answer.REFUSES, "does not want to answer")
    return _bare(tokens, question)


def _to_another(
    question: Question, tokens: Sequence[Token], words: Lexicon
) -> Understood:
    if question is Question.OFFER:
        return _to_an_offer(tokens, words)
    if question is Question.OPT_OUT:
        return _to_an_opt_out(tokens, words)
    return comes_or_not(" ".join(token.text for token in tokens), words)


def _to_an_offer(tokens: Sequence[Token], words: Lexicon) -> Understood:
    found = taken_up(" ".join(token.text for token in tokens), words)
    if found.answer is not Answer.UNCLEAR:
        return found
    wished = wish(tokens, words)
    if wished and not (
        wished.answer is Answer.PERSON and _has(tokens, Role.NOT, Role.STOP)
    ):
        return wished
    if _has(tokens, Role.REFUSES):
        return _clear(Answer.REFUSES, "does not want to answer")
    return found


def _to_an_opt_out(tokens: Sequence[Token], words: Lexicon) -> Understood:
    """Yes, no, or the wish itself; a word beside them is too much."""
    if wished := wish(tokens, words):
        return wished
    spoken = [token for token in tokens if not token.has(Role.FILLER)]
    if spoken and all(token.has(Role.YES) for token in spoken):
        return _clear(Answer.OPT_OUT, "wants no more calls")
    if spoken and all(token.has(Role.NO, Role.NOT) for token in spoken):
        return _clear(Answer.NO, "does not want that")
    return _unclear("neither yes nor no")


def _doubt(tokens: Sequence[Token]) -> Understood | None:
    for role, reason in (
        (Role.DOUBT, "does not know"),
        (Role.IF, "says what would be, not what is"),
        (Role.ASK, "asks"),
        (Role.OTHER, "speaks of somebody else"),
    ):
        if word := next((t.text for t in tokens if t.has(role)), None):
            return _unclear(f"{reason} ({word})")
    return None


def _no_statement(tokens: Sequence[Token], question: Question, words: Lexicon) -> str:
    """满意不? 解决了就满意: a question or a condition, though no word marks it."""
    spoken = [token for token in tokens if not token.has(Role.FILLER)]
    asked = (*POSITIVE[question], *NEGATIVE[question])
    ends = len(spoken) > 1 and spoken[-1].has(Role.NOT) and spoken[-2].has(*asked)
    if ends and words.file.negation == "before":
        return f"asks ({spoken[-2].text}{spoken[-1].text})"
    others = [role for one in OPINIONS if one is not question for role in POSITIVE[one]]
    then = next((n for n, token in enumerate(tokens) if token.has(Role.THEN)), None)
    if then is None or not _has(tokens[:then], *others):
        return ""
    return "names a condition" if _has(tokens[then:], *asked) else ""


def _ends_with_no(
    clauses: Sequence[Clause], said: Sequence[Sequence[Statement]]
) -> bool:
    """解决了, 其实没有: the last clause is a plain no."""
    tokens, plain = clauses[-1].tokens, (Role.NOT, Role.NO, Role.FILLER)
    only = all(token.has(*plain) for token in tokens)
    return not said[-1] and only and _has(tokens, Role.NOT, Role.NO)


def _clauses(
    tokens: Sequence[Token], question: Question, words: Lexicon
) -> Iterator[Clause]:
    part: list[Token] = []
    for token in [*tokens, Token(text="", roles=frozenset({Role.BUT}))]:
        if token.has(Role.BUT, Role.NOW):
            yield Clause(
                tokens=_plain_no(part),
                question=question,
                negates_all=words.file.negation == "clause",
            )
            part = []
        else:
            part.append(token)


def _plain_no(tokens: Sequence[Token]) -> list[Token]:
    """In 不没解决 the first word is a "no" of its own: it cancels nothing out."""
    return [
        token
        for token, after in pairwise([*tokens, Token(text="")])
        if not (token.text == "不" and after.text.startswith("没"))
    ]


def _from_statements(
    said: Sequence[Statement], tokens: Sequence[Token], question: Question
) -> Understood:
    said = [one for one in said if not one.said] or list(said)
    last = said[-1]
    if not any(one.core for one in said) and _known_share(tokens) < KNOWN_SHARE:
        return _unclear("most of it is about something else")
    if reason := _contradiction(said, tokens, question):
        return reason
    answer = _answer(said, question)
    if last.doubled and question is not Question.SATISFIED and len(said) == 1:
        return _unclear(f"two negations before {last.word}")
    words = " ".join(token.text for token in tokens)
    if last.said:
        return _unclear(f"repeats what others said ({last.word})")
    sure = HEDGED if _has(tokens, Role.HEDGE, Role.BARELY) else CLEAR
    return Understood(answer=answer, confidence=sure, reason=f"{last.word} in: {words}")


def _contradiction(
    said: Sequence[Statement], tokens: Sequence[Token], question: Question
) -> Understood | None:
    signs = {one.sign for one in said if one.sign}
    if len(signs) < 2:
        return None
    if question is Question.SOLVED and _has(tokens, Role.SOME):
        return _clear(Answer.PARTLY, "some yes, some no")
    if _has(tokens, Role.IS):
        return None
    return _unclear("says one thing and its opposite")


def _answer(said: Sequence[Statement], question: Question) -> Answer:
    last = said[-1]
    if question is not Question.SATISFIED:
        if question is Question.SOLVED and any(one.partly for one in said):
            return Answer.PARTLY
        return Answer.YES if last.sign >= 0 else Answer.NO
    if last.doubled and last.sign > 0:
        return Answer.NEUTRAL
    strong = any(one.strong and one.sign == last.sign for one in said)
    return _LEVELS[last.sign * (2 if strong else 1)]


def _bare(tokens: Sequence[Token], question: Question) -> Understood:
    """Yes or no without a predicate. That alone is no degree of satisfaction."""
    if question is Question.SATISFIED:
        return _unclear("no word for how satisfied")
    if question is Question.SOLVED and _has(tokens, Role.PARTLY):
        return _clear(Answer.PARTLY, "in part")
    plain = (Role.YES, Role.NO, Role.HAVE, Role.NOT, Role.FILLER, Role.IS)
    if not all(token.has(*plain) for token in tokens):
        return _unclear("no word that answers")
    if _has(tokens, Role.NO, Role.NOT):
        return _clear(Answer.NO, "a plain no")
    agreed = (Role.YES, Role.HAVE) if question is Question.CONTACTED else (Role.YES,)
    if _has(tokens, *agreed):
        return _clear(Answer.YES, "a plain yes")
    return _unclear("no word that answers")


def _known_share(tokens: Sequence[Token]) -> float:
    whole = sum(len(token.text) for token in tokens)
    return sum(len(token.text) for token in tokens if token.roles) / max(1, whole)


def _has(tokens: Sequence[Token], *roles: Role) -> bool:
    return any(token.has(*roles) for token in tokens)


def _clear(answer: Answer, reason: str) -> Understood:
    return Understood(answer=answer, confidence=CLEAR, reason=reason)


def _unclear(reason: str) -> Understood:
    return Understood(answer=Answer.UNCLEAR, confidence=0.0, reason=reason)
