"""How a try ends by what was answered in it. Pure; the end of a call and a kill share it."""

from collections.abc import Collection

from ivr_flows.given import UNCLEAR
from ivr_flows.open_question import RECORDED
from ivr_flows.survey import OPTED_OUT, PERSON, REFUSES, WISHES
from outbound.contact import FollowUpOutcome


def outcome_of_answers(
    given: Collection[str], otherwise: FollowUpOutcome, *, is_whole: bool = False
) -> FollowUpOutcome:
    """Of the names of the answers; `otherwise` when none of them tells anything.

    What was not understood, and words that are only recorded, tell nothing. `is_whole`:
    no question was left out.
    """
    if OPTED_OUT in given:
        return FollowUpOutcome.OPTED_OUT
    if set(given) - WISHES - {UNCLEAR, RECORDED}:
        return FollowUpOutcome.COMPLETED if is_whole else FollowUpOutcome.PARTIAL
    if PERSON in given:
        return FollowUpOutcome.PERSON
    return FollowUpOutcome.REFUSED if REFUSES in given else otherwise
