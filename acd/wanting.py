"""Calls that want an agent, in groups of those that ask for the same.

A freed agent looks at the first call of each group that he fits, and at no other.
"""

from collections.abc import Iterator

from acd.agent import Agent
from acd.asking import Ask, fits
from acd.line import Line, WaitingCall


class Group:
    """Calls that ask for the same, by rank."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.calls = ask, Line()


class Wanting:
    """The groups, found by what they ask for, by queue, or by their only agent."""

    def __init__(self) -> None:
        self._groups: dict[Ask, Group] = {}
        self._by_queue: dict[str, dict[Ask, Group]] = {}
        self._by_agent: dict[str, dict[Ask, Group]] = {}
        self._group_of: dict[str, Group] = {}
        self._stirred: dict[Ask, None] = {}

    def ask_of(self, call: WaitingCall) -> Ask | None:
        """What the call is grouped by; None when it wants nobody."""
        group = self._group_of.get(call.call_id)
        return group.ask if group else None

    def is_alone(self, call: WaitingCall) -> bool:
        """Whether it wants an agent, and no other call wants the same."""
        group = self._group_of.get(call.call_id)
        return group is not None and len(group.calls) == 1

    def is_asked(self, ask: Ask) -> bool:
        """Whether a call wants an agent and asks for this."""
        return ask in self._groups

    def add(self, call: WaitingCall) -> None:
        """The call wants an agent."""
        group = self._groups.get(call.ask) or self._new_group(call.ask)
        group.calls.add(call)
        self._group_of[call.call_id] = group
        self._stirred[call.ask] = None

    def remove(self, call: WaitingCall) -> None:
        """The call wants nobody now."""
        group = self._group_of.pop(call.call_id, None)
        if group is None:
            return
        group.calls.remove(call)
        if not group.calls:
            del self._groups[group.ask]
            for index, name in self._places(group.ask):
                del index[name][group.ask]

    def for_agent(self, agent: Agent) -> Iterator[Group]:
        """The groups that he may take a call of."""
        yield from self._by_agent.get(agent.profile.id, {}).values()
        for queue, standing in agent.standings.items():
            for ask, group in self._by_queue.get(queue, {}).items():
                if fits(ask, standing):
                    yield group

    def only_for(self, agent: Agent) -> list[WaitingCall]:
        """The calls that want nobody but him."""
        groups = self._by_agent.get(agent.profile.id, {}).values()
        return [call for group in groups for call in group.calls]

    def take_stirred(self) -> list[Group]:
        """The groups to which calls came since this was last asked."""
        stirred, self._stirred = self._stirred, {}
        return [self._groups[ask] for ask in stirred if ask in self._groups]

    def _new_group(self, ask: Ask) -> Group:
        group = self._groups[ask] = Group(ask)
        for index, name in self._places(ask):
            index.setdefault(name, {})[ask] = group
        return group

    def _places(self, ask: Ask) -> Iterator[tuple[dict[str, dict[Ask, Group]], str]]:
        if ask.only_agent:
            yield self._by_agent, ask.only_agent
        else:
            for queue in ask.queues:
                yield self._by_queue, queue
