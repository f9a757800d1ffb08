"""One recall call to one person, told in one coroutine: ring, say who calls, ask, close."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from acd.call import Call, ServedCall
from acd.call_backs.reach import close_call
from acd.equipment import Equipment
from acd.events import (
    CallAnswered,
    CallEnded,
    FlowStepTaken,
    Outcome,
    RecallBegun,
    Role,
)
from acd.leg_log import LegLog
from acd.placing import CallRequest, NotAnswered, TrafficClass
from acd.staffing.recall import Answer
from ivr_flows.actions import HangUp
from ivr_flows.counted import COMES, NO, YES, minutes_of
from ivr_flows.language import Flow
from ivr_flows.listener import Listener, Recognises
from ivr_flows.prompts import PromptError
from ivr_flows.runner import FlowRun, StepTaken
from ivr_flows.sentences import Language, Sentence
from telephony.calls import Leg, LegGone, TelephonyError, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCallRules:
    """How a recall call is placed and what it asks: `flow_of` tells when it begins."""

    flow_of: Callable[[], Flow]
    recognisers: Mapping[Language, Recognises] = field(default_factory=dict)
    ring_seconds: float = 25.0
    caller_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of a call; `minutes` until he is there, None when he did not say."""

    answer: Answer
    minutes: float | None = None


def what_was_said(answers: Mapping[str, str]) -> Said:
    """What the answers of a recall's flow come to, by the names of its steps.

    A no to any question declines; a time is a promise, whenever it was said.
    """
    if NO in answers.values():
        return Said(answer=Answer.DECLINES)
    said = map(minutes_of, answers.values())
    soon = [minutes for minutes in said if minutes is not None]
    if answers.get(COMES) == YES or soon:
        return Said(answer=Answer.COMES, minutes=soon[-1] if soon else None)
    return Said(answer=Answer.NOT_REACHED)


Speak = Callable[[ServedCall], Awaitable[None]]


class RecallCall:
    """Rings a person at his own telephone; `number` is in no log and in no record."""

    def __init__(
        self,
        call_id: str,
        person_id: str,
        number: str,
        rules: RecallCallRules,
        equipment: Equipment,
    ) -> None:
        self.id, self._person_id, self._number = call_id, person_id, number
        self._rules, self._equipment = rules, equipment
        self._legs = LegLog(call_id, equipment.bus, equipment.clock)
        self._call = Call(id=call_id, caller="", called="", outcome=Outcome.NOT_REACHED)
        self._run: FlowRun | None = None

    async def ask(self) -> Said:
        """Ask whether he comes."""
        return await self._whole(self._asked)

    async def tell_off(self) -> Said:
        """Tell him that he need not come."""
        return await self._whole(self._told_off)

    async def _whole(self, speak: Speak) -> Said:
        now = self._equipment.now()
        self._equipment.bus.publish(
            RecallBegun(at=now, call_id=self.id, person_id=self._person_id)
        )
        try:
            return await self._reach(speak)
        except asyncio.CancelledError:
            self._call.outcome = Outcome.CUT_OFF
            raise
        except Exception:
            self._call.outcome = Outcome.FAILED
            logger.exception("call %s failed", self.id)
            return Said(answer=Answer.NOT_REACHED)
        finally:
            await self._close()

    async def _reach(self, speak: Speak) -> Said:
        placed = await self._equipment.placer.place(
            self._request(), on_leg=lambda leg: self._legs.opened(leg, Role.STAFF)
        )
        if isinstance(placed, NotAnswered):
            return Said(answer=Answer.NOT_REACHED)
        call = self._call = await self._answered(placed.leg)
        with suppress(LegGone):
            async with while_alive(call.leg):
                await speak(call)
                call.outcome = Outcome.COMPLETED_IN_IVR
        return what_was_said(self._run.answers if self._run else {})

    def _request(self) -> CallRequest:
        return CallRequest(
            number=self._number,
            traffic=TrafficClass.RECALL,
            purpose=f"call {self.id}: recall",
            caller_number=self._rules.caller_number,
            ring_seconds=self._rules.ring_seconds,
        )

    async def _answered(self, leg: Leg) -> ServedCall:
        now = self._equipment.now()
        self._equipment.bus.publish(CallAnswered(at=now, call_id=self.id))
        call = ServedCall(
            id=self.id,
            caller="",
            called="",
            outcome=Outcome.ABANDONED_IN_IVR,
            arrived_at=now,
            leg=leg,
            legs=self._legs,
        )
        self._call = call
        call.recording = await self._equipment.archive.open(
            call.id, leg=leg, caller="", called="", started_at=now
        )
        return call

    async def _asked(self, call: ServedCall) -> None:
        await self._say(call.leg, "recall_greeting")
        flow = self._rules.flow_of()
        run = self._run = self._flow_run(call, flow)
        self._equipment.tell_flow(self.id, flow)
        if not isinstance(await run.next_request(), HangUp):
            logger.warning("call %s: a recall asks nothing but questions", self.id)

    async def _told_off(self, call: ServedCall) -> None:
        await self._say(call.leg, "recall_called_off")

    def _flow_run(self, call: ServedCall, flow: Flow) -> FlowRun:
        equipment, recording = self._equipment, call.recording
        file = recording.file_of(call.leg) if recording else None
        hears = self._rules.recognisers
        language = equipment.prompts.language
        return FlowRun(
            flow.model_copy(update={"language": language}),
            call.leg,
            equipment.prompts,
            clock=equipment.clock,
            on_step=self._step_taken,
            context=equipment.flow_context,
            messages_dir=equipment.messages_dir,
            listener=Listener(hears, file) if file and hears else None,
        )

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

    async def _say(self, leg: Leg, words: str) -> None:
        said = Sentence(words=words, language=self._equipment.prompts.language)
        try:
            await leg.play(await self._equipment.prompts.speech([said]))
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: a sentence is left out: %s", self.id, error)

    async def _close(self) -> None:
        call, cause = self._call, EndCause.CANCELLED
        try:
            if isinstance(call, ServedCall):
                cause = await close_call(call)
        finally:  # also when the service stops meanwhile
            self._equipment.bus.publish(
                CallEnded(
                    at=self._equipment.now(),
                    call_id=self.id,
                    outcome=call.outcome,
                    cause=cause,
                )
            )
