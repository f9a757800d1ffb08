"""A routing decision as a sentence for people."""

from acd.routing_records.store import RoutingDecision
from acd.routing_words import RoutingRule, Skipped

_RULES = {
    RoutingRule.STRATEGY: "agent {agent} is rung, the first by {detail}",
    RoutingRule.ALL_AT_ONCE: "all who fit are rung at once",
    RoutingRule.LAST_AGENT: "agent {agent} is rung, with whom he spoke before",
    RoutingRule.ONLY_AGENT: "agent {agent} is rung, whom the call is for",
    RoutingRule.NOBODY: "nobody can take the call now, it waits",
    RoutingRule.PRIORITY: "somebody gave it the priority {detail}",
    RoutingRule.RELAXED: "it has waited long enough to ask less of agents",
    RoutingRule.LAST_AGENT_OVER: (
        "it waits no longer for the agent whom he spoke with before"
    ),
    RoutingRule.OVERFLOW: "a way out is taken: {detail}",
    RoutingRule.KEY: "he goes by key to the queue {detail}",
    RoutingRule.KEY_IN_VAIN: (
        "he asked by key for the queue {detail}, which cannot take him now"
    ),
    RoutingRule.DECLINED: "there is no place in this flood: {detail}",
    RoutingRule.PLACE_TAKEN_BACK: "it has the place back of {detail}",
    RoutingRule.TRANSFER: "the flow sends the call to another telephone: {detail}",
}

_DETAILS = {
    "call_back": "a call-back is promised",
    "message": "he hears that nobody can take his call",
}

_SKIPPED = {
    Skipped.LOGGED_OUT: "logged out",
    Skipped.PAUSED: "paused",
    Skipped.RUNG: "rung for another call or this one",
    Skipped.TALKING: "talking",
    Skipped.WRAP_UP: "in wrap-up",
    Skipped.RESTING: "resting after a call that they did not take",
    Skipped.PENALTY: "kept for later by their penalty",
    Skipped.LACKS_SKILL: "without a skill that is asked for",
    Skipped.NOT_THE_LAST_AGENT: "free, but not the agent whom he spoke with before",
    Skipped.NOT_THE_ONLY_AGENT: "free, but not the agent whom the call is for",
}


def in_words(decision: RoutingDecision) -> str:
    """What was decided and why, who could be asked, and who was not."""
    if decision.rule == RoutingRule.TRANSFER:
        return f"{_what(decision)}."
    where = f"queue {decision.queue}, position {decision.position}"
    parts = [f"{where}: {_what(decision)}", _candidates(decision), _skipped(decision)]
    return "; ".join(part for part in parts if part) + "."


def _what(decision: RoutingDecision) -> str:
    detail = decision.detail
    detail = _DETAILS.get(detail, detail.replace("_", " "))
    words = _RULES[RoutingRule(decision.rule)]
    return words.format(agent=decision.agent_id, detail=detail)


def _candidates(decision: RoutingDecision) -> str:
    if not decision.candidates:
        return ""
    more = ", …" if decision.eligible > len(decision.candidates) else ""
    named = ", ".join(decision.candidates)
    return f"{decision.eligible} could be asked, in this order: {named}{more}"


def _skipped(decision: RoutingDecision) -> str:
    reasons = [
        f"{count} {_SKIPPED[Skipped(why)]}" for why, count in decision.skipped.items()
    ]
    return f"not asked: {', '.join(reasons)}" if reasons else ""
