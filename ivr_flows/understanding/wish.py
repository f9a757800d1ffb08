"""What goes before any answer: no more calls, a person. A report of a wish is none.

An opt-out silences a number for good, so it must be an order to us: "they never call me"
and "he told me not to call" are none.
"""

from collections.abc import Sequence
from typing import Final

from ivr_flows.understanding.answers import Answer, Understood
from ivr_flows.understanding.clause import is_predicate
from ivr_flows.understanding.lexicon import Lexicon, Role, Token

SURE: Final = 0.95
_REPORTS: Final = (Role.SAID, Role.TELLS, Role.THEY, Role.OTHER, Role.NOT)
"""Before an opt-out they make a report, a complaint or its opposite of it."""
_REPORTS_AFTER: Final = (Role.SAID, Role.OTHER)


def wish(tokens: Sequence[Token], words: Lexicon) -> Understood | None:
    """A person, or no more calls; `UNCLEAR` when an opt-out is only told of."""
    person = next((at for at, t in enumerate(tokens) if t.has(Role.PERSON)), None)
    if person is not None and not _is_refused(tokens, person, words):
        reason = f"asks for a person ({tokens[person].text})"
        return Understood(answer=Answer.PERSON, confidence=SURE, reason=reason)
    at = _no_more_calls(tokens)
    if at is None:
        return None
    if _is_told_of(tokens, at, words):
        reason = f"speaks of an opt-out ({tokens[at].text})"
        return Understood(answer=Answer.UNCLEAR, confidence=0.0, reason=reason)
    reason = "wants no more calls"
    return Understood(answer=Answer.OPT_OUT, confidence=SURE, reason=reason)


def _is_refused(tokens: Sequence[Token], person: int, words: Lexicon) -> bool:
    """不要 人工; 상담원 안 왔어요."""
    if words.file.negation == "clause":
        return any(token.has(Role.NOT) for token in _up_to_predicate(tokens, person))
    return person > 0 and tokens[person - 1].has(Role.NOT, Role.STOP)


def _up_to_predicate(tokens: Sequence[Token], begin: int) -> Sequence[Token]:
    after = tokens[begin + 1 :]
    end = next((n for n, token in enumerate(after) if is_predicate(token)), len(after))
    return after[:end]


def _no_more_calls(tokens: Sequence[Token]) -> int | None:
    """Where it begins: words of its own, or 别 and then nothing but 打电话."""
    for at, token in enumerate(tokens):
        if token.has(Role.OPT_OUT) or (token.has(Role.STOP) and _calls(tokens[at:])):
            return at
    return None


def _calls(tokens: Sequence[Token]) -> bool:
    meant = [t for t in tokens[1:] if not t.has(Role.FILLER) or t.has(Role.CALL)]
    return bool(meant) and meant[0].has(Role.CALL)


def _is_told_of(tokens: Sequence[Token], at: int, words: Lexicon) -> bool:
    if any(token.has(Role.IF) for token in tokens[:at]):
        return True
    for token in reversed(tokens[:at]):
        if token.has(*_REPORTS):
            return True
        if is_predicate(token) or token.has(Role.BUT, Role.NOW):
            break
    after = tokens[at + 1 :] if words.file.negation == "clause" else ()
    return any(token.has(*_REPORTS_AFTER) for token in after)
