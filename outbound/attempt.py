"""One follow-up call (回访) told in one coroutine: ring, say who calls, ask, close."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from acd.call import Call, ServedCall
from acd.call_backs.reach import close_call
from acd.equipment import Equipment
from acd.events import CallAnswered, CallEnded, FollowUpBegun, Outcome, Role
from acd.leg_log import LegLog
from acd.placing import CallRequest, NotAnswered, TrafficClass, WhyNot
from ivr_flows.language import Flow
from ivr_flows.listener import Recognises
from ivr_flows.sentences import Language
from outbound.answer import Answer
from outbound.answer_detection import Verdict
from outbound.asking import Asking, spoken_to
from outbound.contact import Contact, FollowUpOutcome
from outbound.detected import AnswerDetected
from outbound.hearing import Hearing, outcome_announced, outcome_heard
from outbound.overhearing import DEAF, Ears
from outbound.reaching import placed_unless_announced
from outbound.store import CampaignStore
from telephony.calls import Leg, LegGone, cut_by, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)

LONGEST_GREETING_SECONDS = 60.0
"""No machine's greeting is waited for any longer."""
_NOT_REACHED = {
    WhyNot.BUSY: FollowUpOutcome.BUSY,
    WhyNot.NO_ANSWER: FollowUpOutcome.NO_ANSWER,
    WhyNot.REJECTED: FollowUpOutcome.REJECTED,
    WhyNot.UNREACHABLE: FollowUpOutcome.UNREACHABLE,
    WhyNot.NOT_ALLOWED: FollowUpOutcome.NOT_ALLOWED,
}


def not_reached(why: WhyNot) -> FollowUpOutcome:
    """How a try ended that nobody answered."""
    return _NOT_REACHED.get(why, FollowUpOutcome.NO_LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRules:
    """How a follow-up call is placed; the number shown is one of the trunk's list.

    `flow_of` tells what it asks when the asking begins.

    In the languages of the `recognisers` he may answer by voice. `ears` hear who
    answers: the network's announcement ends the call after `announcement_seconds`; a
    machine is left a message, or nothing.
    """

    flow_of: Callable[[], Flow]
    recognisers: Mapping[Language, Recognises] = field(default_factory=dict)
    ring_seconds: float = 25
    caller_number: str = field(default="", repr=False)
    ears: Ears = DEAF
    announcement_seconds: float = 10
    leaves_message: bool = False


class FollowUpCall:
    """Calls and asks one contact."""

    def __init__(
        self,
        call_id: str,
        contact: Contact,
        rules: CallRules,
        equipment: Equipment,
        store: CampaignStore,
    ) -> None:
        self.id, self._contact, self._rules = call_id, contact, rules
        self._equipment, self._store = equipment, store
        self._legs = LegLog(call_id, equipment.bus, equipment.clock)
        self._call = Call(
            id=call_id,
            caller=contact.number,
            called=equipment.numbers.normalise(rules.caller_number),
            outcome=Outcome.NOT_REACHED,
            confidential=contact.confidential,
        )
        self._asking: Asking | None = None
        self._hearing = Hearing(rules.announcement_seconds)
        self._rung: Leg | None = None

    @property
    def answers(self) -> Sequence[Answer]:
        """What he said so far."""
        return self._asking.answers if self._asking else ()

    @property
    def verdict(self) -> Verdict | None:
        """Who answered, as far as it is known."""
        return self._hearing.verdict

    @property
    def outcome_so_far(self) -> FollowUpOutcome:
        """How the try ended, if the service stopped now."""
        cut_off, asking = FollowUpOutcome.CUT_OFF, self._asking
        if asking is None:
            return cut_off
        is_person = asking.is_of_a_person or self._hearing.has_heard_person
        if is_person and not self._hearing.is_nobody:
            return asking.outcome(cut_off)
        return outcome_heard(self.verdict, cut_off)

    async def run(self) -> FollowUpOutcome:
        """Until he has answered, or not; the call's books are closed."""
        self._tell_begun()
        try:
            return await self._reach()
        except asyncio.CancelledError:
            self._call.outcome = Outcome.CUT_OFF
            raise
        except Exception:
            self._call.outcome = Outcome.FAILED
            logger.exception("call %s failed", self.id)
            return self.outcome_so_far
        finally:
            await self._close()

    def _tell_begun(self) -> None:
        self._equipment.bus.publish(
            FollowUpBegun(
                at=self._equipment.now(),
                call_id=self.id,
                caller=self._call.caller,
                called=self._call.called,
                contact_id=self._contact.id,
                confidential=self._contact.confidential,
            )
        )

    async def _reach(self) -> FollowUpOutcome:
        placed = await placed_unless_announced(
            self._equipment.placer, self._request(), self._opened, self._hearing
        )
        if isinstance(placed, NotAnswered):
            why_not = not_reached(placed.why)
            return outcome_announced(self.verdict, why_not)
        call = self._call = self._answered(placed.leg)
        await self._record(call)
        asking = self._asking = self._asked_in(call)
        async with asyncio.TaskGroup() as writes:
            with suppress(LegGone):
                async with while_alive(call.leg):
                    await self._ask(asking, writes)
        through = asking.is_through
        silent = FollowUpOutcome.SILENT if through else FollowUpOutcome.HUNG_UP
        heard = outcome_heard(self.verdict, silent)
        if self._hearing.is_nobody and not asking.opted_out:
            return heard  # what its greeting sounded like is no answer
        return asking.outcome(heard)

    def _opened(self, leg: Leg) -> None:
        self._rung = leg
        self._legs.opened(leg, Role.CITIZEN)
        self._hearing.opened(leg)
        self._rules.ears.follow(leg, self._hearing, spoken_to(self._contact))

    async def _ask(self, asking: Asking, writes: asyncio.TaskGroup) -> None:
        """Detection runs beneath the first sentence; a machine is asked nothing."""
        async with cut_by(self._hearing.nobody) as cut:
            await asking.ask(writes)
        if cut.happened:
            self._call.outcome = Outcome.NOT_REACHED
            if self._rules.leaves_message:
                await self._greeting_over()
                await asking.leave_message()

    async def _greeting_over(self) -> None:
        """It may never be heard: the line is not held for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_GREETING_SECONDS):
                await self._hearing.greeting_over.wait()

    def _request(self) -> CallRequest:
        return CallRequest(
            number=self._contact.number,
            traffic=TrafficClass.FOLLOW_UP,
            purpose=f"call {self.id}: follow-up",
            caller_number=self._rules.caller_number,
            ring_seconds=self._rules.ring_seconds,
        )

    def _answered(self, leg: Leg) -> ServedCall:
        now = self._equipment.now()
        self._equipment.bus.publish(CallAnswered(at=now, call_id=self.id))
        return ServedCall(
            id=self.id,
            caller=self._call.caller,
            called=self._call.called,
            confidential=self._call.confidential,
            arrived_at=now,
            leg=leg,
            legs=self._legs,
        )

    async def _record(self, call: ServedCall) -> None:
        assert call.arrived_at
        call.recording = await self._equipment.archive.open(
            call.id,
            leg=call.leg,
            caller=call.caller,
            called=call.called,
            started_at=call.arrived_at,
        )

    def _asked_in(self, call: ServedCall) -> Asking:
        return Asking(
            call,
            self._contact,
            self._rules.flow_of(),
            self._equipment,
            self._store,
            self._rules.recognisers,
            on_person=self._answered_a_question,
        )

    def _answered_a_question(self, is_certain: bool) -> None:
        hearing = self._hearing
        told = hearing.person if is_certain else hearing.perhaps_person
        told("answered a question")

    async def _close(self) -> None:
        cause = EndCause.CANCELLED
        try:
            if isinstance(self._call, ServedCall):
                cause = await close_call(self._call)
            elif self._rung:  # it may have been answered as we were stopped
                await self._rung.hang_up()
        finally:  # also when the service stops meanwhile
            self._tell_verdict()
            self._tell_end(cause)

    def _tell_verdict(self) -> None:
        self._hearing.finish()
        if verdict := self.verdict:
            self._equipment.bus.publish(
                AnswerDetected(
                    at=self._equipment.now(),
                    call_id=self.id,
                    answered_by=verdict.answered_by,
                    at_seconds=verdict.at_seconds,
                    reason=verdict.reason,
                    before_answer=not isinstance(self._call, ServedCall),
                )
            )

    def _tell_end(self, cause: EndCause) -> None:
        """Who asked for a person and met none is owed one; nobody else is."""
        now, bus = self._equipment.now(), self._equipment.bus
        if self._asking and self._asking.wants_person:
            self._call.end(now, cause, bus)
            return
        outcome = self._call.outcome
        bus.publish(CallEnded(at=now, call_id=self.id, outcome=outcome, cause=cause))
