"""The questions of a follow-up call, and whatever else its citizen wants.

He answers by voice or by key. At any question he may ask for a person, who is found
through the ACD; refuse to be asked; or want no such calls any more.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from acd.asking_for_person import queued
from acd.call import ServedCall
from acd.equipment import Equipment
from acd.events import FlowStepTaken, Outcome
from config.database import DatabaseError
from ivr_flows.actions import (
    AnswerHeard,
    EnterQueue,
    HangUp,
    QueueLeft,
    Request,
    Said,
    TransferEnded,
)
from ivr_flows.given import UNCLEAR, Given
from ivr_flows.language import Flow
from ivr_flows.listener import Listener, Recognises, asked_for_key
from ivr_flows.open_question import RECORDED
from ivr_flows.opt_out import OPT_OUT_KEY
from ivr_flows.prompts import PromptError
from ivr_flows.runner import FlowRun, StepTaken
from ivr_flows.sentences import LANGUAGES, Language, Sentence
from ivr_flows.survey import OPTED_OUT, PERSON, WISHES, SurveyStep
from ivr_flows.understanding.answers import Answer as Understood
from outbound.answer import MAY_OPT_OUT, Answer, GivenBy, TranscriptState
from outbound.contact import Contact, FollowUpOutcome
from outbound.opt_out_by_voice import OPT_OUTS, asked_about, settled
from outbound.so_far.outcome import is_of_a_person, outcome_of_answers
from outbound.store import CampaignStore
from telephony.calls import TelephonyError, cut_by

logger = logging.getLogger(__name__)

OPEN_QUESTION = "open_question"


class OptedOut(Exception):
    """The citizen wants no follow-up calls."""


class Asking:
    """Asks one citizen who is on the line; each answer is kept as it is given.

    `answers` are what he said so far, `opted_out` that he wants none of these calls,
    `wants_person` that he asked for a person: then he is owed one. `on_person` is told
    when he has answered, and whether that is certain: by key, twice, or for a person.
    """

    def __init__(
        self,
        call: ServedCall,
        contact: Contact,
        flow: Flow,
        equipment: Equipment,
        store: CampaignStore,
        recognisers: Mapping[Language, Recognises],
        on_person: Callable[[bool], None],
    ) -> None:
        self._call, self._contact, self._flow = call, contact, flow
        self._equipment, self._store = equipment, store
        self._recognisers, self._on_person = recognisers, on_person
        self._run: FlowRun | None = None
        self._listener: Listener | None = None
        self._writes: asyncio.TaskGroup | None = None
        self._left_out = self._in_queue = self._confirmed = False
        self._wants_none = asyncio.get_running_loop().create_future()
        self.is_through = False
        self.answers: list[Answer] = []
        self.opted_out = self.wants_person = False

    async def ask(self, writes: asyncio.TaskGroup) -> None:
        """Who calls comes first, in every flow; answers are written in `writes`."""
        self._writes = writes
        watch_no_more = self._call.leg.on_digit(self._pressed)
        try:
            async with cut_by(self._wants_none):
                await self._greet()
                await self._follow_flow()
        except OptedOut:
            await self._opt_out()
        else:
            if self._wants_none.done():
                await self._opt_out()
        finally:
            watch_no_more()

    def _pressed(self, key: str) -> None:
        """The key holds at any moment, but while he speaks with an agent."""
        talks = self._in_queue and self._call.outcome is Outcome.ANSWERED
        if key == OPT_OUT_KEY and not talks and not self._wants_none.done():
            self.opted_out = True  # also when he hangs up in this moment
            self._wants_none.set_result(None)

    async def leave_message(self) -> None:
        """Say to a machine who has called."""
        await self._say("follow_up_message")

    def outcome(self, without_answers: FollowUpOutcome) -> FollowUpOutcome:
        """How the try ended, if it ended now."""
        given = {answer.answer for answer in self.answers}
        given |= {OPTED_OUT} if self.opted_out else set()
        given |= {PERSON} if self.wants_person else set()
        whole = self.is_through and not self._left_out
        return outcome_of_answers(given, without_answers, is_whole=whole)

    @property
    def is_of_a_person(self) -> bool:
        """Whether no machine can have answered so."""
        given = ((answer.answer, answer.given_by) for answer in self.answers)
        return self.wants_person or self.opted_out or is_of_a_person(given)

    async def _greet(self) -> None:
        await self._say("follow_up_greeting", interrupt_by=OPT_OUT_KEY)
        if await self._call.leg.read_digit(timeout_seconds=0) == OPT_OUT_KEY:
            self.opted_out = True
            raise OptedOut

    async def _follow_flow(self) -> None:
        run = self._run = self._flow_run()
        self._equipment.tell_flow(self._call.id, self._flow)
        request = await run.next_request()
        while not isinstance(request, HangUp):
            result = await self._carried_out(request)
            if result is None:
                break
            request = await run.resume(result)
        self.is_through = True
        if self._call.outcome is Outcome.ABANDONED_IN_IVR:
            self._call.outcome = Outcome.COMPLETED_IN_IVR

    def _flow_run(self) -> FlowRun:
        equipment = self._equipment
        self._listener = self._ear()
        return FlowRun(
            self._flow.model_copy(update={"language": spoken_to(self._contact)}),
            self._call.leg,
            equipment.prompts,
            clock=equipment.clock,
            on_step=self._step_taken,
            context=equipment.flow_context,
            messages_dir=equipment.messages_dir,
            listener=self._listener,
            on_heard=self._heard,
        )

    def _ear(self) -> Listener | None:
        """Only what is recorded can be heard."""
        recording = self._call.recording
        file = recording.file_of(self._call.leg) if recording else None
        if file is None or not self._recognisers:
            return None
        return Listener(self._recognisers, file)

    async def _heard(
        self, step: str, heard: AnswerHeard, asked_at: datetime
    ) -> AnswerHeard:
        """A spoken opt-out is kept before it is asked about: he may hang up."""
        said = heard.said
        if said is None or said.answer not in OPT_OUTS or self._is_meant(said):
            return heard
        if self._asks_opinion(step):
            self._note(step, _in_doubt(said, asked_at))
        counts, self._confirmed = await settled(said, self._ask_about_opt_out)
        return counts

    async def _ask_about_opt_out(self) -> AnswerHeard:
        assert self._listener, "a spoken opt-out was heard"
        wanted = asked_about(spoken_to(self._contact))
        files, leg = await self._files(wanted.sentences), self._call.leg
        heard = await self._listener.answer(leg, files, wanted)
        if heard.deaf:
            return await asked_for_key(leg, files, wanted.timeout_seconds)
        return heard

    def _is_meant(self, said: Said) -> bool:
        return said.answer is Understood.OPT_OUT and self._is_sure_with(GivenBy.VOICE)

    async def _carried_out(self, request: Request) -> QueueLeft | TransferEnded | None:
        if isinstance(request, EnterQueue):
            self.wants_person = True
            self._on_person(True)
            assert self._writes
            keep = self._keep_wish_for_person()
            self._writes.create_task(keep, name=f"person in {self._call.id}")
            with self._equipment.control.live(self._call):
                return await self._queued(request)
        logger.warning("call %s: a follow-up transfers nobody", self._call.id)
        return TransferEnded(connected=False)

    async def _queued(self, request: EnterQueue) -> QueueLeft | None:
        self._in_queue = True
        try:
            return await queued(self._call, request, self._equipment)
        finally:
            self._in_queue = False

    def _step_taken(self, step: StepTaken) -> None:
        self._equipment.bus.publish(
            FlowStepTaken(
                at=self._equipment.now(),
                call_id=self._call.id,
                step=step.step,
                kind=step.kind,
                result=step.result,
                seconds=step.seconds,
            )
        )
        given = self._given(step)
        if self._asks_opinion(step.step):
            no_opinion = given is None or given.answer in WISHES | {UNCLEAR}
            self._left_out = self._left_out or no_opinion
            self._note(step.step, given)
        elif step.kind == OPEN_QUESTION:
            self._note(step.step, given)
        by_voice = given and given.answer == OPTED_OUT and not self._wants_none.done()
        if by_voice and self._is_sure_with(GivenBy.VOICE):
            raise OptedOut

    def _given(self, step: StepTaken) -> Given | None:
        if self._wants_none.done():
            at = step.started_at
            return Given(answer=OPTED_OUT, by_voice=False, asked_at=at)
        return self._run.given.get(step.step) if self._run else None

    def _asks_opinion(self, step: str) -> bool:
        """A person is offered in a question of the same kind, which is none of them."""
        asked = self._flow.steps[step]
        return isinstance(asked, SurveyStep) and asked.asks_opinion

    def _note(self, step: str, given: Given | None) -> None:
        if given is None:
            return
        answer = self._answer(step, given)
        if answer.answer == OPTED_OUT and not self._is_sure_with(answer.given_by):
            answer = replace(answer, answer=MAY_OPT_OUT)
        others = (one for one in self.answers if one.question != step)
        self.answers = [*others, answer]
        if answer.answer not in (UNCLEAR, RECORDED):
            self._on_person(self.is_of_a_person)
        assert self._writes
        self._writes.create_task(self._keep(answer), name=f"answer in {self._call.id}")

    def _is_sure_with(self, given_by: GivenBy) -> bool:
        """Of an opt-out: confirmed, or not the first that he answers."""
        told = ((each.answer, each.given_by) for each in self.answers)
        with_it = is_of_a_person([*told, (OPTED_OUT, given_by)])
        return self._confirmed or self.is_of_a_person or with_it

    def _answer(self, step: str, given: Given) -> Answer:
        assert self._call.arrived_at
        now = self._equipment.now()
        start = given.asked_at - self._call.arrived_at
        return Answer(
            question=step,
            answer=given.answer,
            given_by=GivenBy.VOICE if given.by_voice else GivenBy.KEY,
            confidence=given.confidence,
            transcript=given.transcript,
            at=now,
            clip_start_seconds=round(start.total_seconds(), 3),
            clip_seconds=round((now - given.asked_at).total_seconds(), 3),
            transcription=(
                TranscriptState.WAITING if given.answer == RECORDED else None
            ),
        )

    async def _keep(self, answer: Answer) -> None:
        """Now, against a kill; the end of the try writes all of them again."""
        try:
            await self._store.answered(self._contact.id, self._call.id, answer)
        except DatabaseError as error:
            logger.warning("call %s: an answer is kept later: %s", self._call.id, error)

    async def _keep_wish_for_person(self) -> None:
        """He may have asked for him where no answer is kept, as in a menu."""
        try:
            await self._store.has_come_to(self._call.id, FollowUpOutcome.PERSON)
        except DatabaseError as error:
            logger.warning("call %s: a wish is not kept: %s", self._call.id, error)

    async def _opt_out(self) -> None:
        self.opted_out, self._call.outcome = True, Outcome.COMPLETED_IN_IVR
        try:
            await self._store.opt_out(self._contact.number, self._equipment.now())
        except DatabaseError as error:
            logger.warning(
                "call %s: an opt-out is kept later: %s", self._call.id, error
            )
        await self._say("follow_up_opted_out")

    async def _say(self, words: str, *, interrupt_by: str = "") -> None:
        said = Sentence(words=words, language=spoken_to(self._contact))
        files = await self._files([said])
        try:
            if files:
                await self._call.leg.play(files, interrupt_by=interrupt_by)
        except TelephonyError as error:
            logger.warning("call %s: a file is not played: %s", self._call.id, error)

    async def _files(self, sentences: Sequence[Sentence]) -> list[Path]:
        try:
            return await self._equipment.prompts.speech(sentences)
        except PromptError as error:
            logger.warning("call %s: a sentence is left out: %s", self._call.id, error)
            return []


def _in_doubt(said: Said, asked_at: datetime) -> Given:
    return Given(
        answer=MAY_OPT_OUT,
        by_voice=True,
        asked_at=asked_at,
        transcript=said.transcript,
        confidence=said.confidence,
    )


def spoken_to(contact: Contact) -> Language:
    """The language in which a contact is asked."""
    known = (one for one in LANGUAGES if one == contact.language)
    return next(known, LANGUAGES[0])
