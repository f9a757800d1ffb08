"""Changing a queue's rules or an agent's profile: checked, kept, and told to the engine."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Generic, TypeVar

from acd.agent import UnknownAgent
from acd.distributor import Link
from acd.floor import UnknownQueue
from acd.messages import AgentProfileChanges, Message, QueueRulesChange
from acd.people import store as people
from acd.people.rows import AgentRow
from acd.people.values import profile_of, rules_of
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_profile, keep_rules
from acd.rule_checks.contacts import RingsItself, nobody
from acd.rule_checks.finding import RuleFinding, of_agent, of_queue
from acd.rule_checks.team import check_team
from config.agent_settings import WrittenProfile
from config.clock import LoopClock
from config.database import Database, DatabaseError
from config.queue_settings import QueueSection, WrittenRules
from ivr_flows.faults import nearest

T = TypeVar("T", WrittenRules, WrittenProfile)


class RulesRefused(Exception):
    """The change contradicts itself or other rules; nothing was changed."""

    error_id = "rules_contradict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Generic[T]):
    """Rules or a profile as they count now, and what is doubtful about them."""

    name: str
    rules: T
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Team:
    """Everybody's rules at one moment, and all that is wrong with them together."""

    queues: Sequence[QueueSection]
    agents: Sequence[AgentRow]
    findings: Sequence[RuleFinding]

    def queue(self, name: str) -> QueueSection:
        by_name = {queue.name: queue for queue in self.queues}
        if name not in by_name:
            hint = nearest(name, by_name)
            raise UnknownQueue(f"There is no queue {name!r}; {hint}")
        return by_name[name]

    def agent(self, agent_id: str) -> AgentRow:
        by_id = {agent.id: agent for agent in self.agents}
        if agent_id not in by_id:
            hint = nearest(agent_id, by_id)
            raise UnknownAgent(f"There is no agent {agent_id!r}; {hint}")
        return by_id[agent_id]

    def warnings(self, about: str, known: Sequence[RuleFinding]) -> tuple[str, ...]:
        """What is doubtful about one, and about others what was not known before."""
        own = (f for f in self.findings if f.about == about or f not in known)
        return tuple(map(str, own))


class RuleChanges:
    """Takes changes one after the other, so that each is checked against the last.

    `today` tells the city's date. `UnknownQueue`, `UnknownAgent` and `RulesRefused`
    refuse; then nothing has changed.
    """

    def __init__(
        self,
        database: Database,
        link: Link,
        clock: LoopClock,
        today: Callable[[], date],
        rings_itself: RingsItself = nobody,
    ) -> None:
        self._database, self._link, self._clock = database, link, clock
        self._today, self._rings_itself = today, rings_itself
        self._one = asyncio.Lock()

    async def rules(self, name: str) -> Written[WrittenRules]:
        """The rules of a queue."""
        team = await self._read()
        return _rules_in(team, team.queue(name), team.findings)

    async def profile(self, agent_id: str) -> Written[WrittenProfile]:
        """The profile of an agent."""
        team = await self._read()
        return _profile_in(team, team.agent(agent_id), team.findings)

    async def change_rules(
        self, name: str, edit: Callable[[WrittenRules], WrittenRules], author: Author
    ) -> Written[WrittenRules]:
        """Give a queue the rules that `edit` makes of its present ones."""
        async with self._one:
            team = await self._read()
            old = team.queue(name)
            new = old.with_rules(edit(old.rules))
            queues = [new if queue is old else queue for queue in team.queues]
            changed = self._checked(team, queues, team.agents)
            line = self._line(Changed.QUEUE, name, old.rules, new.rules, author)
            await self._keep(
                partial(keep_rules, self._database, new, line),
                QueueRulesChange(rules=rules_of(new)),
                QueueRulesChange(rules=rules_of(old)),
            )
        return _rules_in(changed, new, team.findings)

    async def change_profile(
        self,
        agent_id: str,
        edit: Callable[[WrittenProfile], WrittenProfile],
        author: Author,
    ) -> Written[WrittenProfile]:
        """Give an agent the profile that `edit` makes of his present one."""
        async with self._one:
            team = await self._read()
            old = team.agent(agent_id)
            new = old.with_profile(edit(old.profile))
            agents = [new if agent is old else agent for agent in team.agents]
            changed = self._checked(team, team.queues, agents)
            line = self._line(Changed.AGENT, old.id, old.profile, new.profile, author)
            names = [queue.name for queue in team.queues]
            await self._keep(
                partial(keep_profile, self._database, new.profile, line),
                AgentProfileChanges(profile=profile_of(new, names)),
                AgentProfileChanges(profile=profile_of(old, names)),
            )
        return _profile_in(changed, new, team.findings)

    async def _read(self) -> _Team:
        queues = await people.queue_rows(self._database)
        return self._team(queues, await people.agent_rows(self._database))

    def _team(
        self, queues: Sequence[QueueSection], agents: Sequence[AgentRow]
    ) -> _Team:
        today, rings_itself = self._today(), self._rings_itself
        found = check_team(queues, agents, today, rings_itself)
        return _Team(queues, agents, found)

    def _checked(
        self, old: _Team, queues: Sequence[QueueSection], agents: Sequence[AgentRow]
    ) -> _Team:
        """The changed team; `RulesRefused` when a contradiction is new in it."""
        changed = self._team(queues, agents)
        new = (f for f in changed.findings if f.fatal and f not in old.findings)
        if faults := "; ".join(map(str, new)):
            raise RulesRefused(faults)
        return changed

    async def _keep(
        self,
        write: Callable[[Callable[[], None]], Awaitable[None]],
        new: Message,
        old: Message,
    ) -> None:
        """The database and the engine have the new, or both have the old."""
        told = False

        def tell() -> None:
            nonlocal told
            self._link.send(new)
            told = True

        try:
            await write(tell)
        except DatabaseError:
            if told:
                self._link.send(old)
            raise

    def _line(
        self, kind: Changed, name: str, old: T, new: T, author: Author
    ) -> NewChange:
        return NewChange(
            at=self._clock.now(),
            kind=kind,
            name=name,
            changed_by=author.name,
            peer=author.peer,
            old=old.model_dump(mode="json"),
            new=new.model_dump(mode="json"),
        )


def _rules_in(
    team: _Team, queue: QueueSection, known: Sequence[RuleFinding]
) -> Written[WrittenRules]:
    warnings = team.warnings(of_queue(queue.name, "").about, known)
    return Written(name=queue.name, rules=queue.rules, warnings=warnings)


def _profile_in(
    team: _Team, agent: AgentRow, known: Sequence[RuleFinding]
) -> Written[WrittenProfile]:
    warnings = team.warnings(of_agent(agent.id, "").about, known)
    return Written(name=agent.id, rules=agent.profile, warnings=warnings)
