"""A simulated citizen: his call from its answer on, as reception would serve him."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import isinf

from acd import messages as m
from acd.call_backs.wish import Wish
from acd.events import Outcome
from acd.placing import RING_SECONDS, WhyNot
from acd.staffing.chance import Fate
from acd.staffing.day import DayCall
from acd.staffing.flow_walk import FlowWalk
from acd.staffing.simulated_wait import AT_ONCE, SimulatedWait
from acd.staffing.story import Asked, CallStory, Transferred
from acd.staffing.town import Town
from ivr_flows.actions import EnterQueue, HangUp, QueueOutcome, Request, Transfer

BUSY_SECONDS = 2.0
"""So soon another telephone is known to be busy."""

_TRANSFERS = {
    WhyNot.BUSY: Transferred.BUSY,
    WhyNot.NO_ANSWER: Transferred.NO_ANSWER,
}


@dataclass(slots=True, kw_only=True)
class Citizen:
    """One call. `turn` counts what happened to it: what was planned before is void.

    `here_since` is when it came, `entered_at` when he first asked for a person. In the
    flow he has no `wait`. He `talks` with an agent, or with whom the flow transferred
    him to. `over` is told of the end, and whether he gave up.
    """

    call_id: str
    call: DayCall
    caller: str
    fate: Fate
    town: Town
    story: CallStory
    here_since: datetime
    over: Callable[["Citizen", bool], None]
    turn: int = 0
    walk: FlowWalk | None = None
    wait: SimulatedWait | None = None
    entered_at: datetime | None = None
    gives_up_at: datetime | None = None
    talks: bool = False

    def arrive(self) -> None:
        """The line is up: the flow begins, or he enters his queue."""
        floor = self.town.floor
        floor.callers[self.call_id] = self
        self.walk = self._flow_walk()
        if self.call.ivr_seconds is not None:
            enters = partial(self._enters_as_recorded, self.turn)
            floor.after(self.call.ivr_seconds, enters)
        elif self.walk:
            self.walk.begin()
        else:
            self._enter(AT_ONCE)

    def _flow_walk(self) -> FlowWalk | None:
        floor, ivr = self.town.floor, self.town.ivr
        if ivr is None:
            return None
        flow, rates = ivr.flow_of(self.call.called), self.fate.manner.rates
        return FlowWalk(ivr, flow, self.call.keys, floor, self._is_wanted, rates=rates)

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says."""
        if self.wait:
            self.wait.carry_out(command)

    def leave_for_good(self) -> None:
        """Hang up, unless he speaks with somebody, and do not call again today."""
        if not self.talks:
            self.hang_up(gave_up=False)

    def hang_up(self, *, gave_up: bool) -> None:
        """He is gone, out of the line if he stood in one."""
        del self.town.floor.callers[self.call_id]
        if self.wait:
            self.wait.stop()
        self.town.floor.send(m.CallerLeaves(call_id=self.call_id))
        self._end(gave_up=gave_up)

    def is_patient_for(self, seconds: float) -> float | None:
        """After how many of so many seconds he hangs up; None: not within them."""
        patience = self.fate.patience_seconds
        return None if patience >= seconds else patience

    def patient_until(self, now: datetime) -> datetime | None:
        """When his patience ends that begins now; None: never."""
        if isinf(self.fate.patience_seconds):
            return None
        return now + timedelta(seconds=self.fate.patience_seconds)

    # The flow

    def _enters_as_recorded(self, turn: int) -> None:
        """The time that the flow took is over: he waits as it lets him wait there."""
        if turn != self.turn:
            return
        queue = self.call.queue or self.town.floor.queues[0]
        request = self.walk.begin_in_queue(queue) if self.walk else None
        if request is None:
            self.walk = None
        self._enter(request or AT_ONCE)

    def _is_wanted(self, request: Request) -> None:
        match request:
            case EnterQueue():
                self._enter(request)
            case Transfer():
                self._is_transferred()
            case HangUp():
                self._flow_ends()

    def _enter(self, request: EnterQueue) -> None:
        self.wait = SimulatedWait.of(self, request)
        self.wait.begin()

    def queue_left(self, outcome: QueueOutcome) -> None:
        """He no longer waits: the flow goes on, if it knows a way on from there."""
        request = self.wait.request if self.wait else AT_ONCE
        self.wait = None
        goes_on = outcome is QueueOutcome.TALKED or outcome in request.exits
        if self.walk and goes_on:
            self.walk.queue_left(outcome)
        else:
            self._end(gave_up=False)

    def talk_ended(self, *, by_agent: bool) -> None:
        """He has said all: the agent has hung up, or he himself."""
        if by_agent:
            self.queue_left(QueueOutcome.TALKED)
            return
        self._owe_survey()
        self._end(gave_up=False)

    def _flow_ends(self) -> None:
        if self.story.outcome is Outcome.ABANDONED_IN_IVR:
            self.story.outcome = Outcome.COMPLETED_IN_IVR
        self._end(gave_up=False)

    # The flow's transfer

    def _is_transferred(self) -> None:
        """To another telephone, which is rung as long as his patience lasts."""
        story, floor = self.story, self.town.floor
        story.queue = story.queue or floor.queues[0]
        story.transfer = Transferred.RINGS
        seconds = self._other_rings_for()
        gives_up = None
        if story.outcome is not Outcome.ANSWERED:
            story.outcome = Outcome.ABANDONED_WHILE_RINGING
            gives_up = self.is_patient_for(seconds)
        if gives_up is None:
            floor.after(seconds, partial(self._other_rang, self.turn))
        else:
            floor.after(gives_up, partial(self._had_enough, self.turn))

    def _other_rings_for(self) -> float:
        match self.fate.manner.transfer_fails:
            case None:
                return self.fate.answer_seconds
            case WhyNot.BUSY:
                return BUSY_SECONDS
            case _:
                return RING_SECONDS

    def _had_enough(self, turn: int) -> None:
        if turn == self.turn:
            self.hang_up(gave_up=True)

    def _other_rang(self, turn: int) -> None:
        if turn != self.turn:
            return
        why = self.fate.manner.transfer_fails
        if why is None:
            self._speaks_with_other()
            return
        self.story.transfer = _TRANSFERS[why]
        if self.story.outcome is not Outcome.ANSWERED:
            self.story.outcome = Outcome.DECLINED
        self._other_left(connected=False)

    def _speaks_with_other(self) -> None:
        self.story.transfer, self.story.outcome = (
            Transferred.CONNECTED,
            Outcome.ANSWERED,
        )
        self.talks = True
        self.town.desk.spoke(self.caller, self.here_since)
        seconds = self.fate.manner.transfer_talk_seconds
        self.story.talk_seconds = (self.story.talk_seconds or 0.0) + seconds
        self.town.floor.after(seconds, partial(self._other_left, connected=True))

    def _other_left(self, *, connected: bool) -> None:
        self.talks = False
        assert self.walk, "a flow has transferred him"
        self.walk.transferred(connected=connected)

    # The end

    def _owe_survey(self) -> None:
        walk, desk = self.walk, self.town.desk
        wanted = walk and walk.flow.survey_call_back and not walk.was_surveyed
        if not (walk and wanted and self.caller and desk.can_call):
            return
        self.story.survey = Asked.OWED
        desk.owe_survey(
            Wish(
                call_id=self.call_id,
                number=self.caller,
                called=self.call.called,
                queue=self.story.queue,
                language=walk.language,
                since=self.town.floor.now,
            ),
            self.story,
            self.fate,
        )

    def _end(self, *, gave_up: bool) -> None:
        self.turn += 1
        self.talks = False
        if self.walk:
            self.walk.stop()
            if self.walk.was_surveyed:
                rated = self.walk.is_rated
                self.story.survey = Asked.ANSWERED if rated else Asked.SILENT
        self.town.floor.callers.pop(self.call_id, None)
        self.over(self, gave_up)
