"""A survey by call-back: the citizen rates the call that he hung up from."""

import asyncio
import logging
from contextlib import suppress

from ulid import ULID

from acd.call import Call, ServedCall
from acd.call_backs.ledger import Ledger
from acd.call_backs.placed import begun, call_for
from acd.call_backs.present import Present
from acd.call_backs.questions import Questions
from acd.call_backs.reach import Reach, close_call
from acd.call_backs.rules import CallBackRules
from acd.equipment import Equipment
from acd.events import Outcome
from acd.ledger.debt import AttemptOutcome, Debt
from acd.leg_log import LegLog
from ivr_flows.language import Flow
from telephony.calls import LegGone, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)


class SurveyCall:
    """Rings the citizen and runs the flow from its survey on; no agent is needed."""

    def __init__(
        self,
        debt: Debt,
        rules: CallBackRules,
        equipment: Equipment,
        ledger: Ledger,
        flow: Flow,
        present: Present,
    ) -> None:
        self.id, self._debt = str(ULID()), debt
        self._equipment = equipment
        self._questions = Questions(self.id, debt, equipment, flow)
        legs = LegLog(self.id, equipment.bus, equipment.clock)
        self._reach = Reach(self.id, debt, rules, equipment, ledger, legs, present)
        self._call: Call = call_for(debt, self.id)

    async def run(self) -> AttemptOutcome:
        """Until he has answered, or not; the call's books are closed."""
        now = self._equipment.now()
        self._equipment.bus.publish(begun(self._debt, self.id, now))
        outcome = AttemptOutcome.SERVICE_KILLED
        try:
            outcome = await self._asked()
        except asyncio.CancelledError:
            self._call.outcome = Outcome.CUT_OFF
            raise
        except Exception:
            self._call.outcome = Outcome.FAILED
            logger.exception("call %s failed", self.id)
        finally:
            await self._close()
        return outcome

    async def _asked(self) -> AttemptOutcome:
        reached = await self._reach.citizen()
        if isinstance(reached, AttemptOutcome):
            return reached
        self._call, questions = reached, self._questions
        with suppress(LegGone):
            async with while_alive(reached.leg):
                await self._reach.say_greeting(reached.leg)
                await questions.ask(reached.leg)
                reached.outcome = Outcome.COMPLETED_IN_IVR
        answered = questions.is_answered
        return AttemptOutcome.ANSWERED if answered else AttemptOutcome.HUNG_UP

    async def _close(self) -> None:
        call, cause = self._call, EndCause.CANCELLED
        try:
            if isinstance(call, ServedCall):
                cause = await close_call(call)
        finally:  # also when the service stops meanwhile
            call.end(self._equipment.now(), cause, self._equipment.bus)
