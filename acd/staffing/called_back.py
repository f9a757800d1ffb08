"""Simulated attempts to reach a citizen whom we owe a call, and to ask his opinion.

As `acd/call_backs/call_back.py` and `survey_call.py` make them, with the same messages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isinf
from typing import Protocol

from acd import messages as m
from acd.call_backs.rules import CallBackRules, Mode
from acd.ledger.debt import AttemptOutcome, Debt
from acd.staffing.chance import Chance, Fate, Turn
from acd.staffing.simulated_talk import SimulatedTalk, TalkOver
from acd.staffing.story import CallStory
from acd.staffing.virtual_floor import VirtualFloor

ANNOUNCE_SECONDS = 5.0
"""So long an agent hears whom he calls back."""

PICK_UP_SECONDS = 10.0
"""So long it takes until a citizen has picked up and knows who calls."""

BLIND = frozenset({Turn.TO_QUEUE, Turn.TO_AGENT})


class Calling(Protocol):
    """What an attempt asks of the desk."""

    floor: VirtualFloor
    chance: Chance
    rules: CallBackRules

    def is_here(self, number: str) -> bool:
        """Whether he is calling himself just now."""

    def lease(self, debt: Debt) -> bool:
        """Take the debt before he is rung; false: he needs no call any more."""

    def tried(self, debt: Debt, outcome: AttemptOutcome) -> None:
        """The attempt is over."""

    def story_of(self, debt: Debt) -> CallStory:
        """The call that the debt stands for."""


@dataclass(slots=True, kw_only=True)
class Reach:
    """Rings the citizen: `there` when he picks up, `failed` when it comes to nothing."""

    debt: Debt
    desk: Calling
    there: Callable[[], None]
    failed: Callable[[AttemptOutcome], None]

    def ring(self) -> None:
        """The debt is leased first; who is on the line is not rung."""
        floor = self.desk.floor
        if self.desk.is_here(self.debt.number):
            self.failed(AttemptOutcome.ON_THE_LINE)
        elif not self.desk.lease(self.debt):
            self.failed(AttemptOutcome.CALLED_AGAIN)
        elif self.desk.chance.citizen_answers():
            floor.after(PICK_UP_SECONDS, self.there)
        else:
            seconds = self.desk.rules.ring_seconds
            floor.after(seconds, partial(self.failed, AttemptOutcome.NO_ANSWER))


@dataclass(slots=True, kw_only=True)
class CalledBack:
    """One attempt, at the citizen's place: agent first, or citizen first.

    `agent_id` is who has picked up, `is_here` tells whether the citizen has. Once it is
    `over` whatever was planned is void.
    """

    call_id: str
    debt: Debt
    fate: Fate
    desk: Calling
    queue: str
    agent_id: str = ""
    is_rung: bool = False
    is_here: bool = False
    talks: bool = False
    is_over: bool = False

    def begin(self) -> None:
        """Take the citizen's place in the line."""
        self.desk.floor.callers[self.call_id] = self
        self.desk.floor.send(
            m.CallerEnters(
                call_id=self.call_id,
                queue=self.queue,
                priority=self.debt.priority,
                caller=self.debt.number,
                skills=self.debt.skills,
                since=self.debt.since,
                call_back_id=self.debt.id,
            )
        )

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says."""
        match command:
            case m.Offer():
                self._near()
                self._ring_agent(command.offer_id)
            case m.Connect():
                self._agent_is_there(command.agent_id)
            case m.TellPosition():
                if command.position <= self.desk.rules.near_head + 1:
                    self._near()
            case m.ChangeQueue():
                self.queue = command.queue
            case m.CancelCallBack():
                self._end(AttemptOutcome.CALLED_AGAIN)
            case m.Decline() | m.LeaveQueue():
                self._end(AttemptOutcome.NO_PLACE)

    def leave_for_good(self) -> None:
        """The day is over; who speaks goes on, and so does an agent's own attempt."""
        if not (self.talks or self.agent_id):
            self._end(AttemptOutcome.CANCELLED)

    def give_up(self) -> None:
        """He is owed nothing any more: his place is given up."""
        if not self.talks:
            self._end(AttemptOutcome.CALLED_AGAIN)

    @property
    def _citizen_first(self) -> bool:
        mode = self.desk.rules.mode_of(self.debt.queue)
        return mode is Mode.CITIZEN_FIRST

    def _ring_agent(self, offer_id: str) -> None:
        failure = self.desk.chance.offer_failure()
        seconds = self.desk.chance.answer_seconds()
        self.desk.floor.ring(offer_id, seconds, failure, lambda _: None)

    def _near(self) -> None:
        if self._citizen_first and not self.is_rung:
            self._ring_citizen()

    def _agent_is_there(self, agent_id: str) -> None:
        self.agent_id = agent_id
        if self._citizen_first:
            self._talk_if_both_are_here()
        else:
            self.desk.floor.after(ANNOUNCE_SECONDS, self._ring_citizen)

    def _ring_citizen(self) -> None:
        if not self.is_over:
            self.is_rung = True
            Reach(
                debt=self.debt,
                desk=self.desk,
                there=self._citizen_is_there,
                failed=self._end,
            ).ring()

    def _citizen_is_there(self) -> None:
        if self.is_over:
            return
        self.is_here = True
        waits = not self.agent_id
        if waits and not isinf(self.fate.patience_seconds):
            self.desk.floor.after(self.fate.patience_seconds, self._hangs_up)
        self._talk_if_both_are_here()

    def _hangs_up(self) -> None:
        if not self.talks:
            self._end(AttemptOutcome.HUNG_UP)

    def _talk_if_both_are_here(self) -> None:
        if self.is_here and self.agent_id and not self.is_over:
            self._talk()

    def _talk(self) -> None:
        floor, manner = self.desk.floor, self.fate.manner
        self.talks = True
        story = self.desk.story_of(self.debt)
        story.called_back_after = (floor.now - self.debt.since).total_seconds()
        SimulatedTalk(
            call_id=self.call_id,
            queue=self.queue,
            agent_id=self.agent_id,
            seconds=self.fate.talk_seconds,
            turn=Turn.NONE if manner.turn in BLIND else manner.turn,
            consult_seconds=manner.consult_seconds,
            agent_ends=manner.agent_ends,
            story=story,
            floor=floor,
            chance=self.desk.chance,
            over=self._talk_is_over,
        ).begin()

    def _talk_is_over(self, over: TalkOver) -> None:
        self._end(AttemptOutcome.ANSWERED)

    def _end(self, outcome: AttemptOutcome) -> None:
        """Out of the line; an agent who has picked up in vain wraps up."""
        if self.is_over:
            return
        self.is_over = True
        floor = self.desk.floor
        floor.callers.pop(self.call_id, None)
        here = outcome is AttemptOutcome.ON_THE_LINE
        floor.send(m.CallerLeaves(call_id=self.call_id, keeps_place=here))
        self.desk.tried(self.debt, outcome)


@dataclass(slots=True, kw_only=True)
class SurveyedBack:
    """One attempt to ask a citizen about a call; no agent is needed."""

    debt: Debt
    rates: bool
    desk: Calling

    def begin(self) -> None:
        """Ring him at once."""
        Reach(
            debt=self.debt,
            desk=self.desk,
            there=self._is_there,
            failed=partial(self.desk.tried, self.debt),
        ).ring()

    def give_up(self) -> None:
        """Nothing to give up: a survey has no place in a line."""

    def _is_there(self) -> None:
        outcome = AttemptOutcome.ANSWERED if self.rates else AttemptOutcome.HUNG_UP
        self.desk.tried(self.debt, outcome)
