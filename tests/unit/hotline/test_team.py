"""The database's team as the engine knows it: also how long a pause may last."""

from datetime import timedelta

from acd.engine import PLAIN_CITY
from acd.events import AgentState, PauseOverdue
from acd.messages import AgentPauses, TimePasses
from acd.people.rows import AgentRow
from config.agent_settings import PauseReasonSection
from config.queue_settings import QueueSection
from hotline.team import Team
from tests.unit.acd.desk import START

WANG = AgentRow(
    id="1001",
    name="王芳",
    contact="sip:1001@127.0.0.1",
    queues=(),
    skills={"tax": 2},
    penalties={"tax": 1},
    weight=1,
    order=1,
    auto_answer=False,
    show_number="full",
    state=AgentState.READY,
    state_reason="",
    state_since=START,
)
TEAM = Team(
    queues=[QueueSection(name="general"), QueueSection(name="tax")], agents=[WANG]
)
REASONS = [
    PauseReasonSection(id="break", max_seconds=900),
    PauseReasonSection(id="training"),
]


def overdue(reason: str, seconds: float) -> list[PauseOverdue]:
    """What is told when the agent of the team has paused for so long."""
    engine = TEAM.engine(START, PLAIN_CITY, REASONS)
    engine.handle(AgentPauses(agent_id="1001", reason=reason), START)
    doings = engine.handle(TimePasses(), START + timedelta(seconds=seconds))
    return [doing for doing in doings if isinstance(doing, PauseOverdue)]


def test_agent_without_queues_is_in_all_with_his_skills() -> None:
    agent = TEAM.engine(START, PLAIN_CITY, REASONS).agents["1001"]
    assert agent.state is AgentState.READY
    assert agent.profile.queues == ("general", "tax")
    assert (agent.profile.skills, agent.profile.penalties) == (
        (("tax", 2),),
        (("tax", 1),),
    )


def test_pause_that_is_longer_than_its_reason_allows_is_told() -> None:
    assert overdue("break", 899) == []
    (told,) = overdue("break", 900)
    assert (told.agent_id, told.reason, told.limit_seconds) == ("1001", "break", 900)


def test_pause_for_a_reason_without_a_limit_may_last() -> None:
    assert overdue("training", 90_000) == []
