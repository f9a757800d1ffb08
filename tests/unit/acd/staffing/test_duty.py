"""Agents by count and by roster."""

import pytest

from acd.agent import AgentProfile
from acd.queue_rules import QueueRules
from acd.staffing.csv_lines import TableRefused
from acd.staffing.duty import AgentsRefused, Roster, counted_agents, read_roster

QUEUES = {
    "general": QueueRules(name="general", skills=(("english", 1),)),
    "tax": QueueRules(name="tax", skills=(("english", 2), ("tax", 3))),
}
PROFILES = {
    "1001": AgentProfile(id="1001", contact="sip:1001@127.0.0.1", queues=("general",))
}
HOUR = 3600.0


def read(text: str) -> Roster:
    """The roster with this text."""
    return read_roster(text, PROFILES, QUEUES)


def test_counts_make_agents_of_one_queue_or_several() -> None:
    agents = counted_agents("general=2, general+tax=1", QUEUES)
    assert [agent.profile.queues for agent in agents] == [
        ("general",),
        ("general",),
        ("general", "tax"),
    ]
    assert len({agent.profile.id for agent in agents}) == 3
    assert [agent.profile.skills for agent in agents[1:]] == [
        (("english", 1),),
        (("english", 2), ("tax", 3)),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("40", "'40' is no number of agents; write it like general=40,tax=6"),
        ("general=40,", "'' is no number of agents"),
        ("genral=40", "there is no queue 'genral'; did you mean 'general'?"),
    ],
)
def test_counts_that_are_not_understood_are_refused(text: str, reason: str) -> None:
    with pytest.raises(AgentsRefused) as refused:
        counted_agents(text, QUEUES)
    assert str(refused.value).startswith(reason)


def test_agents_of_all_queues_need_not_name_them() -> None:
    (counted,) = counted_agents("all=1", QUEUES)
    (planned,) = read("start,end,agents,queues\n08:00,16:00,1,all\n").agents
    assert counted.profile.queues == planned.profile.queues == ("general", "tax")


def test_agent_of_the_settings_has_all_his_shifts() -> None:
    roster = read("start,end,agent\n08:00,12:00,1001\n13:00,17:00,1001\n")
    (agent,) = roster.agents
    assert agent.profile == PROFILES["1001"]
    assert agent.duties == ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))


def test_shift_of_many_may_last_into_the_next_day() -> None:
    roster = read(
        "start,end,agents,queues,skills\n22:00,06:00,2,general;tax,english=2\n"
    )
    assert len(roster.agents) == 2
    for agent in roster.agents:
        assert agent.duties == ((22 * HOUR, 30 * HOUR),)
        assert agent.profile.queues == ("general", "tax")
        assert agent.profile.skills == (("english", 2),)
        assert agent.group == "general+tax"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("08:00,16:00,1001,2,", "write an agent's id in 'agent', or how many in"),
        ("08:00,16:00,,,tax", "write an agent's id in 'agent', or how many in"),
        ("08:00,16:00,1002,,", "there is no agent '1002'; did you mean '1001'?"),
        ("08:00,16:00,,2,", "which queues do they answer? 'queues' is empty"),
        ("08:00,,,2,tax", "'' is no time of day"),
    ],
)
def test_roster_line_that_is_not_understood_is_refused(line: str, reason: str) -> None:
    roster = read(f"start,end,agent,agents,queues\n{line}\n")
    assert roster.agents == ()
    assert roster.refused[0].startswith(f"line 2: {reason}")


def test_roster_without_times_is_refused() -> None:
    with pytest.raises(TableRefused, match="start, end is missing"):
        read("agent\n1001\n")
