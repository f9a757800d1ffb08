"""Reaching a citizen by telephone: leased first, then rung, greeted and recorded."""

import logging
from dataclasses import replace
from pathlib import Path

from acd.agent import AgentProfile
from acd.call import ServedCall
from acd.call_backs.ledger import Ledger
from acd.call_backs.place import Place
from acd.call_backs.present import Present
from acd.call_backs.rules import CallBackRules
from acd.comfort import Comfort
from acd.equipment import Equipment
from acd.events import CallAnswered, Outcome, Role
from acd.ledger.debt import AttemptOutcome, Debt, DebtKind
from acd.leg_log import LegLog
from acd.placing import CallRequest, NotAnswered, TrafficClass, WhyNot
from config.database import DatabaseError
from ivr_flows.actions import EnterQueue
from ivr_flows.prompts import PromptError
from ivr_flows.sentences import LANGUAGES, Language, Sentence
from telephony.calls import Leg, TelephonyError, end_of
from telephony.events import EndCause

logger = logging.getLogger(__name__)

REFUSE_KEY = "9"
_OUTCOMES = {
    WhyNot.BUSY: AttemptOutcome.BUSY,
    WhyNot.NO_ANSWER: AttemptOutcome.NO_ANSWER,
    WhyNot.REJECTED: AttemptOutcome.REJECTED,
    WhyNot.UNREACHABLE: AttemptOutcome.UNREACHABLE,
}
_GREETINGS = {
    DebtKind.PROMISE: "call_back_greeting",
    DebtKind.MISSED: "call_back_missed_greeting",
    DebtKind.SURVEY: "survey_call_back_greeting",
}
_OVER = (
    AttemptOutcome.CALLED_AGAIN,
    AttemptOutcome.NO_PLACE,
    AttemptOutcome.ON_THE_LINE,
)


class Reach:
    """The way from a debt to the citizen's ear, for one attempt."""

    def __init__(
        self,
        call_id: str,
        debt: Debt,
        rules: CallBackRules,
        equipment: Equipment,
        ledger: Ledger,
        legs: LegLog,
        present: Present,
    ) -> None:
        self._present = present
        self._id, self._debt, self._rules = call_id, debt, rules
        self._equipment, self._ledger, self._legs = equipment, ledger, legs

    async def citizen(self) -> ServedCall | AttemptOutcome:
        """Ring him: his call when he answers, recorded from then on."""
        leg = await self.ring()
        return leg if isinstance(leg, AttemptOutcome) else await self.begin(leg)

    async def ring(self) -> Leg | AttemptOutcome:
        """Ring him: his answered leg, which is the taker's to `begin` with.

        The debt is leased first. `CALLED_AGAIN` when it needs no call any more,
        `NO_LINE` when that cannot be known. Who is on the line with us is not rung.
        """
        if self._present.has(self._debt.number):
            return AttemptOutcome.ON_THE_LINE
        try:
            leased = await self._ledger.lease(
                self._debt.id, self._id, self._equipment.now()
            )
        except DatabaseError as error:
            logger.warning("call %s: not dialled: %s", self._id, error)
            return AttemptOutcome.NO_LINE
        if leased is None:
            return AttemptOutcome.CALLED_AGAIN
        placed = await self._equipment.placer.place(
            self._request(), on_leg=self._log_citizen
        )
        if isinstance(placed, NotAnswered):
            return _OUTCOMES.get(placed.why, AttemptOutcome.NO_LINE)
        return placed.leg

    async def begin(self, leg: Leg) -> ServedCall:
        """His call, recorded from now on; he is hung up on if that is cancelled."""
        try:
            return await self._answered(leg)
        except BaseException:
            await leg.hang_up()
            raise

    def _request(self) -> CallRequest:
        return CallRequest(
            number=self._debt.number,
            traffic=TrafficClass.CALL_BACK,
            purpose=f"call {self._id}: call-back",
            ring_seconds=self._rules.ring_seconds,
        )

    def _log_citizen(self, leg: Leg) -> None:
        self._legs.opened(leg, Role.CITIZEN)

    async def _answered(self, leg: Leg) -> ServedCall:
        now = self._equipment.now()
        self._equipment.bus.publish(CallAnswered(at=now, call_id=self._id))
        call = ServedCall(
            id=self._id,
            caller=self._debt.number,
            called=self._debt.called,
            queue=self._debt.queue,
            outcome=Outcome.ABANDONED_IN_IVR,
            call_back_id=self._debt.id,
            confidential=self._debt.confidential,
            arrived_at=now,
            leg=leg,
            legs=self._legs,
        )
        call.recording = await self._equipment.archive.open(
            call.id,
            leg=leg,
            caller=call.caller,
            called=call.called,
            started_at=now,
        )
        return call

    async def greet(self, call: ServedCall, place: Place) -> bool:
        """Say who calls and why; false when he presses the key that wants no call-back.

        Without an agent yet he hears music afterwards, and his position.
        """
        await self.say_greeting(call.leg)
        if await call.leg.read_digit(timeout_seconds=0) == REFUSE_KEY:
            await self._play(call.leg, "call_back_refused")
            return False
        request = replace(waiting_request(self._debt), queue=place.queue)
        place.accompany(Comfort(self._id, call.leg, request, self._equipment))
        return True

    async def say_greeting(self, leg: Leg) -> None:
        """Who calls, and that it is recorded."""
        await self._play(leg, _GREETINGS[self._debt.kind], interrupt_by=REFUSE_KEY)

    async def announce_to(self, agent: Leg, profile: AgentProfile) -> None:
        """The agent hears whom he calls back; then music until that one answers."""
        masked = profile.show_number == "masked" or self._debt.confidential
        words = "call_back_agent_masked" if masked else "call_back_agent"
        await self._play(agent, words, language=self._equipment.prompts.language)
        await agent.start_music(self._equipment.music[self._debt.queue])

    async def tell_agent(self, agent: Leg, outcome: AttemptOutcome) -> None:
        """Why there is nobody to speak with."""
        over = outcome in _OVER
        words = "call_back_agent_over" if over else "call_back_agent_no_answer"
        await self._play(agent, words, language=self._equipment.prompts.language)

    async def _play(
        self,
        leg: Leg,
        words: str,
        *,
        language: Language | None = None,
        interrupt_by: str = "",
    ) -> None:
        try:
            files = await self._files(words, language or language_of(self._debt))
            await leg.play(files, interrupt_by=interrupt_by)
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: a sentence is left out: %s", self._id, error)

    async def _files(self, words: str, language: Language) -> list[Path]:
        number = self._equipment.numbers.dialled(self._debt.number)
        said = Sentence(words=words, language=language, values={"number": number})
        return await self._equipment.prompts.speech([said])


async def close_call(call: ServedCall) -> EndCause:
    """Close the recording and hang up; returns why the leg ended."""
    if call.recording:
        await call.recording.close()
    await call.leg.hang_up()
    return (await end_of(call.leg)).cause


def language_of(debt: Debt) -> Language:
    """The language that the citizen chose, or Mandarin."""
    return next((one for one in LANGUAGES if one == debt.language), LANGUAGES[0])


def waiting_request(debt: Debt) -> EnterQueue:
    """How a citizen waits who was called back."""
    return EnterQueue(
        queue=debt.queue, language=language_of(debt), priority=debt.priority
    )
