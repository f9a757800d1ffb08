"""A citizen's call, told from answer to end in one coroutine."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta

from acd.asking_for_person import queued
from acd.call import ServedCall
from acd.call_backs.wish import Wish
from acd.equipment import Equipment
from acd.events import (
    CallAnswered,
    FlowStepTaken,
    MessageLeft,
    Outcome,
    Role,
    SurveyAnswered,
)
from acd.talking import Talking
from ivr_flows.actions import (
    EMERGENCY,
    EnterQueue,
    HangUp,
    QueueLeft,
    Request,
    Transfer,
    TransferEnded,
)
from ivr_flows.language import Flow
from ivr_flows.runner import FlowRun, StepTaken
from telephony.calls import LegGone, end_of, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)

MESSAGE = "record_message"
"""The kind of step whose span of the recording is the citizen's message."""
SURVEY = "survey"


class CitizenCall:
    """Serves one call from its answer on."""

    def __init__(self, call: ServedCall, flow: Flow, equipment: Equipment) -> None:
        self._call, self._flow, self._equipment = call, flow, equipment
        self._run: FlowRun | None = None
        self._was_surveyed = False

    async def serve(self) -> None:
        """Answer, record, follow the flow, and close the books whatever happens."""
        self._call.legs.opened(self._call.leg, Role.CITIZEN)
        try:
            with self._equipment.control.live(self._call):
                await self._until_gone()
        except asyncio.CancelledError:
            self._call.outcome = Outcome.CUT_OFF
            raise
        except Exception:
            self._call.outcome = Outcome.FAILED
            logger.exception("call %s failed", self._call.id)
        finally:
            await self._close()

    async def _until_gone(self) -> None:
        try:
            async with while_alive(self._call.leg):
                await self._answer()
                await self._follow_flow()
        except* LegGone:
            logger.info("call %s: the caller is gone", self._call.id)

    async def _answer(self) -> None:
        call, equipment = self._call, self._equipment
        await equipment.arrival_kept()
        await call.leg.answer()
        now = equipment.clock.now()
        equipment.bus.publish(CallAnswered(at=now, call_id=call.id))
        call.recording = await equipment.archive.open(
            call.id,
            leg=call.leg,
            caller=call.caller,
            called=call.called,
            started_at=now,
        )

    async def _follow_flow(self) -> None:
        run = self._run = self._flow_run()
        self._equipment.tell_flow(self._call.id, self._flow)
        request = await self._asked(run.next_request())
        while not isinstance(request, HangUp):
            result = await self._fulfil(request)
            if result is None:
                break
            request = await self._asked(run.resume(result))
        if self._call.outcome is Outcome.ABANDONED_IN_IVR:
            self._call.outcome = Outcome.COMPLETED_IN_IVR
        await self._call.leg.hang_up()

    def _flow_run(self) -> FlowRun:
        return FlowRun(
            self._flow,
            self._call.leg,
            self._equipment.prompts,
            clock=self._equipment.clock,
            on_step=self._step_taken,
            context=self._equipment.flow_context,
            messages_dir=self._equipment.messages_dir,
        )

    async def _asked(self, request: Awaitable[Request]) -> Request:
        """What the flow wants; a flow that fails leads to a person, never to silence."""
        try:
            return await request
        except LegGone:
            raise
        except Exception:
            logger.exception("call %s: the flow failed", self._call.id)
        if self._call.outcome is Outcome.ANSWERED:
            return HangUp()
        urgent = EMERGENCY if self._flow.is_emergency else 0
        queue = self._equipment.help_queue
        return EnterQueue(queue=queue, language="zh", priority=urgent)

    async def _fulfil(
        self, request: EnterQueue | Transfer
    ) -> QueueLeft | TransferEnded | None:
        """What came of it; None when the flow knows no way on from there."""
        if isinstance(request, EnterQueue):
            return await queued(self._call, request, self._equipment)
        return TransferEnded(connected=await self._transfer(request.target))

    async def _transfer(self, target: str) -> bool:
        """He asks for a person here, too: who meets none is owed a call-back."""
        call, queue = self._call, self._equipment.help_queue
        met_one = call.outcome is Outcome.ANSWERED
        call.queue = call.queue or queue
        if not met_one:
            call.outcome = Outcome.ABANDONED_WHILE_RINGING
        connected = await Talking(call, self._equipment, queue).with_third_party(target)
        if not connected and not met_one:
            call.outcome = Outcome.DECLINED
        return connected

    def _step_taken(self, step: StepTaken) -> None:
        if step.kind == SURVEY:
            self._survey_taken(step)
        if step.kind == MESSAGE:
            self._message_taken()
        if step.kind == MESSAGE and self._call.recording:
            self._call.recording.mark("message_ended", seconds=round(step.seconds, 2))
        self._equipment.bus.publish(
            FlowStepTaken(
                at=step.started_at + timedelta(seconds=step.seconds),
                call_id=self._call.id,
                step=step.step,
                kind=step.kind,
                result=step.result,
                seconds=step.seconds,
            )
        )

    def _message_taken(self) -> None:
        """A message with a file of its own is kept as long as recordings are."""
        message = self._run.messages[-1] if self._run and self._run.messages else None
        if message and message.file:
            self._equipment.bus.publish(
                MessageLeft(
                    at=message.started_at,
                    call_id=self._call.id,
                    step=message.step,
                    seconds=round(message.seconds, 2),
                    file=message.file.name,
                )
            )

    def _survey_taken(self, step: StepTaken) -> None:
        self._was_surveyed = True
        if self._run and (answer := self._run.answers.get(step.step)):
            self._equipment.bus.publish(
                SurveyAnswered(
                    at=self._equipment.now(),
                    call_id=self._call.id,
                    step=step.step,
                    answer=answer,
                    asked_in=self._call.id,
                )
            )

    def _owe_survey(self) -> None:
        """Who hung up right after his talk is asked by call-back, if the flow wants it."""
        call, run = self._call, self._run
        served = call.outcome is Outcome.ANSWERED and bool(call.caller)
        if served and run and self._flow.survey_call_back and not self._was_surveyed:
            now = self._equipment.now()
            self._equipment.call_backs.owe_survey(
                Wish(
                    call_id=call.id,
                    number=call.caller,
                    called=call.called,
                    queue=call.queue,
                    language=run.language,
                    since=now,
                )
            )

    async def _close(self) -> None:
        call, equipment = self._call, self._equipment
        cause = EndCause.ENDPOINT_STOPPED
        try:
            if call.recording:
                await call.recording.close()
            if call.leg.ended.done():  # he hung up, not we
                self._owe_survey()
            await call.leg.hang_up(cause)
            cause = (await end_of(call.leg)).cause
        finally:  # also when the service stops meanwhile
            call.end(equipment.clock.now(), cause, equipment.bus)
