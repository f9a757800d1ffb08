"""One follow-up call (回访) told in one coroutine: ring, say who calls, ask, close."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from acd.equipment import Equipment
from acd.events import (
    CallAnswered,
    CallEnded,
    FlowStepTaken,
    FollowUpBegun,
    Outcome,
    Role,
)
from acd.leg_log import LegLog
from acd.placing import CallRequest, NotAnswered, TrafficClass, WhyNot
from config.database import DatabaseError
from ivr_flows.actions import HangUp
from ivr_flows.language import Flow
from ivr_flows.prompts import PromptError
from ivr_flows.runner import FlowRun, StepTaken
from ivr_flows.sentences import Language, Sentence
from outbound.answer import Answer, GivenBy
from outbound.contact import Contact, FollowUpOutcome
from outbound.store import CampaignStore
from recordings.recorder import CallRecording
from telephony.calls import Leg, LegGone, TelephonyError, end_of, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)

OPT_OUT_KEY, OPTED_OUT = "9", "opted_out"
QUESTION = "survey"
_NOT_REACHED = {
    WhyNot.BUSY: FollowUpOutcome.BUSY,
    WhyNot.NO_ANSWER: FollowUpOutcome.NO_ANSWER,
    WhyNot.REJECTED: FollowUpOutcome.REJECTED,
    WhyNot.UNREACHABLE: FollowUpOutcome.UNREACHABLE,
    WhyNot.NOT_ALLOWED: FollowUpOutcome.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRules:
    """How a follow-up call is placed; the number shown is one of the trunk's list."""

    flow: Flow
    ring_seconds: float = 25
    caller_number: str = field(default="", repr=False)


class OptedOut(Exception):
    """The citizen wants no follow-up calls."""


class FollowUpCall:
    """Asks one contact. `answers` are what he said so far, `opted_out` that he wants none."""

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
        self._leg: Leg | None = None
        self._recording: CallRecording | None = None
        self._answered_at: datetime | None = None
        self._ended_as = Outcome.NOT_REACHED
        self._through = self._left_out = False
        self._run: FlowRun | None = None
        self._writes: asyncio.TaskGroup | None = None
        self.answers: list[Answer] = []
        self.opted_out = False

    async def run(self) -> FollowUpOutcome:
        """Until he has answered, or not; the call's books are closed."""
        self._tell_begun()
        try:
            return await self._reach()
        except asyncio.CancelledError:
            self._ended_as = Outcome.CUT_OFF
            raise
        except Exception:
            self._ended_as = Outcome.FAILED
            logger.exception("call %s failed", self.id)
            return self._outcome(FollowUpOutcome.CUT_OFF)
        finally:
            await self._close()

    def _tell_begun(self) -> None:
        self._equipment.bus.publish(
            FollowUpBegun(
                at=self._equipment.now(),
                call_id=self.id,
                caller=self._contact.number,
                called=self._equipment.numbers.normalise(self._rules.caller_number),
                contact_id=self._contact.id,
                confidential=self._contact.confidential,
            )
        )

    async def _reach(self) -> FollowUpOutcome:
        placed = await self._equipment.placer.place(
            self._request(), on_leg=lambda leg: self._legs.opened(leg, Role.CITIZEN)
        )
        if isinstance(placed, NotAnswered):
            return _NOT_REACHED.get(placed.why, FollowUpOutcome.NO_LINE)
        self._leg = placed.leg
        await self._begin(placed.leg)
        async with asyncio.TaskGroup() as self._writes:
            with suppress(LegGone):
                async with while_alive(placed.leg):
                    await self._ask(placed.leg)
        silent = FollowUpOutcome.SILENT if self._through else FollowUpOutcome.HUNG_UP
        return self._outcome(silent)

    def _request(self) -> CallRequest:
        return CallRequest(
            number=self._contact.number,
            traffic=TrafficClass.FOLLOW_UP,
            purpose=f"call {self.id}: follow-up",
            caller_number=self._rules.caller_number,
            ring_seconds=self._rules.ring_seconds,
        )

    async def _begin(self, leg: Leg) -> None:
        now = self._answered_at = self._equipment.now()
        self._ended_as = Outcome.ABANDONED_IN_IVR
        self._equipment.bus.publish(CallAnswered(at=now, call_id=self.id))
        self._recording = await self._equipment.archive.open(
            self.id,
            leg=leg,
            caller=self._contact.number,
            called=self._equipment.numbers.normalise(self._rules.caller_number),
            started_at=now,
        )

    async def _ask(self, leg: Leg) -> None:
        """Who calls comes first, in every flow."""
        try:
            await self._greet(leg)
            await self._follow_flow(leg)
        except OptedOut:
            await self._opt_out(leg)

    async def _greet(self, leg: Leg) -> None:
        await self._say(leg, "follow_up_greeting", interrupt_by=OPT_OUT_KEY)
        if await leg.read_digit(timeout_seconds=0) == OPT_OUT_KEY:
            raise OptedOut

    async def _follow_flow(self, leg: Leg) -> None:
        equipment = self._equipment
        run = self._run = FlowRun(
            self._rules.flow.model_copy(update={"language": self._language}),
            leg,
            equipment.prompts,
            clock=equipment.clock,
            on_step=self._step_taken,
            context=equipment.flow_context,
            messages_dir=equipment.messages_dir,
        )
        if not isinstance(await run.next_request(), HangUp):
            logger.warning("call %s: a follow-up asks nothing but questions", self.id)
        self._through, self._ended_as = True, Outcome.COMPLETED_IN_IVR

    def _step_taken(self, step: StepTaken) -> None:
        self._equipment.bus.publish(
            FlowStepTaken(
                at=self._equipment.now(),
                call_id=self.id,
                step=step.step,
                kind=step.kind,
                result=step.result,
                seconds=step.seconds,
            )
        )
        if step.kind == QUESTION:
            answer = self._run.answers.get(step.step) if self._run else None
            self._note(step, answer)

    def _note(self, step: StepTaken, answer: str | None) -> None:
        if answer is None:
            self._left_out = True
        elif answer == OPTED_OUT:
            raise OptedOut
        else:
            given = self._given(step, answer)
            self.answers.append(given)
            assert self._writes
            self._writes.create_task(self._keep(given), name=f"answer in {self.id}")

    def _given(self, step: StepTaken, answer: str) -> Answer:
        assert self._answered_at
        start = (step.started_at - self._answered_at).total_seconds()
        return Answer(
            question=step.step,
            answer=answer,
            given_by=GivenBy.KEY,
            confidence=1,
            at=self._equipment.now(),
            clip_start_seconds=round(start, 3),
            clip_seconds=round(step.seconds, 3),
        )

    async def _keep(self, given: Answer) -> None:
        """Now, against a kill; the end of the try writes all of them again."""
        try:
            await self._store.answered(self._contact.id, self.id, given)
        except DatabaseError as error:
            logger.warning("call %s: an answer is kept later: %s", self.id, error)

    async def _opt_out(self, leg: Leg) -> None:
        self.opted_out, self._ended_as = True, Outcome.COMPLETED_IN_IVR
        try:
            await self._store.opt_out(self._contact.number, self._equipment.now())
        except DatabaseError as error:
            logger.warning("call %s: an opt-out is kept later: %s", self.id, error)
        await self._say(leg, "follow_up_opted_out")

    def _outcome(self, without_answers: FollowUpOutcome) -> FollowUpOutcome:
        if self.opted_out:
            return FollowUpOutcome.OPTED_OUT
        if not self.answers:
            return without_answers
        whole = self._through and not self._left_out
        return FollowUpOutcome.COMPLETED if whole else FollowUpOutcome.PARTIAL

    @property
    def _language(self) -> Language:
        return "en" if self._contact.language == "en" else "zh"

    async def _say(self, leg: Leg, words: str, *, interrupt_by: str = "") -> None:
        said = Sentence(words=words, language=self._language)
        try:
            files = await self._equipment.prompts.speech([said])
            await leg.play(files, interrupt_by=interrupt_by)
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: a sentence is left out: %s", self.id, error)

    async def _close(self) -> None:
        cause = EndCause.CANCELLED
        try:
            if self._recording:
                await self._recording.close()
            if self._leg:
                await self._leg.hang_up()
                cause = (await end_of(self._leg)).cause
        finally:  # also when the service stops meanwhile
            self._equipment.bus.publish(
                CallEnded(
                    at=self._equipment.now(),
                    call_id=self.id,
                    outcome=self._ended_as,
                    cause=cause,
                )
            )
