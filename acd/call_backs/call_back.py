"""One call-back told in one coroutine: its place in the queue, the agent, the citizen."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from ulid import ULID

from acd.call import Call, ServedCall
from acd.call_backs.ledger import Ledger
from acd.call_backs.place import Place, PlaceLost
from acd.call_backs.placed import begun, call_for
from acd.call_backs.present import Present
from acd.call_backs.questions import Questions
from acd.call_backs.reach import Reach, close_call, waiting_request
from acd.call_backs.rules import CallBackRules, Mode
from acd.call_backs.wish import Wish
from acd.distributor import Mailbox
from acd.equipment import Equipment
from acd.events import Outcome
from acd.ledger.debt import AttemptOutcome, Debt
from acd.leg_log import LegLog
from acd.messages import NOT_SERVED, CallerEnters, CallerLeaves, TalkEnd, TalkEnds
from acd.ringing import Ringing
from acd.talking import Talking
from acd.waiting import Waiting
from ivr_flows.language import Flow
from telephony.calls import Leg, LegGone, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)


class CallBack:
    """Pays one debt: at its place in the queue agents are rung, then the citizen.

    In mode citizen first he is rung when he is near the head, and waits the rest.
    """

    def __init__(
        self,
        debt: Debt,
        rules: CallBackRules,
        equipment: Equipment,
        ledger: Ledger,
        flow: Flow,
        present: Present,
    ) -> None:
        self.id, self.debt = str(ULID()), debt
        self._mode = rules.mode_of(debt.queue)
        self._near_head = rules.near_head
        self._handed_to = ""
        self._equipment, self._flow = equipment, flow
        self._legs = LegLog(self.id, equipment.bus, equipment.clock)
        self._reach = Reach(
            self.id, debt, rules, equipment, ledger, self._legs, present
        )
        self._call: Call = call_for(debt, self.id)

    async def run(self) -> AttemptOutcome:
        """Until the citizen was served or not; how it ended. The call's books are closed."""
        now = self._equipment.now()
        self._equipment.bus.publish(begun(self.debt, self.id, now))
        outcome = AttemptOutcome.SERVICE_KILLED
        try:
            outcome = await self._at_its_place()
        except asyncio.CancelledError:
            if isinstance(self._call, ServedCall):
                self._call.outcome = Outcome.CUT_OFF
            raise
        except Exception:
            self._call.outcome = Outcome.FAILED
            logger.exception("call %s failed", self.id)
        finally:
            await self._close()
        return outcome

    async def _at_its_place(self) -> AttemptOutcome:
        with self._equipment.link.mailbox(self.id) as mailbox:
            try:
                self._enter()
                outcome = await self._unless_lost(mailbox)
                self._keep_place(outcome)
            finally:
                self._equipment.link.send(CallerLeaves(call_id=self.id))
        if not isinstance(self._call, ServedCall):
            return outcome
        lost = (
            outcome is AttemptOutcome.CALLED_AGAIN and not self._call.leg.ended.done()
        )
        if lost or outcome is AttemptOutcome.AGENT_LEFT:
            outcome = await self._another_agent(self._call)
        if outcome is AttemptOutcome.ANSWERED:
            await self._ask_opinion(self._call)
        return outcome

    def _keep_place(self, outcome: AttemptOutcome) -> None:
        """He is calling us: when he asks for a person he has the place of his call-back."""
        if outcome is AttemptOutcome.ON_THE_LINE:
            self._equipment.link.send(CallerLeaves(call_id=self.id, keeps_place=True))

    def _enter(self) -> None:
        self._equipment.link.send(
            CallerEnters(
                call_id=self.id,
                queue=self.debt.queue,
                priority=self.debt.priority,
                caller=self.debt.number,
                skills=self.debt.skills,
                since=self.debt.since,
                call_back_id=self.debt.id,
            )
        )

    async def _unless_lost(self, mailbox: Mailbox) -> AttemptOutcome:
        ringing = Ringing(
            self.debt.number,
            self._legs,
            self._equipment,
            is_confidential=lambda: self.debt.confidential,
            on_change=lambda _: None,
        )
        place = Place(self.debt.queue, mailbox, ringing, near_head=self._near_head)
        outcome = AttemptOutcome.NO_PLACE
        try:
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(
                    place.keep(tasks), name=f"place of {self.id}"
                )
                outcome = await self._serve(place)
                keeping.cancel()
                await place.leave()
        except* PlaceLost as lost:
            if any(_cancelled(error) for error in lost.exceptions):
                outcome = AttemptOutcome.CALLED_AGAIN
        finally:
            await place.leave()
        return outcome

    async def _serve(self, place: Place) -> AttemptOutcome:
        if self._mode is Mode.AGENT_FIRST:
            return await self._agent_first(place)
        await place.until_near()
        reached = await self._reach.citizen()
        if isinstance(reached, AttemptOutcome):
            return reached
        self._call = reached
        return await self._while_there(reached, place)

    async def _agent_first(self, place: Place) -> AttemptOutcome:
        answered = await place.agent()
        agent = answered.take()
        leg: Leg | AttemptOutcome = AttemptOutcome.AGENT_LEFT
        with suppress(LegGone):  # else nobody would be there to speak with the citizen
            async with while_alive(agent):
                await self._reach.announce_to(agent, answered.profile)
                leg = await self._reach.ring()
        if isinstance(leg, AttemptOutcome):
            await self._dismiss(agent, leg)
            return leg
        self._call = reached = await self._reach.begin(leg)
        return await self._while_there(reached, place)

    async def _dismiss(self, agent: Leg, outcome: AttemptOutcome) -> None:
        """The agent hears why, and wraps up."""
        self._keep_place(outcome)
        self._equipment.link.send(TalkEnds(call_id=self.id, end=TalkEnd.CALLER))
        with suppress(LegGone):
            await self._reach.tell_agent(agent, outcome)
        await agent.hang_up()

    async def _while_there(self, call: ServedCall, place: Place) -> AttemptOutcome:
        try:
            async with while_alive(call.leg):
                return await self._with_citizen(call, place)
        except LegGone:
            served = call.outcome is Outcome.ANSWERED
            return AttemptOutcome.ANSWERED if served else AttemptOutcome.HUNG_UP

    async def _with_citizen(self, call: ServedCall, place: Place) -> AttemptOutcome:
        if not await self._reach.greet(call, place):
            call.outcome = Outcome.COMPLETED_IN_IVR
            return AttemptOutcome.REFUSED
        call.outcome = Outcome.ABANDONED_IN_QUEUE
        answered = await place.agent()
        call.queue = place.queue
        agent = answered.take()
        if agent.ended.done():
            self._equipment.link.send(TalkEnds(call_id=self.id, end=TalkEnd.NOT_BEGUN))
            return AttemptOutcome.AGENT_LEFT
        talking = Talking(call, self._equipment, place.queue)
        talk = await talking.with_agent(agent, answered.profile.id)
        call.queue, self._handed_to = talk.queue or call.queue, talk.agent
        not_served = talk.end in NOT_SERVED or talk.queue
        return AttemptOutcome.AGENT_LEFT if not_served else AttemptOutcome.ANSWERED

    async def _another_agent(self, call: ServedCall) -> AttemptOutcome:
        """The citizen is there and his agent is not: he waits before all others.

        So does who was rung already, when another caller of his number took his place.
        """
        request = replace(waiting_request(self.debt), queue=call.queue)
        waiting = Waiting(call, request, self._equipment)
        with suppress(LegGone):
            async with while_alive(call.leg):
                await waiting.until_served(at_head=True, only_agent=self._handed_to)
        served = call.outcome is Outcome.ANSWERED
        return AttemptOutcome.ANSWERED if served else AttemptOutcome.HUNG_UP

    async def _ask_opinion(self, call: ServedCall) -> None:
        """He is still there: the survey of the flow, if any; else by call-back, if wanted."""
        if call.leg.ended.done():
            self._owe_survey(call)
        elif self._flow.survey:
            questions = Questions(self.id, self.debt, self._equipment, self._flow)
            with suppress(LegGone):
                async with while_alive(call.leg):
                    await questions.ask(call.leg)

    def _owe_survey(self, call: ServedCall) -> None:
        """He hung up right after his talk, as in a call of his own."""
        if self._flow.survey_call_back:
            wish = Wish(
                call_id=self.id,
                number=call.caller,
                called=call.called,
                queue=call.queue,
                language=self.debt.language,
                since=self._equipment.now(),
            )
            self._equipment.call_backs.owe_survey(wish)

    async def _close(self) -> None:
        call, cause = self._call, EndCause.CANCELLED
        try:
            if isinstance(call, ServedCall):
                cause = await close_call(call)
        finally:  # also when the service stops meanwhile
            call.end(self._equipment.now(), cause, self._equipment.bus)


def _cancelled(error: BaseException) -> bool:
    return isinstance(error, PlaceLost) and error.cancelled
