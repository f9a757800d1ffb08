"""A simulated citizen: the flow, the wait, the talk, as reception would serve him."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import isinf
from typing import Protocol

from acd import messages as m
from acd.events import Outcome
from acd.queue_exits import way_out
from acd.queue_rules import levels
from acd.staffing.behaviour import Fate
from acd.staffing.day import DayCall
from acd.staffing.plan import Ivr
from acd.staffing.story import CallStory
from acd.staffing.virtual_floor import VirtualFloor
from ivr_flows.actions import (
    Action,
    DigitsRead,
    EnterQueue,
    HangUp,
    MessageRecorded,
    Play,
    Played,
    QueueLeft,
    QueueOutcome,
    ReadDigits,
    RecordMessage,
    Result,
    Transfer,
    TransferEnded,
)
from ivr_flows.interpreter import FlowState, advance, begin

_TOLD = {
    m.Declined.CALL_BACK: QueueOutcome.CALL_BACK,
    m.Declined.MESSAGE: QueueOutcome.FULL,
}

AT_ONCE = EnterQueue(queue="", language="zh")
"""What he asks for who comes without a flow."""

KEY_SECONDS = 0.5
MESSAGE_SECONDS = 20.0
TRANSFERRED_SECONDS = 120.0


class Town(Protocol):
    """What lies around a citizen."""

    floor: VirtualFloor
    ivr: Ivr | None
    first_queue: str

    def seconds(self) -> float:
        """The time now, in seconds since the day began."""

    def is_answered(self) -> bool:
        """Whether an agent takes the call that he is offered."""

    def spoke_before(self, caller: str) -> str:
        """The agent whom this number spoke with, "" when nobody."""

    def speaks(self, caller: str, agent_id: str) -> None:
        """A citizen speaks with an agent."""

    def promised(self, citizen: "Citizen") -> None:
        """There was no place for him: he is to be called back."""

    def over(self, citizen: "Citizen", *, gave_up: bool) -> None:
        """The call is over; whoever gave up may call again."""


@dataclass(slots=True, kw_only=True)
class Citizen:
    """One call. `turn` counts what happened to it: what was planned before is void."""

    call_id: str
    call: DayCall
    caller: str
    fate: Fate
    town: Town
    story: CallStory
    turn: int = 0
    flow: FlowState | None = None
    keys: tuple[str, ...] = ()
    gives_up_at: datetime | None = None
    entered_at: datetime | None = None
    offers: int = 0
    queue: str = ""
    request: EnterQueue = AT_ONCE

    def arrive(self) -> None:
        """The line is up: the flow begins, or he enters his queue."""
        self.keys = self.call.keys
        self.town.floor.callers[self.call_id] = self
        if self.call.ivr_seconds is not None:
            self.town.floor.after(self.call.ivr_seconds, self._enter_at_once)
        elif self.town.ivr is None:
            self._enter_at_once()
        else:
            flow = self.town.ivr.flow_of(self.call.called)
            now = self.town.floor.now
            self.flow, action = begin(flow, self.town.ivr.context, now)
            self._do(action)

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says, as `acd/waiting.py` does on a line."""
        match command:
            case m.Offer():
                self._ring(command.offer_id)
            case m.Withdraw():
                self._fall_silent()
            case m.Connect():
                self._talk(command.agent_id)
            case m.LeaveQueue():
                self.story.outcome = Outcome.DECLINED
                self._is_sent_on(way_out(self.request, command.reason))
            case m.Decline():
                self.story.outcome = Outcome.DECLINED
                self._is_sent_on(_TOLD[command.kind])
                if command.kind is m.Declined.CALL_BACK:
                    self.story.promised = True
                    self.town.promised(self)
            case m.ChangeQueue():
                self.queue = command.queue

    def leave_for_good(self) -> None:
        """Hang up, unless he speaks with an agent, and do not call again today."""
        if self.story.outcome is not Outcome.ANSWERED:
            self._hang_up(self.turn, gave_up=False)

    # The flow

    def _enter_at_once(self) -> None:
        self._enter(AT_ONCE)

    def _do(self, action: Action) -> None:
        match action:
            case Play():
                self._listen(action)
            case ReadDigits():
                self._press(action)
            case RecordMessage():
                self._later(MESSAGE_SECONDS, MessageRecorded())
            case Transfer():
                self.story.outcome = Outcome.ANSWERED
                self._later(TRANSFERRED_SECONDS, TransferEnded(connected=True))
            case EnterQueue():
                self._enter(action)
            case HangUp():
                self._flow_ends()

    def _listen(self, play: Play) -> None:
        ivr = self._ivr()
        seconds = ivr.speech.of(play.sentences)
        cuts = bool(self.keys) and self.keys[0][:1] in set(play.interrupt_by)
        self._later(seconds / 2 if cuts else seconds, Played(interrupted=cuts))

    def _press(self, asked: ReadDigits) -> None:
        if not self.keys:
            self._later(asked.first_timeout_seconds, DigitsRead(digits=""))
            return
        word, *rest = self.keys
        self.keys = tuple(rest)
        digits = word.rstrip(asked.terminator)[: asked.max_digits] or word[:1]
        self._later(KEY_SECONDS * len(word), DigitsRead(digits=digits))

    def _later(self, seconds: float, result: Result) -> None:
        self.town.floor.after(seconds, partial(self._go_on, self.turn, result))

    def _go_on(self, turn: int, result: Result) -> None:
        if turn != self.turn:
            return
        if self.flow is None:
            self._flow_ends()
            return
        flow = self._ivr().flow_of(self.call.called)
        self.flow, action = advance(flow, self.flow, result, self.town.floor.now)
        self._do(action)

    def _flow_ends(self) -> None:
        if self.story.outcome is Outcome.ABANDONED_IN_IVR:
            self.story.outcome = Outcome.COMPLETED_IN_IVR
        self._end(gave_up=False)

    def _ivr(self) -> Ivr:
        assert self.town.ivr is not None, "a flow runs where there is one"
        return self.town.ivr

    # The wait

    def _enter(self, request: EnterQueue) -> None:
        queue = request.queue or self.town.first_queue
        if self.entered_at is None and self.call.queue:
            queue = self.call.queue
        self.request = request
        self._waits_from_now(queue)
        self._set_limits(request)
        self.town.floor.send(
            m.CallerEnters(
                call_id=self.call_id,
                queue=queue,
                priority=request.priority + self.call.priority,
                caller=self.caller,
                skills=levels({**request.skills, **dict(self.call.skills)}),
                last_agent=self.town.spoke_before(self.caller),
                leave_when_nobody=request.leave_when_nobody,
            )
        )

    def _waits_from_now(self, queue: str) -> None:
        self.story.outcome = Outcome.ABANDONED_IN_QUEUE
        self.queue = queue
        if self.entered_at is None:
            self.entered_at = self.town.floor.now
            self.story.queue = queue
            self.story.entered_at = self.town.seconds()
            if not isinf(self.fate.patience_seconds):
                patience = timedelta(seconds=self.fate.patience_seconds)
                self.gives_up_at = self.entered_at + patience

    def _set_limits(self, request: EnterQueue) -> None:
        """When he hangs up, and when the flow lets him wait no longer."""
        floor = self.town.floor
        if self.gives_up_at:
            moment = max(self.gives_up_at, floor.now)
            floor.at(moment, partial(self._hang_up, self.turn))
        if request.max_wait_seconds is not None:
            floor.after(request.max_wait_seconds, partial(self._had_enough, self.turn))

    def _ring(self, offer_id: str) -> None:
        self.offers += 1
        self.story.outcome = Outcome.ABANDONED_WHILE_RINGING
        answered = self.town.is_answered()
        seconds = self.fate.answer_seconds if answered else None
        self.town.floor.ring(offer_id, seconds)

    def _fall_silent(self) -> None:
        self.offers -= 1
        if not self.offers and self.story.outcome is Outcome.ABANDONED_WHILE_RINGING:
            self.story.outcome = Outcome.ABANDONED_IN_QUEUE

    def _had_enough(self, turn: int) -> None:
        if turn == self.turn:
            self._leave_queue(QueueOutcome.TOO_LONG)

    def _leave_queue(self, outcome: QueueOutcome) -> None:
        self.town.floor.send(m.CallerLeaves(call_id=self.call_id))
        self._is_sent_on(outcome)

    def _is_sent_on(self, outcome: QueueOutcome) -> None:
        """He no longer waits; the flow goes on with him."""
        self.turn += 1
        self._stop_waiting()
        self._later(0, QueueLeft(outcome=outcome))

    def _hang_up(self, turn: int, *, gave_up: bool = True) -> None:
        if turn != self.turn:
            return
        self._stop_waiting()
        del self.town.floor.callers[self.call_id]
        self.town.floor.send(m.CallerLeaves(call_id=self.call_id))
        self._end(gave_up=gave_up)

    def _stop_waiting(self) -> None:
        if self.entered_at:
            waited = self.town.floor.now - self.entered_at
            self.story.wait_seconds = waited.total_seconds()

    # The talk

    def _talk(self, agent_id: str) -> None:
        self.turn += 1
        self.story.outcome, self.story.agent_id = Outcome.ANSWERED, agent_id
        self._stop_waiting()
        self.town.speaks(self.caller, agent_id)
        self.town.floor.after(self.fate.talk_seconds, self._talk_ends)

    def _talk_ends(self) -> None:
        self.story.talk_seconds = self.fate.talk_seconds
        end = m.TalkEnds(call_id=self.call_id, end=m.TalkEnd.CALLER)
        self.town.floor.send(end)
        self._end(gave_up=False)

    def _end(self, *, gave_up: bool) -> None:
        self.turn += 1
        self.town.floor.callers.pop(self.call_id, None)
        self.town.over(self, gave_up=gave_up)
