"""`hotline check` says which queues no caller comes to."""

import tomllib
from pathlib import Path

import pytest

from config.queue_settings import OverflowSection, QueueSection
from config.settings import Settings, load_settings
from hotline.check_queues import check_asked, check_queues
from hotline.finding import Verdict
from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.language import parse_flow

FLOW = load_flow(BUILT_IN / "citizen.yaml")
SHIPPED = Path(__file__).parents[3] / "config" / "hotline.toml"


def test_shipped_flow_enters_every_queue_of_the_shipped_settings() -> None:
    settings = load_settings(SHIPPED)
    assert {queue.name for queue in settings.queues} >= {"enterprise", "expert"}
    assert list(check_queues(settings, [FLOW])) == []


@pytest.mark.parametrize(
    ("overflow_of", "lost"),
    [("a", ["c"]), ("b", ["b", "c"]), ("c", ["b", "c"])],
)
def test_queue_that_nobody_comes_to_is_a_warning(
    overflow_of: str, lost: list[str]
) -> None:
    way = OverflowSection(when="no_agents", to="b" if overflow_of != "b" else "c")
    queues = tuple(
        QueueSection(name=name, overflow=(way,) if name == overflow_of else ())
        for name in "abc"
    )
    findings = list(check_queues(Settings(queues=queues), [FLOW]))
    assert [finding.what for finding in findings] == [f"queue {n!r}" for n in lost]
    assert all("no flow enters it" in finding.words for finding in findings)


TAX = """
steps:
  office: {do: enqueue, queue: expert, skills: {tax: 3}, move_keys: {3: general}}
  end: {do: hang_up}
"""
TEAM = """
[[queues]]
name = "general"
[[queues]]
name = "expert"
[[agents]]
id = "a"
contact = "sip:a@192.0.2.1"
queues = ["expert"]
skills = {tax = 2}
[[agents]]
id = "b"
contact = "sip:b@192.0.2.1"
queues = ["general"]
skills = {tax = 3}
"""


def asked(team: str) -> list[str]:
    """What is told of a flow that wants tax, level 3."""
    settings = Settings(**tomllib.loads(team))
    flow = parse_flow(TAX, "office.yaml")
    findings = list(check_asked(settings, [flow]))
    assert all(each.verdict is Verdict.WARNING for each in findings)
    return [f"{each.what}: {each.words}" for each in findings]


def test_level_that_no_agent_of_the_queue_reaches_is_a_warning() -> None:
    assert asked(TEAM) == [
        "flow office: step 'office' asks for tax 3 in queue 'expert', where no agent may ever take such a call"
    ]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("{tax = 2}", "{tax = 3}"),
        ('queues = ["general"]', 'queues = ["general", "expert"]'),
        (
            'name = "expert"\n',
            'name = "expert"\n[[queues.relax]]\nafter_seconds = 30\nlower_skills_by = 1\n',
        ),
        ("tax =", "housing ="),
        ('queues = ["expert"]', 'queues = ["general"]'),
    ],
)
def test_levels_that_are_reached_soon_or_told_elsewhere_are_no_matter(
    written: str, instead: str
) -> None:
    assert written in TEAM
    assert asked(TEAM.replace(written, instead)) == []


def test_rules_that_cannot_be_read_are_left_to_their_own_check() -> None:
    broken = '[[queues]]\nname = "general"\nhours = {workday = "9-17"}\n'
    assert asked(TEAM.replace('[[queues]]\nname = "general"\n', broken)) == []
