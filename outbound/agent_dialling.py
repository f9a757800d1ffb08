"""The campaigns in which agents speak: how many lines each wants now, and with whom."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from acd.distributor import QueueView
from acd.equipment import Equipment
from acd.events import AgentState
from outbound.agent_call import AgentCall
from outbound.mode import DialMode
from outbound.modes.store import ModeStore, Running
from outbound.pacing import Agents, Dial, Seen, predictive, progressive

REMEMBERED = 200
"""So many talks and rings tell how long they take."""
BUSY = (
    AgentState.OFFERED,
    AgentState.RINGING,
    AgentState.TALKING,
    AgentState.WRAP_UP,
)


@dataclass(slots=True)
class Times:
    """How long ringing and handling took of late, in seconds."""

    rings: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    talks: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))


class AgentDialling:
    """Paces the campaigns with agents; `running` are those of the last look."""

    def __init__(self, modes: ModeStore, equipment: Equipment) -> None:
        self._modes, self._equipment = modes, equipment
        self._live: dict[str, AgentCall] = {}
        self._times: dict[str, Times] = {}
        self.running: Mapping[str, Running] = {}

    async def look(self) -> Mapping[str, Running]:
        """The campaigns that run."""
        self.running = await self._modes.running()
        return self.running

    def add(self, call: AgentCall) -> None:
        """A try begins."""
        self._live[call.id] = call

    def remove(self, call: AgentCall) -> None:
        """It is over: how long its parts took is remembered."""
        del self._live[call.id]
        times = self._times.setdefault(call.contact.campaign, Times())
        if call.ring_seconds is not None:
            times.rings.append(call.ring_seconds)
        if call.talk_seconds is not None:
            times.talks.append(call.talk_seconds + self._wrap_up(call.mode.queue))

    async def wanted(self, campaign: str, since: datetime) -> Dial:
        """What the campaign may dial now, in a window that began at a moment."""
        mode = self.running[campaign].mode
        queues = {queue.name: queue for queue in self._equipment.link.queues()}
        if mode.queue not in queues:  # it was removed: nobody could speak
            return Dial()
        agents = self._agents(campaign, queues[mode.queue])
        if mode.mode is DialMode.PROGRESSIVE:
            return progressive(agents)
        return predictive(agents, await self._seen(campaign, since), mode.cap)

    def ready_agents(self, queue: str) -> list[str]:
        """Who could take a call of the queue now, if nobody waits for one."""
        if self._free(queue) <= 0:
            return []
        return [
            agent.id
            for agent in self._equipment.link.agents()
            if queue in agent.queues and agent.state is AgentState.READY
        ]

    def _agents(self, campaign: str, queue: QueueView) -> Agents:
        ahead = [call for call in self._of_queue(queue.name) if call.is_ahead]
        others = [call for call in ahead if call.contact.campaign != campaign]
        own = [call for call in ahead if call.contact.campaign == campaign]
        unserved = [call for call in own if not call.has_agent]
        waiting = sum(call.is_answered for call in unserved)
        return Agents(
            free=self._free(queue.name) - sum(not call.has_agent for call in others),
            busy=sum(queue.agents[state] for state in BUSY),
            ringing=len(unserved) - waiting,
            waiting=waiting,
        )

    def _free(self, queue: str) -> int:
        """Ready agents, less citizens who wait and reservations that only begin."""
        begins = (
            not call.is_queued for call in self._of_queue(queue) if not call.is_ahead
        )
        return self._equipment.link.room().get(queue, 0) - sum(begins)

    def _of_queue(self, queue: str) -> list[AgentCall]:
        return [call for call in self._live.values() if call.mode.queue == queue]

    async def _seen(self, campaign: str, since: datetime) -> Seen:
        counts = await self._modes.counts(campaign, since)
        times = self._times.setdefault(campaign, Times())
        return Seen(
            tries=counts.tries,
            answered=counts.answered,
            abandoned=counts.abandoned,
            talks=min(len(times.talks), len(times.rings)),
            ring_seconds=_mean(times.rings),
            handling_seconds=_mean(times.talks),
        )

    def _wrap_up(self, queue: str) -> float:
        return self._equipment.link.rules_of(queue).wrap_up_seconds


def _mean(values: deque[float]) -> float:
    return sum(values) / len(values) if values else 0.0
