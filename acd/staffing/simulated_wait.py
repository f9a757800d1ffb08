"""A simulated citizen in the queue: patience, keys, agents' phones, talks.

As `acd/waiting.py` serves him on a line, with the same messages.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from acd import messages as m
from acd.call_backs.wish import Wish
from acd.events import Outcome
from acd.queue_exits import NO_PLACE, way_out
from acd.queue_rules import Levels, levels
from acd.staffing.chance import Fate, Turn
from acd.staffing.day import DayCall
from acd.staffing.simulated_talk import SimulatedTalk, TalkOver
from acd.staffing.story import CallStory
from acd.staffing.town import Town
from ivr_flows.actions import EnterQueue, QueueOutcome

AT_ONCE = EnterQueue(queue="", language="zh")
"""What he asks for who comes without a flow."""

DIALOGUE_SECONDS = 10.0
"""So long it takes to say at which number he is to be called back."""


class Waiter(Protocol):
    """The call that waits."""

    call_id: str
    call: DayCall
    caller: str
    fate: Fate
    town: Town
    story: CallStory
    here_since: datetime
    entered_at: datetime | None
    gives_up_at: datetime | None
    talks: bool

    def hang_up(self, *, gave_up: bool) -> None:
        """He is gone, out of the line if he stood in one."""

    def queue_left(self, outcome: QueueOutcome) -> None:
        """He no longer waits: the flow goes on, if it knows a way on from there."""

    def talk_ended(self, *, by_agent: bool) -> None:
        """He has said all: the agent has hung up, or he himself."""

    def patient_until(self, now: datetime) -> datetime | None:
        """When his patience ends that begins now; None: never."""


@dataclass(slots=True, kw_only=True)
class SimulatedWait:
    """One wait, and the talks that it leads to.

    `turn` counts what happened: what was planned before is void. `asks` is set while he
    says at which number he is to be called. `says_seconds` and `agent_turn` are what
    is left for the next talk.
    """

    citizen: Waiter
    request: EnterQueue
    queue: str
    since: datetime
    says_seconds: float
    agent_turn: Turn
    skills: Levels = ()
    only_agent: str = ""
    turn: int = 0
    offers: set[str] = field(default_factory=set)
    asks: bool = False
    has_rung: bool = False
    has_talked: bool = False

    @classmethod
    def of(cls, citizen: Waiter, request: EnterQueue) -> "SimulatedWait":
        """The wait that a flow asks for; the first one is in the queue of the day's file.

        Where there is no such queue it is in the first.
        """
        queues = citizen.town.floor.queues
        queue = request.queue if request.queue in queues else queues[0]
        if citizen.entered_at is None and citizen.call.queue:
            queue = citizen.call.queue
        return cls(
            citizen=citizen,
            request=request,
            queue=queue,
            since=citizen.town.floor.now,
            says_seconds=citizen.fate.talk_seconds,
            agent_turn=citizen.fate.manner.turn,
            skills=_skills(citizen, request),
        )

    def begin(self) -> None:
        """He asks for a person."""
        citizen, story, town = self.citizen, self.citizen.story, self.citizen.town
        if citizen.entered_at is None:
            citizen.entered_at = self.since
            citizen.gives_up_at = citizen.patient_until(self.since)
            story.queue = story.queue or self.queue
            story.entered_at = town.floor.seconds()
        self._waits()
        self._enter(last_agent=town.spoke_before(citizen.caller), is_first=True)

    def stop(self) -> None:
        """He has hung up."""
        self.turn += 1
        self._note_wait()

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says."""
        match command:
            case m.Offer():
                self._ring(command.offer_id)
            case m.Withdraw():
                self._fall_silent(command.offer_id)
            case m.Connect():
                self._talk(command.agent_id)
            case m.ChangeQueue():
                self.queue, self.skills = command.queue, command.skills
            case m.LeaveQueue() if self.only_agent:
                self.only_agent = ""  # who is not there: anybody is as good
                self._enter(at_head=True)
            case m.LeaveQueue():
                self._leave(way_out(self.request, command.reason))
            case m.Decline() if self.has_talked:
                self._enter(at_head=True)
            case m.Decline():
                self._declined(command.kind)

    def _enter(
        self,
        *,
        at_head: bool = False,
        last_agent: str = "",
        since: datetime | None = None,
        is_first: bool = False,
    ) -> None:
        citizen = self.citizen
        citizen.story.outcome = Outcome.ABANDONED_IN_QUEUE
        if citizen.town.floor.is_closed:
            citizen.hang_up(gave_up=False)
            return
        citizen.town.floor.send(
            m.CallerEnters(
                call_id=citizen.call_id,
                queue=self.queue,
                priority=self._priority,
                at_head=at_head,
                caller=citizen.caller,
                skills=self.skills,
                last_agent=last_agent,
                since=since,
                here_since=citizen.here_since,
                leave_when_nobody=self.request.leave_when_nobody and is_first,
                only_agent=self.only_agent,
            )
        )

    @property
    def _priority(self) -> int:
        return self.request.priority + self.citizen.call.priority

    # What he does by himself

    def _waits(self) -> None:
        """When his patience ends, when the flow has enough, and when he presses a key."""
        floor, request, turn = self.citizen.town.floor, self.request, self.turn
        if self.citizen.gives_up_at:
            moment = max(self.citizen.gives_up_at, floor.now)
            floor.at(moment, partial(self._patience_ends, turn))
        if request.max_wait_seconds is not None:
            too_long = partial(self._waits_too_long, turn)
            floor.after(request.max_wait_seconds, too_long)
        if self.citizen.fate.manner.wants_call_back and self._may_ask():
            floor.after(self._told_after(), partial(self._asks, turn))
        if self.citizen.fate.manner.moves and request.move_keys:
            floor.after(self._told_after(), partial(self._moves, turn))

    def _may_ask(self) -> bool:
        return bool(self.request.call_back_key) and self.citizen.town.desk.can_call

    def _told_after(self) -> float:
        """When he hears of the key: with the first reminder, else at the beginning."""
        if self.request.remind:
            return self.request.remind_every_seconds
        ivr = self.citizen.town.ivr
        return ivr.speech.of(self.request.announce) if ivr else 0.0

    def _patience_ends(self, turn: int) -> None:
        if turn != self.turn or self.asks:
            return
        if self.citizen.fate.manner.leaves and self.request.leave_key:
            self.citizen.story.left_by_key = True
            self._leaves_line()
            self._leave(QueueOutcome.LEFT)
        else:
            self.citizen.hang_up(gave_up=True)

    def _waits_too_long(self, turn: int) -> None:
        if turn == self.turn:
            self._leaves_line()
            self._leave(QueueOutcome.TOO_LONG)

    def _leaves_line(self, *, promised: bool = False) -> None:
        call_id = self.citizen.call_id
        leaves = m.CallerLeaves(call_id=call_id, promised=promised)
        self.citizen.town.floor.send(leaves)

    def _moves(self, turn: int) -> None:
        """By one of the keys that lead elsewhere."""
        if turn != self.turn or self.asks:
            return
        floor, keys = self.citizen.town.floor, self.request.move_keys
        elsewhere = sorted(set(keys.values()) & set(floor.queues) - {self.queue})
        if queue := self.citizen.town.chance.pick(elsewhere):
            own = queue == (self.request.queue or floor.queues[0])
            skills = _skills(self.citizen, self.request) if own else ()
            call_id = self.citizen.call_id
            floor.send(m.CallerMoves(call_id=call_id, queue=queue, skills=skills))

    def _asks(self, turn: int) -> None:
        """Agents go on ringing meanwhile; whoever answers first ends the question."""
        if turn == self.turn:
            self.asks = True
            is_noted = partial(self._wish_is_noted, turn)
            self.citizen.town.floor.after(DIALOGUE_SECONDS, is_noted)

    def _wish_is_noted(self, turn: int) -> None:
        if turn == self.turn:
            number = self.citizen.caller or f"typed in {self.citizen.call_id}"
            self.asks = False
            if self._promise(number):
                self._leave(QueueOutcome.CALL_BACK)

    def _promise(self, number: str) -> bool:
        """The call-back takes the citizen's place as he leaves it."""
        desk, story = self.citizen.town.desk, self.citizen.story
        debt = desk.promise(self._wish(number), story, self.citizen.fate)
        if debt:
            story.promised = True
            self._leaves_line(promised=True)
            desk.begin(debt)
        return debt is not None

    def _wish(self, number: str) -> Wish:
        return Wish(
            call_id=self.citizen.call_id,
            number=number,
            called=self.citizen.call.called,
            queue=self.queue,
            language=self.request.language,
            since=self.since,
            priority=self._priority,
            skills=self.skills,
            here_since=self.citizen.here_since,
        )

    # What happens to him

    def _declined(self, kind: m.Declined) -> None:
        caller, desk = self.citizen.caller, self.citizen.town.desk
        desk.look()
        wanted = kind is m.Declined.CALL_BACK and bool(caller)
        promised = wanted and self._promise(caller)
        self._leave(QueueOutcome.CALL_BACK if promised else QueueOutcome.FULL)

    def _leave(self, outcome: QueueOutcome) -> None:
        if outcome is QueueOutcome.CALL_BACK:
            self.citizen.story.outcome = Outcome.CALL_BACK_PROMISED
        elif outcome in NO_PLACE:
            self.citizen.story.outcome = Outcome.DECLINED
        self.turn += 1
        self._note_wait()
        self.citizen.queue_left(outcome)

    def _ring(self, offer_id: str) -> None:
        citizen, chance = self.citizen, self.citizen.town.chance
        self.offers.add(offer_id)
        citizen.story.outcome = Outcome.ABANDONED_WHILE_RINGING
        failure = chance.offer_failure()
        first = citizen.fate.answer_seconds
        seconds = chance.answer_seconds() if self.has_rung else first
        self.has_rung = True
        citizen.town.floor.ring(offer_id, seconds, failure, self._fall_silent)

    def _fall_silent(self, offer_id: str) -> None:
        self.offers.discard(offer_id)
        story = self.citizen.story
        if not self.offers and story.outcome is Outcome.ABANDONED_WHILE_RINGING:
            story.outcome = Outcome.ABANDONED_IN_QUEUE

    def _note_wait(self) -> None:
        """The wait that is told is that for the first agent."""
        citizen = self.citizen
        if citizen.entered_at and not citizen.story.agent_id:
            waited = citizen.town.floor.now - citizen.entered_at
            citizen.story.wait_seconds = waited.total_seconds()

    # The talk

    def _talk(self, agent_id: str) -> None:
        citizen, story = self.citizen, self.citizen.story
        self.turn += 1
        self.asks = False
        self._note_wait()
        self.has_talked, self.only_agent = True, ""
        story.outcome, story.agent_id = Outcome.ANSWERED, agent_id
        citizen.talks = True
        citizen.town.speaks(citizen.caller, agent_id, citizen.here_since)
        SimulatedTalk(
            call_id=citizen.call_id,
            queue=self.queue,
            agent_id=agent_id,
            seconds=self.says_seconds,
            turn=self.agent_turn,
            consult_seconds=citizen.fate.manner.consult_seconds,
            agent_ends=citizen.fate.manner.agent_ends,
            story=story,
            floor=citizen.town.floor,
            chance=citizen.town.chance,
            over=self._talk_is_over,
        ).begin()

    def _talk_is_over(self, over: TalkOver) -> None:
        self.citizen.talks = False
        if over.queue:
            self._move_to(over)
        else:
            self.citizen.talk_ended(by_agent=over.end is m.TalkEnd.AGENT)

    def _move_to(self, over: TalkOver) -> None:
        """An agent hands the citizen over: he keeps what he has waited."""
        self.queue, self.only_agent = over.queue, over.agent
        self.says_seconds, self.agent_turn = over.seconds, Turn.NONE
        self.citizen.gives_up_at = self.citizen.patient_until(
            self.citizen.town.floor.now
        )
        self._waits()
        self._enter(since=self.since)


def _skills(citizen: Waiter, request: EnterQueue) -> Levels:
    return levels({**request.skills, **dict(citizen.call.skills)})
