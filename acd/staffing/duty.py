"""Who is on duty when: counts on the command line, or a roster file (CSV)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from acd.agent import AgentProfile
from acd.queue_rules import Levels, QueueRules, levels
from acd.staffing.csv_lines import (
    Line,
    LineFault,
    Table,
    clock_seconds,
    count_of,
    known_name,
    levels_of,
    read_table,
    words_of,
)
from acd.staffing.plan import Duty, PlannedAgent

ROSTER_COLUMNS = ("start", "end", "agent", "agents", "queues", "skills")

ALL_QUEUES = "all"
DAY_SECONDS = 86_400.0
MOST_AGENTS = 100_000

_COUNT = re.compile(r"([^=\s]+)=(\d{1,5})")


Queues = Mapping[str, QueueRules]


class AgentsRefused(Exception):
    """The agents cannot be understood; the text says how to write them."""

    error_id = "agents_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A file's agents, and its lines that were refused."""

    agents: tuple[PlannedAgent, ...]
    refused: tuple[str, ...]


def counted_agents(text: str, queues: Queues) -> tuple[PlannedAgent, ...]:
    """All day: `general=40,general+tax=6`, six of them answering both queues.

    `all=40` answer every queue. They have the skills that their queues ask for. Raises `AgentsRefused`.
    """
    agents: list[PlannedAgent] = []
    for part in text.split(","):
        found = _COUNT.fullmatch(part.strip())
        if not found:
            raise AgentsRefused(
                f"{part!r} is no number of agents; write it like general=40,tax=6"
            )
        answered = _counted_queues(found[1].split("+"), queues)
        skills = _asked(answered, queues)
        agents += _anonymous(answered, skills, int(found[2]), len(agents))
    return tuple(agents)


def read_roster(
    text: str, profiles: Mapping[str, AgentProfile], queues: Queues
) -> Roster:
    """A line says from when to when somebody is on duty.

    He is an `agent` of the settings by his id, or they are so many `agents` of some
    `queues` (with `;` between, or `all`), with these `skills` or, without, those that the queues
    ask for. Raises `TableRefused`.
    """
    table: Table[_Line] = read_table(
        text,
        partial(_understood, profiles=profiles, queues=queues),
        needed=("start", "end"),
        known=ROSTER_COLUMNS,
    )
    named: dict[str, PlannedAgent] = {}
    counted: list[PlannedAgent] = []
    for line in table.rows:
        if line.agent:
            named[line.agent] = _one_more(named.get(line.agent), profiles, line)
        else:
            counted += _shift(line, len(counted))
    return Roster(
        agents=(*named.values(), *counted), refused=tuple(map(str, table.refused))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    duty: Duty
    agent: str
    agents: int
    queues: tuple[str, ...]
    skills: Levels


def _understood(
    line: Line, *, profiles: Mapping[str, AgentProfile], queues: Queues
) -> _Line:
    agent = line.get("agent", "")
    agents = count_of(line, "agents", least=0, most=MOST_AGENTS)
    if bool(agent) == (agents is not None):
        raise LineFault("write an agent's id in 'agent', or how many in 'agents'")
    if agent:
        known_name(agent, list(profiles), "agent")
    answered = _queues(words_of(line, "queues"), queues)
    if agents is not None and not answered:
        raise LineFault("which queues do they answer? 'queues' is empty")
    return _Line(
        duty=_duty(line),
        agent=agent,
        agents=agents or 0,
        queues=answered,
        skills=levels_of(line, "skills") or _asked(answered, queues),
    )


def _duty(line: Line) -> Duty:
    """A shift that ends before it starts ends the day after."""
    start, end = clock_seconds(line["start"]), clock_seconds(line["end"])
    return start, end if end > start else end + DAY_SECONDS


def _one_more(
    agent: PlannedAgent | None, profiles: Mapping[str, AgentProfile], line: _Line
) -> PlannedAgent:
    before = agent or PlannedAgent(profile=profiles[line.agent], duties=())
    return replace(before, duties=(*before.duties, line.duty))


def _shift(line: _Line, before: int) -> list[PlannedAgent]:
    agents = _anonymous(line.queues, line.skills, line.agents, before)
    return [replace(agent, duties=(line.duty,)) for agent in agents]


def _anonymous(
    queues: tuple[str, ...], skills: Levels, agents: int, before: int
) -> list[PlannedAgent]:
    return [
        PlannedAgent(
            profile=AgentProfile(
                id=f"a{number:05}", contact="", queues=queues, skills=skills
            )
        )
        for number in range(before + 1, before + agents + 1)
    ]


def _asked(answered: Iterable[str], queues: Queues) -> Levels:
    """The skills that these queues ask for, each with its highest level."""
    skills: dict[str, int] = {}
    for name in answered:
        for skill, level in queues[name].skills:
            skills[skill] = max(level, skills.get(skill, 0))
    return levels(skills)


def _queues(names: Sequence[str], queues: Queues) -> tuple[str, ...]:
    """The queues of these names; `all` alone are all of them."""
    if list(names) == [ALL_QUEUES] and ALL_QUEUES not in queues:
        return tuple(queues)
    return tuple(known_name(name, list(queues), "queue") for name in names)


def _counted_queues(names: Sequence[str], queues: Queues) -> tuple[str, ...]:
    try:
        return _queues(names, queues)
    except LineFault as fault:
        raise AgentsRefused(str(fault)) from None
