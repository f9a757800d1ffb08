"""The decision record: for each routing decision who could be asked, and who not and why.

Nothing is scanned: agents who are busy are counted by state, those who are free by
class. A call keeps at most `MOST` records.
"""

from collections import Counter
from datetime import datetime

from acd.asking import Ask, lacks_skill, too_far
from acd.events import AgentState, CallRouted
from acd.floor import Floor
from acd.line import WaitingCall
from acd.routing_words import RoutingRule, Skipped

MOST = 50
"""So many records a call keeps."""

CANDIDATES = 10
"""So many candidates a record names."""

_BUSY = {
    AgentState.LOGGED_OUT: Skipped.LOGGED_OUT,
    AgentState.PAUSED: Skipped.PAUSED,
    AgentState.OFFERED: Skipped.RUNG,
    AgentState.RINGING: Skipped.RUNG,
    AgentState.TALKING: Skipped.TALKING,
    AgentState.WRAP_UP: Skipped.WRAP_UP,
}


class Decisions:
    """Writes the decision records of a floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def offered(self, call: WaitingCall, agent_id: str, now: datetime) -> None:
        """This agent is rung for the call; tell it while he is still free."""
        strategy = self._floor.queues[call.queue].strategy
        if call.wish.only_agent:
            rule = RoutingRule.ONLY_AGENT
        elif call.held_for:
            rule = RoutingRule.LAST_AGENT
        elif strategy.all_at_once:
            rule = RoutingRule.ALL_AT_ONCE
        else:
            rule = RoutingRule.STRATEGY
        self.record(call, rule, now, agent_id=agent_id, detail=strategy.name)

    def record(
        self,
        call: WaitingCall,
        rule: RoutingRule,
        now: datetime,
        *,
        agent_id: str = "",
        detail: str = "",
    ) -> None:
        """Tell one decision about a waiting call, while it stands in its line."""
        if call.decisions >= MOST:
            return
        call.decisions += 1
        eligible, skipped = self._agents(call)
        self._floor.tell(
            CallRouted(
                at=now,
                call_id=call.call_id,
                queue=call.queue,
                record=call.decisions,
                rule=rule,
                position=self._floor.queues[call.queue].position(call),
                eligible=eligible,
                skipped=skipped,
                candidates=tuple(self._floor.free.in_order(call.ask, CANDIDATES)),
                agent_id=agent_id,
                detail=detail,
            )
        )

    def _agents(self, call: WaitingCall) -> tuple[int, dict[Skipped, int]]:
        """How many may be asked now, and how many not for which reason."""
        eligible, skipped = 0, Counter[Skipped]()
        for queue in call.ask.queues:
            eligible += self._count(queue, call.ask, skipped)
        if len(call.ask.queues) > 1:  # an agent of two of them is still one
            eligible = len(self._floor.free.in_order(call.ask, eligible))
        if call.ask.only_agent:
            others = eligible
            eligible = len(self._floor.free.in_order(call.ask, 1))
            held = bool(call.held_for)
            why = Skipped.NOT_THE_LAST_AGENT if held else Skipped.NOT_THE_ONLY_AGENT
            skipped[why] += max(0, others - eligible)
        return eligible, {why: count for why, count in skipped.items() if count}

    def _count(self, queue: str, ask: Ask, skipped: Counter[Skipped]) -> int:
        by_state = self._floor.queues[queue].agents
        for state, why in _BUSY.items():
            skipped[why] += by_state[state]
        resting, eligible = by_state[AgentState.READY], 0
        for standing, count in self._floor.free.classes(queue):
            resting -= count
            if too_far(ask, standing):
                skipped[Skipped.PENALTY] += count
            elif lacks_skill(ask, standing):
                skipped[Skipped.LACKS_SKILL] += count
            else:
                eligible += count
        skipped[Skipped.RESTING] += resting
        return eligible
