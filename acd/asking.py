"""What a waiting call asks of an agent, and what it asks less as it waits."""

from dataclasses import dataclass

from acd.agent import Standing
from acd.moments import exactly
from acd.queue_rules import Levels, QueueRules


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom a call wants: an agent of one of the queues, the call's own first.

    `only_agent` is the one agent who may take it, "" when all who fit may.
    """

    queues: tuple[str, ...]
    skills: Levels = ()
    max_penalty: int | None = None
    only_agent: str = ""


def ask_of(rules: QueueRules, skills: Levels, waited_seconds: float) -> Ask:
    """What a call with these skills asks after its wait; never more than before."""
    steps = [
        step for step in rules.relax if exactly(step.after_seconds) <= waited_seconds
    ]
    limits = [rules.max_penalty, *(step.max_penalty for step in steps)]
    lower = max((step.lower_skills_by for step in steps), default=0)
    also = dict.fromkeys(queue for step in steps for queue in step.also_queues)
    also.pop(rules.name, None)
    return Ask(
        queues=(rules.name, *also),
        skills=_lowered(_merged(rules.skills, skills), lower),
        max_penalty=_loosest(limits),
    )


def next_relax(rules: QueueRules, waited_seconds: float) -> float | None:
    """After how many seconds of waiting the call asks less; None when never again."""
    later = (exactly(step.after_seconds) for step in rules.relax)
    return min((after for after in later if after > waited_seconds), default=None)


def too_far(ask: Ask, standing: Standing) -> bool:
    """Whether the agent's penalty keeps him from the call."""
    return ask.max_penalty is not None and standing.penalty > ask.max_penalty


def lacks_skill(ask: Ask, standing: Standing) -> bool:
    """Whether the agent lacks a level that the call asks for."""
    for skill, level in ask.skills:  # noqa: SIM110  any() takes twice as long here
        if standing.levels.get(skill, 0) < level:
            return True
    return False


def fits(ask: Ask, standing: Standing) -> bool:
    """Whether an agent who stands so in one of the queues may take the call."""
    return not too_far(ask, standing) and not lacks_skill(ask, standing)


def _merged(one: Levels, other: Levels) -> Levels:
    levels = dict(one)
    for skill, level in other:
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))


def _lowered(levels: Levels, by: int) -> Levels:
    return tuple((skill, level - by) for skill, level in levels if level > by)


def _loosest(limits: list[int | None]) -> int | None:
    known = [limit for limit in limits if limit is not None]
    return max(known) if len(known) == len(limits) else None
