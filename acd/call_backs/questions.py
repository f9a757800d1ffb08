"""The survey of a flow, asked in a call that we placed."""

import logging

from acd.call_backs.reach import language_of
from acd.equipment import Equipment
from acd.events import FlowStepTaken, SurveyAnswered
from acd.ledger.debt import Debt
from ivr_flows.actions import HangUp
from ivr_flows.language import Flow
from ivr_flows.runner import FlowRun, StepTaken
from telephony.calls import Leg

logger = logging.getLogger(__name__)


class Questions:
    """Runs a flow from its survey on; each answer is told as it is given.

    The answers belong to the call that made the debt, and tell in which they were given.
    """

    def __init__(
        self, call_id: str, debt: Debt, equipment: Equipment, flow: Flow
    ) -> None:
        self._id, self._debt, self._equipment = call_id, debt, equipment
        speaking = flow.model_copy(update={"language": language_of(debt)})
        self._flow = speaking.beginning_at(flow.survey or flow.first)
        self._run: FlowRun | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the citizen has given any answer."""
        return bool(self._run and self._run.answers)

    async def ask(self, leg: Leg) -> None:
        """Until the flow hangs up; lets `LegGone` through."""
        equipment = self._equipment
        run = self._run = FlowRun(
            self._flow,
            leg,
            equipment.prompts,
            clock=equipment.clock,
            on_step=self._step_taken,
            context=equipment.flow_context,
            messages_dir=equipment.messages_dir,
        )
        equipment.tell_flow(self._id, self._flow)
        wanted = await run.next_request()
        if not isinstance(wanted, HangUp):
            logger.warning("call %s: a survey asks nothing but questions", self._id)

    def _step_taken(self, step: StepTaken) -> None:
        now, publish = self._equipment.now(), self._equipment.bus.publish
        publish(
            FlowStepTaken(
                at=now,
                call_id=self._id,
                step=step.step,
                kind=step.kind,
                result=step.result,
                seconds=step.seconds,
            )
        )
        if self._run and (answer := self._run.answers.get(step.step)):
            publish(
                SurveyAnswered(
                    at=now,
                    call_id=self._debt.call_id,
                    step=step.step,
                    answer=answer,
                    asked_in=self._id,
                )
            )
