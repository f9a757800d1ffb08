"""Queues and agents as the database holds them, made into the engine's values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from acd.agent import AgentProfile
from acd.engine import Engine
from acd.events import AgentState
from acd.people import store as people
from acd.people.rows import AgentRow, QueueRow
from acd.queue_rules import QueueRules
from config.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Everybody who may answer, and the queues they answer."""

    queues: Sequence[QueueRow]
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
        return {row.id: self._profile(row) for row in self.agents}

    @property
    def music(self) -> dict[str, Path | None]:
        """Each queue's own music on hold, None for the default."""
        return {row.name: Path(row.music) if row.music else None for row in self.queues}

    def engine(self, now: datetime) -> Engine:
        """An engine in which those who were on duty are on duty again."""
        engine = Engine(map(_rules, self.queues), self.profiles.values(), now)
        for row in self.agents:
            if row.state is not AgentState.LOGGED_OUT:
                engine.restore(row.id, row.state, row.state_reason)
        return engine

    def _profile(self, row: AgentRow) -> AgentProfile:
        return AgentProfile(
            id=row.id,
            contact=row.contact,
            queues=row.queues or tuple(queue.name for queue in self.queues),
            name=row.name,
            auto_answer=row.auto_answer,
            show_number=row.show_number,
        )


def _rules(row: QueueRow) -> QueueRules:
    return QueueRules(
        name=row.name,
        strategy=row.strategy,
        ring_seconds=row.ring_seconds,
        wrap_up_seconds=row.wrap_up_seconds,
        auto_pause_after=row.auto_pause_after,
        announce_position_seconds=row.announce_position_seconds,
    )
