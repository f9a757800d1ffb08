"""What a running try has come to, in the database."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.contact import FollowUpOutcome
from outbound.do_not_call.store import has_opted_out
from outbound.so_far.outcome import outcome_of_answers
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
    """What the citizen had said, or whom he had met, before the service ended counts."""
    if outcome not in _ENDED_BY_US:
        return outcome
    if await has_opted_out(connection, attempt.number):
        return FollowUpOutcome.OPTED_OUT
    query = select(answers.c.answer).where(answers.c.call_id == attempt.call_id)
    given = set(await connection.scalars(query))
    so_far = FollowUpOutcome(attempt.so_far) if attempt.so_far else outcome
    return outcome_of_answers(given, so_far)
