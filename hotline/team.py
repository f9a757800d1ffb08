"""Queues and agents as the database holds them, made into the engine's values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from acd.agent import AgentProfile
from acd.city import City
from acd.engine import Engine
from acd.events import AgentState
from acd.pauses.reasons import limits_of
from acd.people import store as people
from acd.people.rows import AgentRow
from acd.people.values import profile_of, rules_of
from config.agent_settings import PauseReasonSection
from config.database import Database
from config.queue_settings import QueueSection
from config.settings import Settings

MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Everybody who may answer, and the queues they answer."""

    queues: Sequence[QueueSection]
    agents: Sequence[AgentRow]

    @classmethod
    async def of(cls, database: Database) -> Self:
        """Read it; an agent without queues answers all of them."""
        return cls(
            queues=await people.queue_rows(database),
            agents=await people.agent_rows(database),
        )

    @property
    def profiles(self) -> dict[str, AgentProfile]:
        """The agents by id."""
        names = [queue.name for queue in self.queues]
        return {row.id: profile_of(row, names) for row in self.agents}

    @property
    def music(self) -> dict[str, Path | None]:
        """Each queue's own music on hold, None for the default."""
        return {queue.name: queue.music for queue in self.queues}

    def engine(
        self, now: datetime, city: City, reasons: Sequence[PauseReasonSection]
    ) -> Engine:
        """An engine in which those who were on duty are on duty again."""
        engine = Engine(
            map(rules_of, self.queues),
            self.profiles.values(),
            now,
            city=city,
            pause_limits=limits_of(reasons),
        )
        for row in self.agents:
            if row.state is not AgentState.LOGGED_OUT:
                engine.restore(row.id, row.state, row.state_reason)
        return engine


def not_in_file(team: Team, settings: Settings) -> Iterator[str]:
    """Who works on though the settings' file does not name him, and how that ends."""
    in_file = {agent.id for agent in settings.agents}
    agents = [agent.id for agent in team.agents if agent.id not in in_file]
    if agents:
        yield f"agents who are not in the settings' file work on: {_names(agents)}; to end that: hotline agents remove ID"
    in_file = {queue.name for queue in settings.queues}
    queues = [queue.name for queue in team.queues if queue.name not in in_file]
    if queues:
        yield f"queues that are not in the settings' file work on: {_names(queues)}; to end that: hotline queues remove NAME"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" ..." if names[MOST_NAMED:] else "")
