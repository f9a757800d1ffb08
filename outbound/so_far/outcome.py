"""How a try ends by what was answered in it. Pure; the end of a call and a kill share it."""

from collections.abc import Collection, Iterable

from ivr_flows.given import UNCLEAR
from ivr_flows.open_question import RECORDED
from ivr_flows.survey import OPTED_OUT, PERSON, REFUSES, WISHES
from outbound.answer import MAY_OPT_OUT, GivenBy
from outbound.contact import FollowUpOutcome

_TELLS_NOTHING = frozenset({UNCLEAR, RECORDED, MAY_OPT_OUT})


def is_of_a_person(given: Iterable[tuple[str, GivenBy]]) -> bool:
    """Whether the answers so far can only be a person's: one by key, or two that tell.

    A machine's greeting may sound like the answer to one question, not to two.
    """
    told = [by for answer, by in given if answer not in _TELLS_NOTHING]
    return len(told) > 1 or any(by is not GivenBy.VOICE for by in told)


def outcome_of_answers(
    given: Collection[str], otherwise: FollowUpOutcome, *, is_whole: bool = False
) -> FollowUpOutcome:
    """Of the names of the answers; `otherwise` when none of them tells anything.

    What was not understood, and words that are only recorded, tell nothing. `is_whole`:
    no question was left out.
    """
    if OPTED_OUT in given:
        return FollowUpOutcome.OPTED_OUT
    if set(given) - WISHES - _TELLS_NOTHING:
        return FollowUpOutcome.COMPLETED if is_whole else FollowUpOutcome.PARTIAL
    if PERSON in given:
        return FollowUpOutcome.PERSON
    wants_no_more = {REFUSES, MAY_OPT_OUT} & set(given)
    return FollowUpOutcome.REFUSED if wants_no_more else otherwise
