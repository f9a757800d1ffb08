"""A simulated talk: citizen and agent, and the colleague who may be asked or take over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from acd import messages as m
from acd.placing import RING_SECONDS
from acd.staffing.chance import Chance, Turn
from acd.staffing.story import CallStory
from acd.staffing.virtual_floor import VirtualFloor


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOver:
    """How a talk ended; `queue` is where the citizen waits next, "" for nowhere.

    There he waits for `agent` alone, if one is named. `seconds` of what he has to say
    are left for then.
    """

    end: m.TalkEnd
    queue: str = ""
    agent: str = ""
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class SimulatedTalk:
    """One talk of `seconds`, which are spoken whatever else happens in it.

    `turn` is what the agent does at half of it: if there is nobody to do it with, he
    goes on alone. `over` is told of the end, once, when the engine knows of it.
    """

    call_id: str
    queue: str
    agent_id: str
    seconds: float
    turn: Turn
    consult_seconds: float
    agent_ends: bool
    story: CallStory
    floor: VirtualFloor
    chance: Chance
    over: Callable[[TalkOver], None]
    began: datetime = field(init=False)

    def begin(self) -> None:
        """They speak from now on."""
        self.began = self.floor.now
        if self.turn is Turn.NONE:
            self.floor.after(self.seconds, self._ends)
        else:
            self.floor.after(self.seconds / 2, self._takes_turn)

    def go_on(self) -> None:
        """The citizen is no longer on hold: what is left to say is said."""
        self.floor.after(self.seconds / 2, self._ends)

    def _takes_turn(self) -> None:
        if self.floor.is_closed:
            self.go_on()
        elif self.turn is Turn.TO_QUEUE:
            self._hand_over_to_queue()
        elif self.turn is Turn.TO_AGENT:
            self._hand_over_to_agent()
        else:
            self._ask_colleague()

    def _hand_over_to_queue(self) -> None:
        others = [name for name in self.floor.queues if name != self.queue]
        staffed = [name for name in others if self.floor.is_staffed(name)]
        queue = self.chance.pick(staffed)
        if queue:
            self._leaves(queue, "")
        else:
            self.go_on()

    def _hand_over_to_agent(self) -> None:
        there = self.floor.agents_there(self.queue, self.agent_id, ready=False)
        agent = self.chance.pick(there)
        if agent:
            self._leaves(self.queue, agent)
        else:
            self.go_on()

    def _leaves(self, queue: str, agent: str) -> None:
        self.story.turn = self.turn
        self._end(
            TalkOver(
                end=m.TalkEnd.TRANSFERRED,
                queue=queue,
                agent=agent,
                seconds=self.seconds / 2,
            )
        )

    def _ask_colleague(self) -> None:
        free = self.floor.agents_there(self.queue, self.agent_id, ready=True)
        colleague = self.chance.pick(free)
        if colleague:
            Question(
                call_id=m.question_of(self.call_id, 1),
                colleague=colleague,
                talk=self,
            ).ask()
        else:
            self.go_on()

    def answered(self, colleague: str, held_seconds: float) -> None:
        """The colleague has said what he knows: he leaves, or takes the citizen over."""
        self.story.turn = self.turn
        self.held(held_seconds)
        if self.turn is Turn.ATTENDED:
            moves = m.TalkMoves(call_id=self.call_id, agent_id=colleague)
            self.floor.send(moves)
            self.agent_id = self.story.agent_id = colleague
        self.go_on()

    def held(self, seconds: float) -> None:
        """The citizen was on hold for so long."""
        self.story.held_seconds += seconds

    def _ends(self) -> None:
        end = m.TalkEnd.AGENT if self.agent_ends else m.TalkEnd.CALLER
        self._end(TalkOver(end=end))

    def _end(self, over: TalkOver) -> None:
        seconds = (self.floor.now - self.began).total_seconds()
        self.story.talk_seconds = (self.story.talk_seconds or 0.0) + seconds
        self.floor.send(m.TalkEnds(call_id=self.call_id, end=over.end))
        self.over(over)


@dataclass(slots=True, kw_only=True)
class Question:
    """A colleague who is rung about a citizen, as `acd/colleague.py` does on a line.

    The citizen is on hold from the first ring on, `held_since`.
    """

    call_id: str
    colleague: str
    talk: SimulatedTalk
    is_answered: bool = False
    held_since: float = 0.0

    def ask(self) -> None:
        """Ring him, once."""
        floor, talk = self.talk.floor, self.talk
        self.held_since = floor.seconds()
        floor.callers[self.call_id] = self
        floor.after(RING_SECONDS, self._had_enough)
        floor.send(
            m.CallerEnters(
                call_id=self.call_id,
                queue=talk.queue,
                at_head=True,
                only_agent=self.colleague,
            )
        )

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says."""
        match command:
            case m.Offer():
                self._ring(command.offer_id)
            case m.Connect():
                self.is_answered = True
                self.talk.floor.after(self.talk.consult_seconds, self._is_over)
            case m.Withdraw() | m.LeaveQueue() | m.Decline():
                self._fails()

    def leave_for_good(self) -> None:
        """The day is over; whoever speaks goes on."""
        if not self.is_answered:
            self._fails()

    def _ring(self, offer_id: str) -> None:
        failure = self.talk.chance.offer_failure()
        seconds = self.talk.chance.answer_seconds()
        self.talk.floor.ring(offer_id, seconds, failure, lambda _: self._fails())

    def _had_enough(self) -> None:
        if not self.is_answered:
            self._fails()

    def _fails(self) -> None:
        """He is not asked again: the citizen's own agent goes on."""
        floor = self.talk.floor
        if floor.callers.pop(self.call_id, None):
            floor.send(m.CallerLeaves(call_id=self.call_id))
            self.talk.held(floor.seconds() - self.held_since)
            self.talk.go_on()

    def _is_over(self) -> None:
        floor = self.talk.floor
        del floor.callers[self.call_id]
        held_seconds = floor.seconds() - self.held_since
        self.talk.answered(self.colleague, held_seconds)
        floor.send(m.CallerLeaves(call_id=self.call_id))
