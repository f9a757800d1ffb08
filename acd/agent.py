"""An agent as the engine knows him: profile, state, and the moves that are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from acd.agent_profile import AgentProfile as AgentProfile
from acd.events import AgentState, AgentStateChanged
from acd.queue_rules import Levels

ALLOWED: dict[AgentState, frozenset[AgentState]] = {
    AgentState.LOGGED_OUT: frozenset({AgentState.READY}),
    AgentState.READY: frozenset(
        {AgentState.OFFERED, AgentState.PAUSED, AgentState.LOGGED_OUT}
    ),
    AgentState.OFFERED: frozenset(
        {
            AgentState.RINGING,
            AgentState.TALKING,
            AgentState.READY,
            AgentState.PAUSED,
            AgentState.LOGGED_OUT,
        }
    ),
    AgentState.RINGING: frozenset(
        {
            AgentState.TALKING,
            AgentState.READY,
            AgentState.PAUSED,
            AgentState.LOGGED_OUT,
        }
    ),
    AgentState.TALKING: frozenset(
        {
            AgentState.TALKING,
            AgentState.WRAP_UP,
            AgentState.PAUSED,
            AgentState.LOGGED_OUT,
        }
    ),
    AgentState.WRAP_UP: frozenset(
        {AgentState.READY, AgentState.PAUSED, AgentState.LOGGED_OUT}
    ),
    AgentState.PAUSED: frozenset({AgentState.READY, AgentState.LOGGED_OUT}),
}


class AgentError(Exception):
    """An agent cannot do what was asked; `error_id` is stable, the text is for people."""

    error_id = "agent_error"


class UnknownAgent(AgentError):
    """There is no agent with this id."""

    error_id = "agent_unknown"


class AgentLoggedOut(AgentError):
    """Only an agent who is logged in can do this."""

    error_id = "agent_logged_out"


class IllegalMove(Exception):
    """A move that the table does not allow: a fault in the engine itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an agent is in a queue; agents who stand alike differ only by the strategy."""

    penalty: int
    skills: Levels
    levels: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every waiting group asks for levels when he is free: made once, not each time.
        object.__setattr__(self, "levels", dict(self.skills))


@dataclass(slots=True, kw_only=True)
class Agent:
    """An agent's live state. Only `move_to` changes `state`.

    `calls_taken` and `talk_seconds` count since he logged in; `last_offers` tells by
    queue the number of the offer that he was last rung with.
    """

    profile: AgentProfile
    since: datetime
    idle_since: datetime
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    call_id: str = ""
    unanswered: int = 0
    rests_until: datetime | None = None
    wish: AgentState | None = None
    wish_reason: str = ""
    calls_taken: int = 0
    talk_seconds: float = 0.0
    last_offers: dict[str, int] = field(default_factory=dict)
    is_removed: bool = False
    is_overdue: bool = False
    standings: dict[str, Standing] = field(init=False)

    def __post_init__(self) -> None:
        self.take(self.profile)

    def take(self, profile: AgentProfile) -> None:
        """From now on he is this."""
        self.profile = profile
        penalties = dict(profile.penalties)
        self.standings = {
            queue: Standing(penalties.get(queue, 0), profile.skills)
            for queue in profile.queues
        }

    def move_to(
        self, new: AgentState, now: datetime, *, reason: str = "", call_id: str = ""
    ) -> AgentStateChanged:
        """Change the state; `IllegalMove` when the table does not allow it."""
        old = self.state
        if new not in ALLOWED[old]:
            raise IllegalMove(f"agent {self.profile.id}: {old} -> {new}")
        self.state, self.since, self.reason, self.call_id = new, now, reason, call_id
        self.is_overdue = False
        return AgentStateChanged(
            at=now,
            agent_id=self.profile.id,
            old=old,
            new=new,
            reason=reason,
            call_id=call_id,
        )

    @property
    def is_there(self) -> bool:
        """Whether he is at work, and not in a pause."""
        return self.state not in (AgentState.LOGGED_OUT, AgentState.PAUSED)

    def can_take(self) -> bool:
        """Whether a call may be offered to him now."""
        return self.state is AgentState.READY and self.rests_until is None
