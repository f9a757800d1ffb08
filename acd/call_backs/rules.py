"""How call-backs are made: what a city sets under `[call_backs]`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.ledger.debt import DebtRules


class Mode(StrEnum):
    """Who is called first.

    `AGENT_FIRST`: an agent is offered the call-back and hears whom he calls, then the
    citizen is rung; nobody waits in vain. `CITIZEN_FIRST`: the citizen is rung when he
    is near the head of the queue and waits the rest; no agent waits for his answer.
    """

    AGENT_FIRST = "agent_first"
    CITIZEN_FIRST = "citizen_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRules:
    """`automatic` pays debts to missed callers by itself when nobody waits.

    `mode` holds for queues without one in `modes`. At most `max_open` automatic
    call-backs are under way at once. A citizen is rung for `ring_seconds`; in mode
    citizen first when at most `near_head` are before him.
    """

    automatic: bool = False
    mode: Mode = Mode.AGENT_FIRST
    modes: Mapping[str, Mode] = field(default_factory=dict)
    max_open: int = 5
    ring_seconds: float = 30
    near_head: int = 1
    debts: DebtRules = field(default_factory=DebtRules)

    def mode_of(self, queue: str) -> Mode:
        """The mode of a queue."""
        return self.modes.get(queue, self.mode)
