"""What can be seen in the rules of one queue alone."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from acd.queue_rules import OverflowWhen, QueueRules, RelaxStep
from acd.rule_checks.finding import RuleFinding, of_queue
from acd.strategies import UnknownStrategy, strategy_named
from ivr_flows.opening import OpeningTimes


def check_queue(rules: QueueRules, today: date) -> Iterator[RuleFinding]:
    """What contradicts itself in these rules; `today` is the city's date."""
    yield from _strategy(rules)
    yield from _relax_out_of_order(rules)
    yield from _relaxes_nothing(rules)
    yield from _too_late(rules)
    yield from _hours(rules, today)
    yield from _promises(rules)


def _strategy(rules: QueueRules) -> Iterator[RuleFinding]:
    try:
        strategy_named(rules.strategy)
    except UnknownStrategy as error:
        yield of_queue(rules.name, str(error), fatal=True)


def _relax_out_of_order(rules: QueueRules) -> Iterator[RuleFinding]:
    for one, other in pairwise(rules.relax):
        if other.after_seconds <= one.after_seconds:
            words = f"the relax step after {other.after_seconds:g} s stands behind the one after {one.after_seconds:g} s; write them in the order in which they come"
            yield of_queue(rules.name, words, fatal=True)


def _relaxes_nothing(rules: QueueRules) -> Iterator[RuleFinding]:
    for place, step in enumerate(rules.relax):
        if not _relaxes(step, rules, rules.relax[:place]):
            words = f"the relax step after {step.after_seconds:g} s asks for nothing less than before"
            yield of_queue(rules.name, words, fatal=True)


def _relaxes(step: RelaxStep, rules: QueueRules, before: Sequence[RelaxStep]) -> bool:
    """Whether more agents may come into question after the step than before it."""
    lowered = max((earlier.lower_skills_by for earlier in before), default=0)
    known = {
        rules.name,
        *(queue for earlier in before for queue in earlier.also_queues),
    }
    limits = [rules.max_penalty, *(earlier.max_penalty for earlier in before)]
    return (
        step.lower_skills_by > lowered
        or bool(set(step.also_queues) - known)
        or _looser(step.max_penalty, limits)
    )


def _looser(limit: int | None, limits: Sequence[int | None]) -> bool:
    known = [known for known in limits if known is not None]
    if len(known) < len(limits):
        return False
    return limit is None or limit > max(known)


def _too_late(rules: QueueRules) -> Iterator[RuleFinding]:
    """What would come when the call is no longer in the queue."""
    limits = [way.limit for way in rules.overflow if way.when is OverflowWhen.WAIT]
    if not limits:
        return
    end = min(limits)
    for step in rules.relax:
        if step.after_seconds >= end:
            words = f"the relax step after {step.after_seconds:g} s never comes for calls that enter here: they overflow after {end:g} s"
            yield of_queue(rules.name, words)
    if rules.last_agent_seconds >= end:
        words = f"last_agent_seconds {rules.last_agent_seconds:g} is not below the overflow after {end:g} s: who called before would never reach another agent here"
        yield of_queue(rules.name, words)


def _hours(rules: QueueRules, today: date) -> Iterator[RuleFinding]:
    closes = any(way.when is OverflowWhen.CLOSED for way in rules.overflow)
    if rules.hours is None:
        if closes:
            words = "it overflows when closed but has no hours, so it never closes"
            yield of_queue(rules.name, words)
        return
    if not _ever_open(rules.hours, today):
        words = "its hours never open; write hours.workday = '08:30-17:30', or leave hours out"
        yield of_queue(rules.name, words, fatal=True)
    if not closes:
        words = "its hours change nothing without an overflow when = 'closed'"
        yield of_queue(rules.name, words)


def _ever_open(hours: OpeningTimes, today: date) -> bool:
    yesterday = today - timedelta(days=1)  # whose night may reach into today
    dates = [spans for day, spans in hours.dates.items() if day >= yesterday]
    return any([hours.workday, hours.day_off, *hours.weekdays.values(), *dates])


def _promises(rules: QueueRules) -> Iterator[RuleFinding]:
    admission = rules.admission
    if admission.promises_per_agent and not admission.places_per_agent:
        words = "admission promises call-backs only when there are no places, and places_per_agent 0 sets no limit to them"
        yield of_queue(rules.name, words)
