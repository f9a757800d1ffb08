"""A queue: its rules, its strategy, and the line of those who wait in it."""

from dataclasses import dataclass, field

from acd.line import Line
from acd.queue_rules import QueueRules
from acd.strategies import Strategy, strategy_named


@dataclass(slots=True)
class Queue:
    """`line` holds the waiting calls, those being offered included."""

    rules: QueueRules
    line: Line = field(default_factory=Line)
    strategy: Strategy = field(init=False)

    def __post_init__(self) -> None:
        self.strategy = strategy_named(self.rules.strategy)
