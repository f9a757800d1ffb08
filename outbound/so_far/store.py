"""What a running try has come to, in the database."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.answer import GivenBy
from outbound.contact import FollowUpOutcome
from outbound.do_not_call.store import has_opted_out
from outbound.so_far.outcome import is_of_a_person, outcome_of_answers
from outbound.tables.store import answers, attempts

_ENDED_BY_US = (FollowUpOutcome.SERVICE_KILLED, FollowUpOutcome.CUT_OFF)


async def note_so_far(
    connection: AsyncConnection, call_id: str, outcome: FollowUpOutcome
) -> None:
    """How the try ends if the service ends now and no answer tells more."""
    change = update(attempts).where(attempts.c.call_id == call_id)
    await connection.execute(change.values(so_far=outcome.value))


async def what_counts(
    connection: AsyncConnection, attempt: Row[Any], outcome: FollowUpOutcome
) -> FollowUpOutcome:
    """What the citizen had said, or whom he had met, before the service ended counts.

    Who answered was not told apart yet: what may have been a machine's greeting does not.
    """
    if outcome not in _ENDED_BY_US:
        return outcome
    if await has_opted_out(connection, attempt.number):
        return FollowUpOutcome.OPTED_OUT
    columns = answers.c.answer, answers.c.given_by
    query = select(*columns).where(answers.c.call_id == attempt.call_id)
    given = [
        (row.answer, GivenBy(row.given_by)) for row in await connection.execute(query)
    ]
    so_far = FollowUpOutcome(attempt.so_far) if attempt.so_far else outcome
    if not is_of_a_person(given):
        return so_far
    return outcome_of_answers({answer for answer, _ in given}, so_far)
