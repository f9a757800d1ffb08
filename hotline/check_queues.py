"""The part of `hotline check` that asks whether callers come to the queues, and can be served."""

from collections.abc import Iterator, Sequence

from acd.agent import AgentProfile
from acd.people.values import WrongRules, profile_of, rules_of
from acd.queue_rules import QueueRules
from acd.rule_checks.who_answers import can_be_served
from config.settings import Settings
from hotline.finding import Finding, Verdict
from ivr_flows.checks import queues_entered
from ivr_flows.language import Flow
from ivr_flows.steps import EnqueueStep


def check_queues(settings: Settings, flows: Sequence[Flow]) -> Iterator[Finding]:
    """Warns of each queue that no flow enters and no overflow of such a queue leads to."""
    reached = _reached(settings, flows)
    for queue in settings.queues:
        if queue.name not in reached:
            words = "no flow enters it, so only transfers come here; write `do: enqueue` with `queue: {}` in a flow"
            yield Finding(
                what=f"queue {queue.name!r}",
                words=words.format(queue.name),
                verdict=Verdict.WARNING,
            )


def check_asked(settings: Settings, flows: Sequence[Flow]) -> Iterator[Finding]:
    """Warns of each step that asks for levels of skills which no agent there reaches."""
    try:
        queues = [rules_of(section) for section in settings.queues]
    except WrongRules:
        return  # told with the rules
    names = [queue.name for queue in settings.queues]
    agents = [profile_of(agent, names) for agent in settings.agents]
    known = {skill for agent in agents for skill, _ in agent.skills}
    for flow in flows:
        for name, step in flow.steps.items():
            if not isinstance(step, EnqueueStep) or not set(step.skills) <= known:
                continue  # a skill that nobody has is told by the flow's own check
            for queue in _in_vain(step, queues, agents):
                asked = ", ".join(f"{skill} {n}" for skill, n in step.skills.items())
                words = f"step {name!r} asks for {asked} in queue {queue!r}, where no agent may ever take such a call"
                what = f"flow {flow.name}"
                yield Finding(what=what, words=words, verdict=Verdict.WARNING)


def _in_vain(
    step: EnqueueStep, queues: Sequence[QueueRules], agents: Sequence[AgentProfile]
) -> Iterator[str]:
    """The queues of the step that are served, but not for what it asks."""
    named = {queue or queues[0].name for queue in step.named_queues}
    levels = tuple(step.skills.items())
    for rules in queues if levels else ():
        served = rules.name in named and can_be_served(rules, (), agents)
        if served and not can_be_served(rules, levels, agents):
            yield rules.name


def _reached(settings: Settings, flows: Sequence[Flow]) -> set[str]:
    names = [queue.name for queue in settings.queues]
    ways = {queue.name: {way.to for way in queue.overflow} for queue in settings.queues}
    waiting = {name for flow in flows for name in queues_entered(flow, names)}
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= (ways[name] & set(names)) - reached
    return reached
