"""Who is on duty when: counts on the command line, or a roster file (CSV)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from acd.agent import AgentProfile
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
from acd.staffing.plan import ALL_DAY, Duty, PlannedAgent

ROSTER_COLUMNS = ("start", "end", "agent", "agents", "queues", "skills")

DAY_SECONDS = 86_400.0
MOST_AGENTS = 100_000

_COUNT = re.compile(r"([^=\s]+)=(\d{1,5})")


class AgentsRefused(Exception):
    """The agents cannot be understood; the text says how to write them."""

    error_id = "agents_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A file's agents, and its lines that were refused."""

    agents: tuple[PlannedAgent, ...]
    refused: tuple[str, ...]


def counted_agents(text: str, queues: Sequence[str]) -> tuple[PlannedAgent, ...]:
    """All day: `general=40,general+tax=6`, six of them answering both queues.

    Raises `AgentsRefused`.
    """
    agents: list[PlannedAgent] = []
    for part in text.split(","):
        found = _COUNT.fullmatch(part.strip())
        if not found:
            raise AgentsRefused(
                f"{part!r} is no number of agents; write it like general=40,tax=6"
            )
        answered = tuple(_known(name, queues) for name in found[1].split("+"))
        agents += _anonymous(answered, int(found[2]), len(agents))
    return tuple(agents)


def read_roster(
    text: str, profiles: Mapping[str, AgentProfile], queues: Sequence[str]
) -> Roster:
    """A line says from when to when somebody is on duty.

    He is an `agent` of the settings by his id, or they are so many `agents` of some
    `queues` (with `;` between), perhaps with `skills`. Raises `TableRefused`.
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
    skills: tuple[tuple[str, int], ...]


def _understood(
    line: Line, *, profiles: Mapping[str, AgentProfile], queues: Sequence[str]
) -> _Line:
    agent = line.get("agent", "")
    agents = count_of(line, "agents", least=0, most=MOST_AGENTS)
    if bool(agent) == (agents is not None):
        raise LineFault("write an agent's id in 'agent', or how many in 'agents'")
    if agent:
        known_name(agent, list(profiles), "agent")
    answered = tuple(known_name(n, queues, "queue") for n in words_of(line, "queues"))
    if agents is not None and not answered:
        raise LineFault("which queues do they answer? 'queues' is empty")
    return _Line(
        duty=_duty(line),
        agent=agent,
        agents=agents or 0,
        queues=answered,
        skills=levels_of(line, "skills"),
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
    agents = _anonymous(line.queues, line.agents, before)
    return [
        PlannedAgent(
            profile=replace(agent.profile, skills=line.skills), duties=(line.duty,)
        )
        for agent in agents
    ]


def _anonymous(queues: tuple[str, ...], agents: int, before: int) -> list[PlannedAgent]:
    return [
        PlannedAgent(
            profile=AgentProfile(id=f"a{number:05}", contact="", queues=queues),
            duties=(ALL_DAY,),
        )
        for number in range(before + 1, before + agents + 1)
    ]


def _known(name: str, queues: Sequence[str]) -> str:
    try:
        return known_name(name, queues, "queue")
    except LineFault as fault:
        raise AgentsRefused(str(fault)) from None
