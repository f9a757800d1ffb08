"""Whether the agents who are there can do what the queues ask of them."""

from collections.abc import Iterator, Sequence

from acd.agent import AgentProfile, Standing
from acd.asking import Ask, ask_of, fits, too_far
from acd.queue_rules import Levels, QueueRules
from acd.rule_checks.finding import RuleFinding, of_agent, of_queue
from ivr_flows.faults import nearest


def check_agents(
    queues: Sequence[QueueRules], agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    """Queues and penalties of agents that do not go together."""
    names = [rules.name for rules in queues]
    for agent in agents:
        for queue in agent.queues:
            if queue not in names:
                words = f"he is in the queue {queue!r}, which does not exist; {nearest(queue, names)}"
                yield of_agent(agent.id, words, fatal=True)
        for queue, _ in agent.penalties:
            yield from _useless_penalty(agent, queue, names)


def _useless_penalty(
    agent: AgentProfile, queue: str, names: Sequence[str]
) -> Iterator[RuleFinding]:
    if queue not in names:
        words = f"he has a penalty for the queue {queue!r}, which does not exist; {nearest(queue, names)}"
        yield of_agent(agent.id, words, fatal=True)
    elif queue not in agent.queues:
        words = f"he has a penalty for the queue {queue!r}, which he is not in"
        yield of_agent(agent.id, words)


def check_service(
    queues: Sequence[QueueRules], agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    """Queues that nobody serves, or not at once, and the reasons for it."""
    for rules in queues:
        if any(rules.name in agent.queues for agent in agents):
            yield from _missing_skills(rules, agents)
            yield from _penalty_excludes_all(rules, agents)
        elif rules.admission.places_per_agent:  # beyond them it promises call-backs
            words = "admission promises call-backs, but no agent is in it to call back"
            yield of_queue(rules.name, words)
        yield from _hardly_a_place(rules, agents)
        yield from _never_served(rules, agents)


def _hardly_a_place(
    rules: QueueRules, agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    """No more places than one, though everybody is logged in."""
    each, least = rules.admission.places_per_agent, rules.admission.least_places
    staff = sum(rules.name in agent.queues for agent in agents)
    if each and staff and max(least, each * staff) <= 1:
        words = f"admission lets a single call wait for all {staff} agents (places_per_agent {each:g}, least_places {least}) and sends every other away"
        yield of_queue(rules.name, words)


def _missing_skills(
    rules: QueueRules, agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    known = sorted({skill for agent in agents for skill, _ in agent.skills})
    for skill, level in rules.skills:
        best = max(_levels(rules.name, skill, agents), default=0)
        if skill not in known:
            hint = f"; {nearest(skill, known)}" if known else ""
            words = f"nobody has the skill {skill!r}{hint}"
        elif not best:
            words = f"none of its agents has the skill {skill!r}"
        elif best < level:
            words = f"none of its agents reaches level {level} of {skill!r}; the highest is {best}"
        else:
            continue
        yield of_queue(rules.name, words)


def _levels(queue: str, skill: str, agents: Sequence[AgentProfile]) -> Iterator[int]:
    for agent in agents:
        if queue in agent.queues:
            yield dict(agent.skills).get(skill, 0)


def _penalty_excludes_all(
    rules: QueueRules, agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    standings = _standings(rules.name, agents)
    if all(too_far(ask_of(rules, (), 0), standing) for standing in standings):
        lowest = min(standing.penalty for standing in standings)
        words = f"max_penalty {rules.max_penalty} excludes all its agents; their lowest penalty is {lowest}"
        yield of_queue(rules.name, words)


def can_be_served(
    rules: QueueRules, skills: Levels, agents: Sequence[AgentProfile]
) -> bool:
    """Whether any agent may take a call that asks for these skills, too, however late."""
    waits = (0, *(step.after_seconds for step in rules.relax))
    return any(_anybody(ask_of(rules, skills, wait), agents) for wait in waits)


def _never_served(
    rules: QueueRules, agents: Sequence[AgentProfile]
) -> Iterator[RuleFinding]:
    waits = [0, *sorted(step.after_seconds for step in rules.relax)]
    asked = {wait: ask_of(rules, (), wait) for wait in waits}
    served = next((wait for wait in waits if _anybody(asked[wait], agents)), None)
    if served is None:
        yield of_queue(rules.name, f"it can never be served: {_why(rules, agents)}")
    elif served:
        words = f"nobody may take its calls before they have waited {served:g} s"
        yield of_queue(rules.name, words)


def _why(rules: QueueRules, agents: Sequence[AgentProfile]) -> str:
    if not _standings(rules.name, agents):
        return "no agent is in it"
    relaxed = ", even after all relax steps" if rules.relax else ""
    return f"no agent may ever take its calls{relaxed}"


def _anybody(ask: Ask, agents: Sequence[AgentProfile]) -> bool:
    return any(
        fits(ask, standing)
        for queue in ask.queues
        for standing in _standings(queue, agents)
    )


def _standings(queue: str, agents: Sequence[AgentProfile]) -> list[Standing]:
    return [
        Standing(penalty=dict(agent.penalties).get(queue, 0), skills=agent.skills)
        for agent in agents
        if queue in agent.queues
    ]
