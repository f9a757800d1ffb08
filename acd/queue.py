"""A queue: its rules, its strategy, the line of those who wait, and who works in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.estimate import Pace
from acd.events import AgentState
from acd.line import Line, WaitingCall
from acd.queue_rules import QueueRules
from acd.strategies import Strategy, strategy_named


@dataclass(slots=True)
class Queue:
    """`line` holds the waiting calls, those being offered included; `questions` those of
    agents to their colleagues, which take nobody's place and count as no citizen.

    `ringing` counts the calls of the line for which a phone rings, `call_backs` those
    for which none rings and which wait in a citizen's stead, `agents` its agents by
    state. `heir` is set when it was removed: the queue that takes in whoever still comes
    to it.
    """

    rules: QueueRules
    line: Line = field(default_factory=Line)
    questions: Line = field(default_factory=Line)
    ringing: int = 0
    call_backs: int = 0
    agents: Counter[AgentState] = field(default_factory=Counter)
    heir: str = ""
    pace: Pace = field(default_factory=Pace)
    strategy: Strategy = field(init=False)

    def __post_init__(self) -> None:
        self.take(self.rules)

    def take(self, rules: QueueRules) -> None:
        """From now on these rules hold."""
        self.strategy = strategy_named(rules.strategy)
        self.rules = rules

    @property
    def waiting(self) -> int:
        """How many calls wait without a phone ringing for them."""
        return len(self.line) - self.ringing

    @property
    def live_waiting(self) -> int:
        """How many of these are citizens on the line, and not call-backs."""
        return self.waiting - self.call_backs

    def add(self, call: WaitingCall) -> None:
        """The call waits here."""
        self._line_of(call).add(call)
        self.call_backs += call.is_call_back

    def remove(self, call: WaitingCall) -> None:
        """The call, for which no phone rings, waits here no more."""
        self._line_of(call).remove(call)
        self.call_backs -= call.is_call_back

    def begins_ringing(self, call: WaitingCall) -> None:
        """A first phone rings for the call."""
        self.ringing += not call.is_question
        self.call_backs -= call.is_call_back

    def stops_ringing(self, call: WaitingCall) -> None:
        """The last phone stopped ringing for the call."""
        self.ringing -= not call.is_question
        self.call_backs += call.is_call_back

    def position(self, call: WaitingCall) -> int:
        """Where the call stands here; 1 is next, 0 that of a question."""
        return 0 if call.is_question else self.line.position(call)

    def calls(self) -> list[WaitingCall]:
        """All that wait here now, questions too."""
        return [*self.line, *self.questions]

    @property
    def logged_in(self) -> int:
        """How many agents are at work, in whatever state."""
        return self.agents.total() - self.agents[AgentState.LOGGED_OUT]

    def agents_by_state(self) -> Mapping[AgentState, int]:
        """How many agents are in each state, those with none included."""
        return {state: self.agents[state] for state in AgentState}

    def _line_of(self, call: WaitingCall) -> Line:
        return self.questions if call.is_question else self.line


def heir_of(queues: Mapping[str, Queue], name: str) -> str:
    """Where one waits who comes to this queue: there, unless it was removed."""
    while (queue := queues.get(name)) and queue.heir:
        name = queue.heir
    return name
