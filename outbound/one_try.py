"""One try of a contact: leased before anything is dialled, and ended in the database."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from acd.equipment import Equipment
from config.database import DatabaseError
from outbound.agent_call import AgentCall
from outbound.attempt import FollowUpCall
from outbound.contact import Contact, FollowUpOutcome
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore

logger = logging.getLogger(__name__)

RETRY_SECONDS, STOP_SECONDS = 5.0, 5.0
Call = FollowUpCall | AgentCall


class Tries:
    """Makes tries by the rules of `when`; `on_no_line` is told when no trunk took a call.

    Who `is_here`, or is called back, by the time he is leased is not rung.
    """

    def __init__(
        self,
        store: CampaignStore,
        when: Callable[[], FollowUpRules],
        equipment: Equipment,
        on_no_line: Callable[[], None],
        is_here: Callable[[str], bool],
    ) -> None:
        self._store, self._when, self._equipment = store, when, equipment
        self._on_no_line, self._is_here = on_no_line, is_here

    async def make(self, contact: Contact, call: Call) -> None:
        """Lease the contact, call him, and keep what came of it."""
        now = self._equipment.now()
        try:
            leased = await self._store.lease(contact.id, call.id, now, self._when())
        except DatabaseError as error:
            logger.warning("call %s: not dialled: %s", call.id, error)
            await asyncio.sleep(RETRY_SECONDS)
            return
        if leased and self._is_here(contact.number):
            await self._until_ended(call, FollowUpOutcome.NO_LINE)
        elif leased:
            await self._follow(call)

    async def _follow(self, call: Call) -> None:
        """The call, and its end in the database, whatever happens."""
        outcome = FollowUpOutcome.CUT_OFF
        try:
            outcome = await call.run()
            if outcome is FollowUpOutcome.NO_LINE:
                self._on_no_line()
            await self._until_ended(call, outcome)
        except asyncio.CancelledError:
            if outcome is FollowUpOutcome.CUT_OFF:
                outcome = call.outcome_so_far
            with suppress(DatabaseError, TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._end(call, outcome)
            raise

    async def _until_ended(self, call: Call, outcome: FollowUpOutcome) -> None:
        while not await self._is_ended(call, outcome):  # noqa: ASYNC110 - tried anew
            await asyncio.sleep(RETRY_SECONDS)

    async def _is_ended(self, call: Call, outcome: FollowUpOutcome) -> bool:
        try:
            await self._end(call, outcome)
        except DatabaseError as error:
            logger.warning("call %s: its end is kept later: %s", call.id, error)
            return False
        return True

    async def _end(self, call: Call, outcome: FollowUpOutcome) -> None:
        now, given = self._equipment.now(), call.answers
        await self._store.ended(
            call.id, outcome, given, now, self._when(), call.verdict
        )
