"""Who may take which call, found the slow way: by looking at everybody and everything."""

from datetime import datetime, timedelta

from acd.agent import Agent
from acd.engine import Engine
from acd.events import AgentState
from acd.line import WaitingCall
from acd.messages import is_question
from acd.queue_rules import EMERGENCY, Overflow, OverflowWhen, QueueRules
from config.calendar import Calendar


def waited(call: WaitingCall, now: datetime) -> float:
    return (now - call.since).total_seconds()


def levels_asked(call: WaitingCall, rules: QueueRules, now: datetime) -> dict[str, int]:
    """The levels that the call asks for after its wait."""
    asked = dict(rules.skills)
    for skill, level in call.wish.skills:
        asked[skill] = max(level, asked.get(skill, 0))
    lower = 0
    for step in rules.relax:
        if timedelta(seconds=step.after_seconds) <= now - call.since:
            lower = max(lower, step.lower_skills_by)
    return {skill: level - lower for skill, level in asked.items() if level > lower}


def penalty_allowed(call: WaitingCall, rules: QueueRules, now: datetime) -> float:
    """The largest penalty of an agent who may take the call after its wait."""
    allowed = float("inf") if rules.max_penalty is None else rules.max_penalty
    for step in rules.relax:
        if timedelta(seconds=step.after_seconds) <= now - call.since:
            more = float("inf") if step.max_penalty is None else step.max_penalty
            allowed = max(allowed, more)
    return allowed


def queues_asked(call: WaitingCall, rules: QueueRules, now: datetime) -> set[str]:
    """The queues whose agents may take the call after its wait."""
    asked = {rules.name}
    for step in rules.relax:
        if timedelta(seconds=step.after_seconds) <= now - call.since:
            asked |= set(step.also_queues)
    return asked


def is_idle(agent: Agent, now: datetime) -> bool:
    resting = agent.rests_until is not None and now < agent.rests_until
    return agent.state is AgentState.READY and not resting


def may_take(engine: Engine, agent: Agent, call: WaitingCall, now: datetime) -> bool:
    """Whether this agent, were he idle, may take this call now."""
    only = call.wish.only_agent or call.held_for
    if only and agent.profile.id != only:
        return False
    if call.wish.only_agent:
        return True
    rules = engine.queues[call.queue].rules
    skills, penalties = dict(agent.profile.skills), dict(agent.profile.penalties)
    asked = levels_asked(call, rules, now)
    if any(skills.get(skill, 0) < level for skill, level in asked.items()):
        return False
    allowed = penalty_allowed(call, rules, now)
    return any(
        penalties.get(queue, 0) <= allowed
        for queue in queues_asked(call, rules, now) & set(agent.profile.queues)
    )


def wants_somebody(engine: Engine, call: WaitingCall) -> bool:
    """Whether a phone more should ring for the call."""
    at_once = engine.queues[call.queue].rules.strategy == "ring_all"
    return at_once or not call.offer_ids


def missed_pairs(engine: Engine, now: datetime) -> list[tuple[str, str]]:
    """Idle agents beside calls that they may take: there must be none."""
    idle = [agent for agent in engine.agents.values() if is_idle(agent, now)]
    return [
        (agent.profile.id, call.call_id)
        for call in engine.waiting.values()
        if wants_somebody(engine, call)
        for agent in idle
        if may_take(engine, agent, call, now)
    ]


def goes_before(
    engine: Engine, one: WaitingCall, other: WaitingCall, now: datetime
) -> bool:
    """Whether one call is to be served before the other when an agent may take both."""
    return _order(engine, one, now) < _order(engine, other, now)


def _order(engine: Engine, call: WaitingCall, now: datetime) -> tuple[float, ...]:
    rules, wish = engine.queues[call.queue].rules, call.wish
    return (
        wish.priority < 1000,
        not wish.at_head,
        -(rules.priority + wish.priority),
        -waited(call, now) * rules.weight,
    )


def sent_on(engine: Engine, call: WaitingCall, now: datetime) -> list[Overflow]:
    """The rules by which this call should be gone: there must be none."""
    if call.offer_ids or call.wish.call_back_id or call.wish.only_agent:
        return []
    ways = engine.queues[call.queue].rules.overflow
    return [w for w in ways if w.to not in call.been_in and _ends(engine, call, w, now)]


def _ends(engine: Engine, call: WaitingCall, way: Overflow, now: datetime) -> bool:
    rules, wish = engine.queues[call.queue].rules, call.wish
    match way.when:
        case OverflowWhen.WAIT:
            limit = timedelta(seconds=way.limit)
            return timedelta(0) < limit <= now - call.joined_at
        case OverflowWhen.NO_AGENTS:
            return all(
                agent.state is AgentState.LOGGED_OUT
                for agent in engine.agents.values()
                if call.queue in agent.profile.queues
            )
        case OverflowWhen.CLOSED if rules.hours:
            first = wish.at_head or wish.priority >= EMERGENCY
            return not first and not rules.hours.open_at(now, Calendar())
        case _:
            return False


def too_many(engine: Engine, queue: str) -> list[str]:
    """Calls that new rules for the length of the line should have sent on."""
    rules = engine.queues[queue].rules
    calls = [c for c in engine.waiting.values() if not is_question(c.call_id)]
    quiet = [c for c in calls if c.queue == queue and not c.offer_ids]
    live = [call for call in quiet if not call.wish.call_back_id]
    here = [a for a in engine.agents.values() if queue in a.profile.queues]
    logged_in = sum(agent.state is not AgentState.LOGGED_OUT for agent in here)
    most = {
        OverflowWhen.LENGTH: 1,
        OverflowWhen.CALLS_PER_AGENT: logged_in,
    }
    return [
        call.call_id
        for call in live
        for way in rules.overflow
        if way.when in most and len(live) - 1 >= way.limit * most[way.when]
        if way.to not in call.been_in
        if not (call.wish.only_agent or call.wish.at_head)
        if call.wish.priority < EMERGENCY
    ]
