"""A follow-up call in which an agent speaks, told in one coroutine.

With an agent reserved he is on the line before the citizen is dialled. Ahead of the
agents the citizen is dialled first: he hears who calls while an agent is found, and
is told so honestly when there is none in time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime

from acd.agent_offer import AgentOffer
from acd.call import ServedCall
from acd.call_backs.place import Place
from acd.call_backs.reach import close_call
from acd.equipment import Equipment
from acd.events import CallAnswered, CallEnded, FollowUpBegun, Outcome, Role
from acd.leg_log import LegLog
from acd.messages import NOT_SERVED, CallerEnters, TalkEnd, TalkEnds
from acd.placing import CallRequest, NotAnswered, PlacedCall, TrafficClass
from acd.scene import TalkResult
from acd.talking import Talking
from acd.waiting import Waiting
from config.database import DatabaseError
from ivr_flows.actions import EnterQueue
from ivr_flows.prompts import PromptError
from ivr_flows.sentences import LANGUAGES, Language, Sentence
from outbound.agent_place import at_a_place, in_time
from outbound.answer import Answer
from outbound.answer_detection import Verdict
from outbound.attempt import CallRules, not_reached
from outbound.contact import Contact, FollowUpOutcome
from outbound.mode import CampaignMode
from outbound.refusal import Refusal
from outbound.store import CampaignStore
from telephony.calls import Leg, LegGone, TelephonyError, cut_by, while_alive
from telephony.events import EndCause

logger = logging.getLogger(__name__)

RESERVE_SECONDS = 30.0
"""So long an agent's phone may ring before the contact is given back."""
KEEP_SECONDS = 5.0
"""So long the end of a talk waits for its beginning to be written."""
BEHIND_ALL = -1000
"""The priority of a reservation: any citizen who waits is served before it."""


class AgentCall:
    """One try with an agent, reserved or, when it `is_ahead`, found once he answers.

    `only_agent` is the one who accepted the contact. `is_queued` tells that the engine
    knows of it, `has_agent` that one has picked up. `ring_seconds` is how long the
    citizen's telephone rang before he answered, `talk_seconds` how long they spoke.
    """

    def __init__(
        self,
        call_id: str,
        contact: Contact,
        rules: CallRules,
        mode: CampaignMode,
        equipment: Equipment,
        store: CampaignStore,
        *,
        is_ahead: bool = False,
        only_agent: str = "",
    ) -> None:
        self.id, self.contact, self._rules, self.mode = call_id, contact, rules, mode
        self._equipment, self._store = equipment, store
        self.is_ahead, self._only_agent = is_ahead, only_agent
        self._legs = LegLog(call_id, equipment.bus, equipment.clock)
        self._call: ServedCall | None = None
        self._dialled_at: datetime | None = None
        self._ended_as = Outcome.NOT_REACHED
        self._talk = TalkResult(end=TalkEnd.CALLER)
        self.is_queued = self.has_agent = False
        self.answers: list[Answer] = []
        self._has_talked = False
        self._offer: AgentOffer | None = None
        self._refusal = Refusal()
        self.ring_seconds: float | None = None
        self.talk_seconds: float | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Nobody listens for machines here: the agent hears himself who answers."""
        return None

    @property
    def outcome_so_far(self) -> FollowUpOutcome:
        """How the try ended, if the service stopped now."""
        if self._has_refused:
            return FollowUpOutcome.OPTED_OUT
        talked = self._has_talked
        return FollowUpOutcome.TALKED if talked else FollowUpOutcome.CUT_OFF

    @property
    def is_answered(self) -> bool:
        """Whether the citizen has picked up."""
        return self._call is not None

    async def run(self) -> FollowUpOutcome:
        """Until they have spoken, or not; the call's books are closed."""
        self._tell_begun()
        try:
            return await (self._ahead() if self.is_ahead else self._reserved())
        except asyncio.CancelledError:
            self._end_as(Outcome.CUT_OFF)
            raise
        except Exception:
            self._end_as(Outcome.FAILED)
            logger.exception("call %s failed", self.id)
            return self.outcome_so_far
        finally:
            await self._close()

    # --- an agent first -----------------------------------------------------------

    async def _reserved(self) -> FollowUpOutcome:
        entry = CallerEnters(
            call_id=self.id,
            queue=self.mode.queue,
            priority=BEHIND_ALL,
            only_agent=self._only_agent,
            placed=True,
        )
        outcome = await self._at_a_place(entry, self._with_reserved)
        if outcome is FollowUpOutcome.TALKED:
            await self._another_agent()
        return outcome or FollowUpOutcome.NO_AGENT

    async def _with_reserved(self, place: Place) -> FollowUpOutcome:
        answered = await in_time(place, RESERVE_SECONDS)
        if answered is None:
            return FollowUpOutcome.NO_AGENT
        agent = answered.take()
        self.has_agent, self._offer = True, answered
        placed: PlacedCall | None = None
        with suppress(LegGone):  # else nobody would be there to speak with the citizen
            async with while_alive(agent):
                await self._tell(agent, "follow_up_agent")
                placed = await self._place()
        if placed is None or isinstance(placed, NotAnswered):
            await self._dismiss(agent)
            return not_reached(placed.why) if placed else self._without_agent()
        call = await self._begin(placed.leg)
        return await self._while_there(call, self._greeted(call, answered))

    def _without_agent(self) -> FollowUpOutcome:
        """He left; when the citizen was dialled his telephone may have rung."""
        dialled = self._dialled_at is not None
        return FollowUpOutcome.NO_ANSWER if dialled else FollowUpOutcome.NO_AGENT

    async def _greeted(self, call: ServedCall, answered: AgentOffer) -> FollowUpOutcome:
        await self._say_who_calls(call.leg)
        return await self._speak(call, answered)

    # --- the citizen first --------------------------------------------------------

    async def _ahead(self) -> FollowUpOutcome:
        placed = await self._place()
        if isinstance(placed, NotAnswered):
            return not_reached(placed.why)
        call = await self._begin(placed.leg)
        entry = CallerEnters(
            call_id=self.id, queue=self.mode.queue, at_head=True, placed=True
        )
        outcome = await self._at_a_place(
            entry, lambda place: self._while_there(call, self._found(call, place))
        )
        if outcome is FollowUpOutcome.TALKED:
            await self._another_agent()
        elif outcome is None or outcome is FollowUpOutcome.ABANDONED:
            outcome = await self._say_sorry(call)
        return outcome

    async def _found(self, call: ServedCall, place: Place) -> FollowUpOutcome:
        """Who calls is said while an agent is found; both must be over before they speak."""
        async with asyncio.TaskGroup() as tasks:
            say = self._say_who_calls(call.leg)
            greeting = tasks.create_task(say, name=f"greeting {self.id}")
            answered = await in_time(place, self.mode.wait_seconds)
            if answered is None:
                greeting.cancel()
                return FollowUpOutcome.ABANDONED
            self.has_agent, self._offer = True, answered
            await self._tell(answered.take(), "follow_up_agent")
        return await self._speak(call, answered)

    async def _say_sorry(self, call: ServedCall) -> FollowUpOutcome:
        """He hears who called, and that nobody was there to speak with him."""
        call.outcome = Outcome.ABANDONED_IN_QUEUE
        with suppress(LegGone):
            async with while_alive(call.leg):
                async with cut_by(self._refusal.pressed):
                    await self._say(call.leg, "follow_up_nobody")
                if self._has_refused:
                    await self._opt_out(call)
        refused = FollowUpOutcome.OPTED_OUT
        return refused if self._has_refused else FollowUpOutcome.ABANDONED

    # --- both are there -----------------------------------------------------------

    async def _at_a_place(
        self, entry: CallerEnters, serve: Callable[[Place], Awaitable[FollowUpOutcome]]
    ) -> FollowUpOutcome | None:
        self.is_queued, contact = True, self.contact
        return await at_a_place(
            entry,
            contact.number,
            contact.confidential,
            self._legs,
            self._equipment,
            serve,
        )

    async def _while_there(
        self, call: ServedCall, served: Coroutine[None, None, FollowUpOutcome]
    ) -> FollowUpOutcome:
        try:
            async with while_alive(call.leg):
                async with cut_by(self._refusal.pressed):
                    return await served
                return await self._opt_out(call)
        except LegGone:
            if self._has_refused:
                return FollowUpOutcome.OPTED_OUT
            talked = call.outcome is Outcome.ANSWERED
            return FollowUpOutcome.TALKED if talked else FollowUpOutcome.HUNG_UP
        finally:
            served.close()

    async def _speak(self, call: ServedCall, answered: AgentOffer) -> FollowUpOutcome:
        self._refusal.over()
        agent = answered.take()
        if agent.ended.done():
            self._equipment.link.send(TalkEnds(call_id=self.id, end=TalkEnd.AGENT))
            self._talk = TalkResult(end=TalkEnd.AGENT_LEG_DIED)
            return FollowUpOutcome.TALKED
        began, self._has_talked = self._equipment.now(), True
        keep = self._keep_talk()
        kept = asyncio.create_task(keep, name=f"talk of {self.id}")
        talking = Talking(call, self._equipment, self.mode.queue)
        try:
            self._talk = await talking.with_agent(agent, answered.profile.id)
        finally:
            self.talk_seconds = (self._equipment.now() - began).total_seconds()
            await asyncio.wait({kept}, timeout=KEEP_SECONDS)
        return FollowUpOutcome.TALKED

    async def _keep_talk(self) -> None:
        """Now, against a kill: he has spoken and is not called again."""
        try:
            await self._store.has_come_to(self.id, FollowUpOutcome.TALKED)
        except DatabaseError as error:
            logger.warning("call %s: the talk is kept later: %s", self.id, error)

    async def _another_agent(self) -> None:
        """He is handed over, or his agent is gone: he waits before all others."""
        call, talk = self._call, self._talk
        wanted = talk.queue or talk.end in NOT_SERVED
        if call is None or call.leg.ended.done() or not wanted:
            return
        queue = talk.queue or self.mode.queue
        request = EnterQueue(queue=queue, language=self._language)
        waiting = Waiting(call, request, self._equipment)
        with suppress(LegGone):
            async with while_alive(call.leg):
                await waiting.until_served(at_head=True, only_agent=talk.agent)

    async def _dismiss(self, agent: Leg) -> None:
        """The agent hears that there is nobody to speak with, and wraps up."""
        self._equipment.link.send(TalkEnds(call_id=self.id, end=TalkEnd.CALLER))
        with suppress(LegGone):
            await self._tell(agent, "call_back_agent_no_answer")
        await agent.hang_up()

    # --- the citizen --------------------------------------------------------------

    async def _place(self) -> PlacedCall:
        request = CallRequest(
            number=self.contact.number,
            traffic=TrafficClass.FOLLOW_UP,
            purpose=f"call {self.id}: follow-up",
            caller_number=self._rules.caller_number,
            ring_seconds=self._rules.ring_seconds,
        )
        return await self._equipment.placer.place(request, on_leg=self._dialled)

    def _dialled(self, leg: Leg) -> None:
        self._dialled_at = self._equipment.now()
        self._legs.opened(leg, Role.CITIZEN)

    async def _begin(self, leg: Leg) -> ServedCall:
        now = self._equipment.now()
        if self._dialled_at:
            self.ring_seconds = (now - self._dialled_at).total_seconds()
        self._refusal.watch(leg)
        self._equipment.bus.publish(CallAnswered(at=now, call_id=self.id))
        call = self._call = ServedCall(
            id=self.id,
            caller=self.contact.number,
            called=self._shown,
            queue=self.mode.queue,
            confidential=self.contact.confidential,
            arrived_at=now,
            leg=leg,
            legs=self._legs,
        )
        call.recording = await self._equipment.archive.open(
            call.id, leg=leg, caller=call.caller, called=call.called, started_at=now
        )
        return call

    async def _say_who_calls(self, leg: Leg) -> None:
        await self._say(leg, "follow_up_agent_greeting")

    async def _opt_out(self, call: ServedCall) -> FollowUpOutcome:
        """He wants no such calls, and is thanked; an agent who is there is free again."""
        call.outcome = Outcome.COMPLETED_IN_IVR
        if self._offer:
            await self._dismiss(self._offer.take())
        try:
            await self._store.opt_out(self.contact.number, self._equipment.now())
        except DatabaseError as error:
            logger.warning("call %s: an opt-out is kept later: %s", self.id, error)
        await self._say(call.leg, "follow_up_opted_out")
        return FollowUpOutcome.OPTED_OUT

    @property
    def _has_refused(self) -> bool:
        return self._refusal.pressed.done()

    async def _tell(self, agent: Leg, words: str) -> None:
        """An agent hears the language of the house."""
        await self._play(agent, words, self._equipment.prompts.language)

    async def _say(self, leg: Leg, words: str) -> None:
        await self._play(leg, words, self._language)

    async def _play(self, leg: Leg, words: str, language: Language) -> None:
        said = Sentence(words=words, language=language)
        try:
            files = await self._equipment.prompts.speech([said])
            await leg.play(files)
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: a sentence is left out: %s", self.id, error)

    # --- its books ----------------------------------------------------------------

    @property
    def _language(self) -> Language:
        known = (one for one in LANGUAGES if one == self.contact.language)
        return next(known, LANGUAGES[0])

    @property
    def _shown(self) -> str:
        return self._equipment.numbers.normalise(self._rules.caller_number)

    def _tell_begun(self) -> None:
        self._equipment.bus.publish(
            FollowUpBegun(
                at=self._equipment.now(),
                call_id=self.id,
                caller=self.contact.number,
                called=self._shown,
                contact_id=self.contact.id,
                confidential=self.contact.confidential,
            )
        )

    def _end_as(self, outcome: Outcome) -> None:
        self._ended_as = outcome
        if self._call:
            self._call.outcome = outcome

    async def _close(self) -> None:
        cause = EndCause.CANCELLED
        try:
            if self._call:
                self._ended_as = self._call.outcome
                cause = await close_call(self._call)
        finally:  # also when the service stops meanwhile
            self._equipment.bus.publish(
                CallEnded(
                    at=self._equipment.now(),
                    call_id=self.id,
                    outcome=self._ended_as,
                    cause=cause,
                )
            )
