"""Rules of queues, skills of agents and pause reasons, as a shift manager writes them."""

from pathlib import Path
from typing import get_args

import pytest

from acd.people.values import profile_of, rules_of
from acd.queue_rules import (
    Admission,
    Overflow,
    OverflowWhen,
    QueueRules,
    RelaxStep,
)
from config.agent_settings import PAUSE_REASONS
from config.queue_settings import OverflowSection, QueueSection
from config.settings import load_settings
from hotline.rules import rule_findings
from ivr_flows.flow import BUILT_IN, check_file
from ivr_flows.opening import OpeningTimes
from ivr_flows.steps import EnqueueStep
from tests.unit.config.test_settings import SHIPPED, SMALLEST, fault_of, settings_of
from tests.unit.ivr_flows.flows import NOW

FULL = """
[[queues]]
name = "expert"
title = "专家座席"
strategy = "linear"
priority = 5
weight = 2
skills = {tax = 2, housing = 1}
max_penalty = 1
last_agent_seconds = 15
last_agent_hours = 48
ring_seconds = 25
wrap_up_seconds = 30
auto_pause_after = 2
reject_delay_seconds = 5
busy_delay_seconds = 6
no_answer_delay_seconds = 7
announce_position_seconds = 20
redial_seconds = 120
hours = {workday = "08:30-17:30"}
admission = {places_per_agent = 1.5, least_places = 4, promises_per_agent = 2}
music = "music.wav"

[[queues.relax]]
after_seconds = 30
max_penalty = 2
lower_skills_by = 1
also_queues = ["expert"]

[[queues.overflow]]
when = "calls_per_agent"
limit = 1.5

[[queues.overflow]]
when = "closed"
to = "expert"
"""


def test_every_rule_of_the_file_reaches_the_engine(tmp_path: Path) -> None:
    (queue,) = settings_of(tmp_path, FULL).queues
    assert (queue.title, queue.music) == ("专家座席", Path("music.wav"))
    assert rules_of(queue) == QueueRules(
        name="expert",
        strategy="linear",
        priority=5,
        weight=2,
        skills=(("housing", 1), ("tax", 2)),
        max_penalty=1,
        relax=(
            RelaxStep(
                after_seconds=30,
                max_penalty=2,
                lower_skills_by=1,
                also_queues=("expert",),
            ),
        ),
        last_agent_seconds=15,
        last_agent_hours=48,
        ring_seconds=25,
        wrap_up_seconds=30,
        auto_pause_after=2,
        reject_delay_seconds=5,
        busy_delay_seconds=6,
        no_answer_delay_seconds=7,
        announce_position_seconds=20,
        overflow=(
            Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=1.5),
            Overflow(when=OverflowWhen.CLOSED, to="expert"),
        ),
        hours=OpeningTimes(workday="08:30-17:30"),  # type: ignore[arg-type]
        admission=Admission(places_per_agent=1.5, least_places=4, promises_per_agent=2),
        redial_seconds=120,
    )


def test_seconds_of_rules_are_read_to_the_millisecond() -> None:
    queue = QueueSection.model_validate(
        {
            "name": "general",
            "ring_seconds": 10 / 3,
            "wrap_up_seconds": 1e-9,
            "redial_seconds": 0.0,
            "relax": [{"after_seconds": 20 / 3, "lower_skills_by": 1}],
            "overflow": [{"when": "wait", "limit": 33.33333333333333}],
        }
    )
    rules = rules_of(queue)
    assert (rules.ring_seconds, rules.wrap_up_seconds) == (3.333, 0.001)
    assert rules.redial_seconds == 0
    assert rules.relax[0].after_seconds == 6.667
    assert rules.overflow[0].limit == 33.333


def test_queue_of_which_nothing_is_written_has_the_engines_defaults() -> None:
    assert rules_of(QueueSection(name="general")) == QueueRules(name="general")


def test_every_cause_of_overflow_can_be_written() -> None:
    written = get_args(OverflowSection.model_fields["when"].annotation)
    assert set(written) == set(OverflowWhen)


def test_agent_keeps_his_skills_penalties_and_place(tmp_path: Path) -> None:
    more = 'skills = {tax = 3}\npenalties = {general = 2}\nweight = 0.5\n[[agents]]\nid = "9"\ncontact = "sip:9@127.0.0.1"\norder = 7\n[[agents]]\nid = "8"\ncontact = "sip:8@127.0.0.1"\n'
    agents = settings_of(tmp_path, SMALLEST + more).agents
    assert [agent.order for agent in agents] == [1, 7, 3]
    profile = profile_of(agents[0], ["general", "other"])
    assert (profile.skills, profile.penalties) == ((("tax", 3),), (("general", 2),))
    assert (profile.weight, profile.order, profile.queues) == (0.5, 1, ("general",))
    assert profile_of(agents[1], ["general", "other"]).queues == ("general", "other")


def test_pause_reasons_of_the_file_replace_the_usual_ones(tmp_path: Path) -> None:
    assert settings_of(tmp_path, SMALLEST).pause_reasons == PAUSE_REASONS
    own = '[[pause_reasons]]\nid = "prayer"\nmax_seconds = 600\n'
    (reason,) = settings_of(tmp_path, SMALLEST + own).pause_reasons
    assert (reason.id, reason.max_seconds) == ("prayer", 600)


def test_shipped_file_has_the_usual_pause_reasons_and_good_rules() -> None:
    shipped = load_settings(SHIPPED)
    assert shipped.pause_reasons == PAUSE_REASONS
    assert rule_findings(shipped) == []
    flow, findings = check_file(shipped, BUILT_IN / "departments.yaml", NOW)
    assert findings == []
    asked = {s.queue for s in flow.steps.values() if isinstance(s, EnqueueStep)}
    assert asked == {"", "enterprise", "expert"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[queues.relax]]\nmax_penlty = 1",
            "relax[1].max_penlty is not a setting; did you mean 'max_penalty'?",
        ),
        (
            "[[queues.relax]]\nmax_penalty = 1",
            "queues[1].relax[1].after_seconds: Field required",
        ),
        ("skills = {tax = 0}", "queues[1].skills.tax"),
        (
            '[[queues.overflow]]\nwhen = "wait"',
            "overflow by wait needs a limit above 0",
        ),
        (
            '[[queues.overflow]]\nwhen = "closed"\nlimit = 4',
            "overflow by closed has no limit; leave it out",
        ),
        ('[[queues.overflow]]\nwhen = "full"', "queues[1].overflow[1].when"),
        ("weight = 0", "queues[1].weight"),
        ("weight = inf", "queues[1].weight"),
        ("weight = nan", "queues[1].weight: Input should be a finite number"),
        ("weight = true", "queues[1].weight: true and false are no numbers"),
        ("max_penalty = true", "queues[1].max_penalty: true and false are no numbers"),
        ("ring_seconds = 0.2", "queues[1].ring_seconds: Input should be greater"),
        (
            "announce_position_seconds = 1e-9",
            "positions are announced every 5 s at most; 0: never",
        ),
        (
            '[[queues.overflow]]\nwhen = "wait"\nlimit = 90000',
            "overflow by wait comes after 86400 s at most",
        ),
        (
            "[queues.admission]\nplaces = 1",
            "queues[1].admission.places is not a setting",
        ),
        (
            '[[pause_reasons]]\nid = "a"\n[[pause_reasons]]\nid = "a"',
            "two pause reasons are called 'a'",
        ),
    ],
)
def test_wrong_rule_is_told_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    assert message in fault_of(tmp_path, f'[[queues]]\nname = "general"\n{text}')
