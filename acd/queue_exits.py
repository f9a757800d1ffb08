"""How a citizen who met no agent leaves the queue, for his flow and in the books."""

from acd.queue_rules import OverflowWhen
from ivr_flows.actions import EnterQueue, QueueOutcome

NO_PLACE = frozenset({QueueOutcome.FULL, QueueOutcome.OVERFLOW, QueueOutcome.NOBODY})
"""Ways out that we took for him: he is declined. By all others he has given up."""


def way_out(request: EnterQueue, reason: OverflowWhen) -> QueueOutcome:
    """The flow's exit for one whom the engine sends back to it."""
    if request.leave_when_nobody and reason is OverflowWhen.NO_AGENTS:
        return QueueOutcome.NOBODY
    return QueueOutcome.OVERFLOW
