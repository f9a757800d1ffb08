"""A part of an utterance, and what it says about one question.

A predicate (解决, 满意 ...) gets its sign from the words before it, up to the next
predicate: 不 turns it round, two of them cancel out, 很 makes it strong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ivr_flows.understanding.answers import Question
from ivr_flows.understanding.lexicon import Role, Token

POSITIVE: Final = {
    Question.CONTACTED: (Role.CONTACTED,),
    Question.SOLVED: (Role.SOLVED,),
    Question.SATISFIED: (Role.SATISFIED, Role.GOOD, Role.EXCELLENT),
}
NEGATIVE: Final = {
    Question.CONTACTED: (Role.UNCONTACTED,),
    Question.SOLVED: (Role.UNSOLVED,),
    Question.SATISFIED: (Role.DISSATISFIED, Role.BAD, Role.TERRIBLE),
}
CORE: Final = (
    Role.CONTACTED,
    Role.SOLVED,
    Role.UNSOLVED,
    Role.SATISFIED,
    Role.DISSATISFIED,
)
"""Words that name what was asked; others (好, 差) can be about anything."""

_ANY_PREDICATE: Final = (
    *(role for roles in (*POSITIVE.values(), *NEGATIVE.values()) for role in roles),
    Role.NEUTRAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One predicate with its sign: `sign` 1, 0 or -1; `strong` doubles it.

    `doubled` says that two negations cancelled out, `core` that the word names what
    was asked, `partly` that it is true of a part.
    """

    sign: int
    strong: bool = False
    core: bool = False
    doubled: bool = False
    partly: bool = False
    said: bool = False
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Tokens between two contrasts (但是, 现在)."""

    tokens: Sequence[Token]
    question: Question
    negates_all: bool = False

    def statements(self) -> Iterator[Statement]:
        """What is said about the question, in order."""
        places = [at for at, token in enumerate(self.tokens) if is_predicate(token)]
        begin = 0
        for place, end in pairwise([*places, len(self.tokens)]):
            before = self.tokens[begin:place]
            after = self.tokens[place + 1 : end]
            begin = place + 1
            token = self.tokens[place]
            if token.has(*_roles_of(self.question)):
                yield self._statement(token, before, after)

    def _statement(
        self, token: Token, before: Sequence[Token], after: Sequence[Token]
    ) -> Statement:
        around = self.tokens if self.negates_all else before
        negations, emphatic = _negations(around, after)
        if token.has(Role.NEUTRAL) and not token.has(*NEGATIVE[self.question]):
            return Statement(sign=-1 if negations else 0, word=token.text)
        sign = 1 if token.has(*POSITIVE[self.question]) else -1
        doubled = negations > 1 or (negations == 1 and sign < 0)
        return Statement(
            sign=_signed(sign, negations, barely=_any(before, Role.BARELY)),
            strong=_strong(token, before, after, negations, emphatic=emphatic),
            core=token.has(*CORE),
            doubled=doubled,
            partly=_is_part(before, after, negations),
            said=_any(before, Role.SAID),
            word=token.text,
        )


def is_predicate(token: Token) -> bool:
    """Whether it says something of what is asked."""
    return token.has(*_ANY_PREDICATE)


def _roles_of(question: Question) -> tuple[Role, ...]:
    neutral = (Role.NEUTRAL,) if question is Question.SATISFIED else ()
    return (*POSITIVE[question], *NEGATIVE[question], *neutral)


def _any(tokens: Sequence[Token], *roles: Role) -> bool:
    return any(token.has(*roles) for token in tokens)


def _negations(around: Sequence[Token], after: Sequence[Token]) -> tuple[int, bool]:
    """How many there are, and whether one of them is emphatic (一点都不)."""
    kinds = (Role.NOT, Role.STRONG_NOT)
    count = sum(token.has(*kinds) for token in around)
    heavy = [token for token in after if not token.has(Role.FILLER)]
    count += sum(token.has(Role.NOT_AFTER) for token in heavy[:1])
    count += _any(around, Role.LATER) and not count
    emphatic = _any(around, Role.STRONG_NOT)
    return count, emphatic


def _signed(sign: int, negations: int, *, barely: bool) -> int:
    if sign > 0 and barely and not negations:
        return 0
    return sign if negations % 2 == 0 else -sign


def _strong(
    token: Token,
    before: Sequence[Token],
    after: Sequence[Token],
    negations: int,
    *,
    emphatic: bool,
) -> bool:
    """很不满意 is strong, 不很满意 is not: what stands before the negation counts."""
    if token.has(Role.EXCELLENT, Role.TERRIBLE) and not negations:
        return True
    if emphatic or _any(after, Role.STRONG_AFTER):
        return True
    for one in before:
        if one.has(Role.NOT):
            return False
        if one.has(Role.STRONG):
            return True
    return False


def _is_part(before: Sequence[Token], after: Sequence[Token], negations: int) -> bool:
    """解决了一半, 一部分解决了, 没有全部解决."""
    if _any(before, Role.PARTLY) or _any(after, Role.PARTLY):
        return not negations
    first = next((t for t in before if t.has(Role.NOT, Role.ALL)), None)
    return bool(negations) and first is not None and _not_all(before)


def _not_all(before: Sequence[Token]) -> bool:
    """A negation, then 全: not all of it."""
    kinds = [t for t in before if t.has(Role.NOT) or _is_whole(t)]
    return len(kinds) >= 2 and kinds[-2].has(Role.NOT) and _is_whole(kinds[-1])


def _is_whole(token: Token) -> bool:
    return token.has(Role.ALL) and not token.has(Role.FILLER)
