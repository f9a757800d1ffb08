"""Why a call went where it went: a routing decision in sentences (pure)."""

from collections.abc import Iterator, Mapping

from acd.routing_records.store import RoutingDecision
from acd.routing_words import RoutingRule, Skipped
from console.call_story import codes
from console.call_story.codes import word
from console.call_story.line import Line, Part, Said
from console.call_story.sentences import GOES_ON
from console.words import N_

WHERE = N_("Why, in the queue %(queue)s at position %(position)s:")
ASKED = N_("%(count)s could be asked, in this order: %(named)s")
RULES: Mapping[RoutingRule, str] = {
    RoutingRule.STRATEGY: N_("agent %(agent)s is rung, the first by %(detail)s"),
    RoutingRule.ALL_AT_ONCE: N_("all who fit are rung at once"),
    RoutingRule.LAST_AGENT: N_("agent %(agent)s is rung, with whom he spoke before"),
    RoutingRule.ONLY_AGENT: N_("agent %(agent)s is rung, whom the call is for"),
    RoutingRule.NOBODY: N_("nobody can take the call now, it waits"),
    RoutingRule.PRIORITY: N_("somebody gave it the priority %(detail)s"),
    RoutingRule.RELAXED: N_("it has waited long enough to ask less of agents"),
    RoutingRule.LAST_AGENT_OVER: N_(
        "it waits no longer for the agent whom he spoke with before"
    ),
    RoutingRule.OVERFLOW: N_("a way out is taken: %(detail)s"),
    RoutingRule.KEY: N_("he goes by key to the queue %(detail)s"),
    RoutingRule.KEY_IN_VAIN: N_(
        "he asked by key for the queue %(detail)s, which cannot take him now"
    ),
    RoutingRule.DECLINED: N_("there is no place in this flood: %(detail)s"),
    RoutingRule.PLACE_TAKEN_BACK: N_("it has the place back of %(detail)s"),
    RoutingRule.TRANSFER: N_(
        "the flow sends the call to another telephone: %(detail)s"
    ),
}
CODES: Mapping[RoutingRule, Mapping[str, str]] = {
    RoutingRule.STRATEGY: codes.STRATEGIES,
    RoutingRule.OVERFLOW: codes.OVERFLOW,
    RoutingRule.DECLINED: codes.DECLINED,
    RoutingRule.TRANSFER: codes.REACHED,
    RoutingRule.PRIORITY: codes.PRIORITIES,
}
OF_CALL_BACK = N_("it has the place back of the call-back %(detail)s")
FLOW_GOES_ON = N_("the flow goes on")
CALL_BACK, FLOW = "call-back ", "flow"
"""As the engine writes them."""
SKIPPED: Mapping[Skipped, str] = {
    Skipped.LOGGED_OUT: N_("%(count)s logged out"),
    Skipped.PAUSED: N_("%(count)s paused"),
    Skipped.RUNG: N_("%(count)s rung for another call or this one"),
    Skipped.TALKING: N_("%(count)s talking"),
    Skipped.WRAP_UP: N_("%(count)s in wrap-up"),
    Skipped.RESTING: N_("%(count)s resting after a call that they did not take"),
    Skipped.PENALTY: N_("%(count)s kept for later by their penalty"),
    Skipped.LACKS_SKILL: N_("%(count)s without a skill that is asked for"),
    Skipped.NOT_THE_LAST_AGENT: N_(
        "%(count)s free, but not the agent whom he spoke with before"
    ),
    Skipped.NOT_THE_ONLY_AGENT: N_(
        "%(count)s free, but not the agent whom the call is for"
    ),
}


def why(decision: RoutingDecision) -> Line:
    """The rule, who could be asked, and how many were not, each for its reason."""
    return Line(at=decision.at, part=Part.WHY, said=tuple(_sentences(decision)))


def _sentences(decision: RoutingDecision) -> Iterator[Said]:
    rule = RoutingRule(decision.rule)
    if rule is not RoutingRule.TRANSFER:
        yield _said(WHERE, queue=decision.queue, position=decision.position)
    yield from _rule(rule, decision)
    if decision.candidates:
        more = ", …" if decision.eligible > len(decision.candidates) else ""
        named = ", ".join(decision.candidates) + more
        yield _said(ASKED, count=decision.eligible, named=named)
    for reason, count in decision.skipped.items():
        yield _said(SKIPPED[Skipped(reason)], count=count)


def _rule(rule: RoutingRule, decision: RoutingDecision) -> Iterator[Said]:
    detail, to = decision.detail, ""
    sentence = RULES[rule]
    if rule is RoutingRule.OVERFLOW:
        detail, _, to = detail.partition(" to ")
    elif rule is RoutingRule.PLACE_TAKEN_BACK and detail.startswith(CALL_BACK):
        sentence, detail = OF_CALL_BACK, detail.removeprefix(CALL_BACK)
    detail = word(CODES.get(rule, {}), detail)
    yield _said(sentence, agent=decision.agent_id, detail=detail)
    if to:
        yield _said(FLOW_GOES_ON) if to == FLOW else _said(GOES_ON, to=to)


def _said(sentence: str, **values: object) -> Said:
    return Said(sentence=sentence, values={n: str(v) for n, v in values.items()})
