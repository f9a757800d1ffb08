"""The queues and agents that the engine's machine works with."""

from acd.queue_rules import (
    Admission,
    Overflow,
    OverflowWhen,
    QueueRules,
    RelaxStep,
)
from ivr_flows.opening import OpeningTimes
from tests.unit.acd.desk import profile

RULES = (
    QueueRules(
        name="general",
        wrap_up_seconds=5,
        auto_pause_after=2,
        skills=(("law", 1),),
        max_penalty=1,
        last_agent_seconds=8,
        relax=(
            RelaxStep(after_seconds=10 / 3, max_penalty=3),
            RelaxStep(
                after_seconds=10, lower_skills_by=1, also_queues=("tax", "alarm")
            ),
        ),
        overflow=(
            Overflow(when=OverflowWhen.WAIT, limit=100 / 3, to="tax"),
            Overflow(when=OverflowWhen.WAIT, limit=60),
            Overflow(when=OverflowWhen.LENGTH, limit=6, to="tax"),
        ),
        redial_seconds=20,
    ),
    QueueRules(
        name="tax",
        ring_seconds=7,
        wrap_up_seconds=0,
        auto_pause_after=0,
        priority=2,
        weight=2.0,
        reject_delay_seconds=0,
        admission=Admission(places_per_agent=2, least_places=3, promises_per_agent=1),
        overflow=(
            Overflow(when=OverflowWhen.NO_AGENTS, to="general"),
            Overflow(when=OverflowWhen.CLOSED, to="general"),
            Overflow(when=OverflowWhen.CLOSED),
            Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=4, to="alarm"),
        ),
        hours=OpeningTimes.model_validate(
            {"workday": ["07:00-08:01", "08:02-08:05", "08:06-09:00"]}
        ),
    ),
    QueueRules(name="alarm", strategy="ring_all", ring_seconds=9, wrap_up_seconds=1),
)
AGENTS = (
    profile("a", "general", skills=(("law", 2),)),
    profile("b", "general", "tax", penalties=(("general", 2),), weight=2.0),
    profile("c", "tax", "alarm", order=1, skills=(("law", 1),)),
    profile("d", "general", "tax", "alarm", order=2),
)

TINY = QueueRules(
    name="alarm",
    strategy="ring_all",
    ring_seconds=2 / 3,
    wrap_up_seconds=1e-9,
    no_answer_delay_seconds=4e-7,
    auto_pause_after=0,
    announce_position_seconds=7 / 9,
    last_agent_seconds=1e-9,
    redial_seconds=1e-9,
    relax=(RelaxStep(after_seconds=1e-9, also_queues=("tax",)),),
    overflow=(Overflow(when=OverflowWhen.WAIT, limit=1e-9, to="general"),),
)
"""Rules that no clock can tell from none."""

SHORT = (
    QueueRules(name="general", overflow=(Overflow(when=OverflowWhen.LENGTH, limit=1),)),
    QueueRules(
        name="tax",
        overflow=(
            Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=0.5, to="general"),
            Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=1),
        ),
    ),
)
"""Rules under which hardly anybody may wait."""
