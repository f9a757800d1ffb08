"""Changing a queue's rules or an agent's profile: checked, kept, and told to the engine."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from acd.agent import AgentError, UnknownAgent
from acd.distributor import Link
from acd.floor import UnknownQueue
from acd.ledger.archive import open_debts
from acd.messages import (
    AgentJoins,
    AgentLeaves,
    AgentProfileChanges,
    Message,
    QueueJoins,
    QueueLeaves,
    QueueRulesChange,
)
from acd.people import store as people
from acd.people.rows import AgentRow
from acd.people.values import profile_of, rules_of
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import (
    Also,
    keep_new_agent,
    keep_new_queue,
    keep_profiles,
    keep_removal,
    keep_rules,
    nothing,
)
from acd.rule_checks.contacts import RingsItself, nobody
from acd.rule_checks.finding import RuleFinding, of_agent, of_queue
from acd.rule_checks.team import check_team
from config.agent_settings import AgentSection, WrittenProfile
from config.clock import LoopClock
from config.database import Database, DatabaseError
from config.queue_settings import QueueSection, WrittenRules
from ivr_flows.faults import nearest


def no_flows() -> Mapping[str, str]:
    """No flow leads anywhere."""
    return {}


T = TypeVar("T", WrittenRules, WrittenProfile)

ProfileEdit = Callable[[WrittenProfile], WrittenProfile]


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

    `today` tells the city's date, `flows_by_queue`
    by queue which flow leads there now. `UnknownQueue`, `UnknownAgent` and `RulesRefused`
    refuse; then nothing has changed.
    """

    def __init__(
        self,
        database: Database,
        link: Link,
        clock: LoopClock,
        today: Callable[[], date],
        rings_itself: RingsItself = nobody,
        flows_by_queue: Callable[[], Mapping[str, str]] = no_flows,
    ) -> None:
        self._database, self._link, self._clock = database, link, clock
        self._today, self._rings_itself = today, rings_itself
        self._flows_by_queue, self._one = flows_by_queue, asyncio.Lock()

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
            findings = self._checked(team, queues, team.agents)
            changed = _Team(queues, team.agents, findings)
            line = self._line(Changed.QUEUE, name, old.rules, new.rules, author)
            await self._keep(
                partial(keep_rules, self._database, new, line),
                QueueRulesChange(rules=rules_of(new)),
                QueueRulesChange(rules=rules_of(old)),
            )
        return _rules_in(changed, new, team.findings)

    async def change_profile(
        self, agent_id: str, edit: ProfileEdit, author: Author
    ) -> Written[WrittenProfile]:
        """Give an agent the profile that `edit` makes of his present one."""
        old, new = await self._change_profiles({agent_id: edit}, author, nothing)
        return _profile_in(new, new.agent(agent_id), old.findings)

    async def change_profiles(
        self, edits: Mapping[str, ProfileEdit], author: Author, also: Also
    ) -> None:
        """Give several agents the profiles that the edits make: all of them, or none.

        `also` writes what belongs to it in the same transaction, and may refuse it all.
        """
        await self._change_profiles(edits, author, also)

    async def _change_profiles(
        self, edits: Mapping[str, ProfileEdit], author: Author, also: Also
    ) -> tuple[_Team, _Team]:
        async with self._one:
            team = await self._read()
            old = [team.agent(agent_id) for agent_id in edits]
            new = [one.with_profile(edits[one.id](one.profile)) for one in old]
            others = [agent for agent in team.agents if agent.id not in edits]
            agents = sorted([*others, *new], key=lambda agent: agent.id)
            findings = self._checked(team, team.queues, agents)
            pairs = list(zip(old, new, strict=True))
            lines = [
                self._line(Changed.AGENT, a.id, a.profile, b.profile, author)
                for a, b in pairs
            ]
            profiles = {a.id: (a.profile, b.profile) for a, b in pairs}
            names = [queue.name for queue in team.queues]
            await self._keep_all(
                partial(keep_profiles, self._database, profiles, lines, also),
                [AgentProfileChanges(profile=profile_of(b, names)) for _, b in pairs],
                [AgentProfileChanges(profile=profile_of(a, names)) for a, _ in pairs],
            )
        return team, _Team(team.queues, agents, findings)

    async def add_agent(
        self, agent: AgentSection, author: Author, also: Also = nothing
    ) -> None:
        """Add an agent, logged out, or take one back who was removed.

        `also` writes what belongs to it in the same transaction.
        """
        async with self._one:
            team = await self._read()
            if any(known.id == agent.id for known in team.agents):
                raise RulesRefused(f"agent {agent.id!r} is there already")
            order = agent.order or 1 + max((a.order for a in team.agents), default=0)
            new = agent.model_copy(update={"order": order, "state": "logged_out"})
            self._checked(team, team.queues, [*team.agents, new])
            line = self._added(new, author)
            await self._keep(
                partial(keep_new_agent, self._database, new, line, also),
                AgentJoins(profile=profile_of(new, [q.name for q in team.queues])),
                AgentLeaves(agent_id=new.id),
            )

    async def remove_agent(
        self, agent_id: str, author: Author, also: Also = nothing
    ) -> None:
        """Remove an agent at once; he is logged out after the talk that he may be in.

        `also` writes what belongs to it in the same transaction.
        """
        async with self._one:
            team = await self._read()
            old = team.agent(agent_id)
            line = self._removed(Changed.AGENT, old.id, old.profile, author)
            await self._keep(
                partial(keep_removal, self._database, line, also),
                AgentLeaves(agent_id=old.id),
                AgentJoins(profile=profile_of(old, [q.name for q in team.queues])),
            )

    async def add_queue(
        self, queue: QueueSection, author: Author
    ) -> Written[WrittenRules]:
        """Add a queue at once, or take one back that was removed.

        Agents without queues of their own answer it, too.
        """
        async with self._one:
            team = await self._read()
            if any(known.name == queue.name for known in team.queues):
                raise RulesRefused(f"the queue {queue.name!r} is there already")
            queues = [*team.queues, queue]
            findings = self._checked(team, queues, team.agents)
            new = queue.model_dump(mode="json")
            line = self._change(Changed.QUEUE, queue.name, {}, new, author)
            await self._keep(
                partial(keep_new_queue, self._database, queue, line),
                QueueJoins(rules=rules_of(queue)),
                QueueLeaves(queue=queue.name, to=team.queues[0].name),
            )
            self._tell_everywhere_agents(team, queues)
        changed = _Team(queues, team.agents, findings)
        return _rules_in(changed, queue, team.findings)

    async def remove_queue(self, name: str, author: Author) -> None:
        """Remove a queue at once; who waits there goes to the first one at his rank.

        `RulesRefused` while an agent, another queue, a flow or a debt names it.
        """
        async with self._one:
            team = await self._read()
            old = team.queue(name)
            await self._check_unused(team, old)
            line = self._removed(Changed.QUEUE, name, old.rules, author)
            await self._keep(
                partial(keep_removal, self._database, line, nothing),
                QueueLeaves(queue=name, to=team.queues[0].name),
                QueueJoins(rules=rules_of(old)),
            )
            self._tell_everywhere_agents(team, [q for q in team.queues if q is not old])

    def _tell_everywhere_agents(
        self, team: _Team, queues: Sequence[QueueSection]
    ) -> None:
        """Who answers all queues answers these from now on."""
        names = [queue.name for queue in queues]
        for agent in team.agents:
            if not agent.queues:
                self._link.send(AgentProfileChanges(profile=profile_of(agent, names)))

    async def _check_unused(self, team: _Team, old: QueueSection) -> None:
        if old is team.queues[0]:
            raise RulesRefused(
                f"{old.name!r} is the first queue, which takes in whoever asks for no other"
            )
        if flow := self._flows_by_queue().get(old.name):
            raise RulesRefused(f"the flow {flow!r} leads to the queue {old.name!r}")
        if owed := await open_debts(self._database, old.name):
            raise RulesRefused(
                f"{owed} call-backs are owed to callers of the queue {old.name!r}: hotline call-backs list"
            )
        left = [queue for queue in team.queues if queue is not old]
        self._checked(team, left, team.agents)

    async def _read(self) -> _Team:
        queues = await people.queue_rows(self._database)
        agents = await people.agent_rows(self._database)
        return _Team(queues, agents, self._findings(queues, agents))

    def _findings(
        self,
        queues: Sequence[QueueSection],
        agents: Sequence[AgentRow | AgentSection],
    ) -> list[RuleFinding]:
        return check_team(queues, agents, self._today(), self._rings_itself)

    def _checked(
        self,
        old: _Team,
        queues: Sequence[QueueSection],
        agents: Sequence[AgentRow | AgentSection],
    ) -> list[RuleFinding]:
        """What is found of the changed team; `RulesRefused` when a contradiction is new."""
        findings = self._findings(queues, agents)
        new = (f for f in findings if f.fatal and f not in old.findings)
        if faults := "; ".join(map(str, new)):
            raise RulesRefused(faults)
        return findings

    async def _keep(
        self,
        write: Callable[[Callable[[], None]], Awaitable[None]],
        new: Message,
        old: Message,
    ) -> None:
        """The database and the engine have the new, or both have the old."""
        await self._keep_all(write, [new], [old])

    async def _keep_all(
        self,
        write: Callable[[Callable[[], None]], Awaitable[None]],
        new: Sequence[Message],
        old: Sequence[Message],
    ) -> None:
        """The same with several messages, each with what takes it back."""
        told: list[Message] = []

        def tell() -> None:
            for message, back in zip(new, old, strict=True):
                self._link.send(message)
                told.append(back)

        try:
            await write(tell)
        except (DatabaseError, AgentError):
            for back in told:
                self._link.send(back)
            raise

    def _added(self, agent: AgentSection, author: Author) -> NewChange:
        new = agent.model_dump(mode="json")
        return self._change(Changed.AGENT, agent.id, {}, new, author)

    def _removed(
        self, kind: Changed, name: str, old: BaseModel, author: Author
    ) -> NewChange:
        return self._change(kind, name, old.model_dump(mode="json"), {}, author)

    def _line(
        self, kind: Changed, name: str, old: T, new: T, author: Author
    ) -> NewChange:
        was, is_now = old.model_dump(mode="json"), new.model_dump(mode="json")
        return self._change(kind, name, was, is_now, author)

    def _change(
        self,
        kind: Changed,
        name: str,
        old: dict[str, Any],
        new: dict[str, Any],
        author: Author,
    ) -> NewChange:
        return NewChange(
            at=self._clock.now(),
            kind=kind,
            name=name,
            changed_by=author.name,
            peer=author.peer,
            old=old,
            new=new,
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
