"""Where calls go when a queue overflows, and which queues help out."""

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from acd.queue_rules import Overflow, QueueRules
from acd.rule_checks.finding import RuleFinding, of_queue
from ivr_flows.faults import nearest


def check_ways_out(queues: Sequence[QueueRules]) -> Iterator[RuleFinding]:
    """Targets that do not exist, circles, and ways that are never taken."""
    names = [rules.name for rules in queues]
    for rules in queues:
        yield from _unknown_targets(rules, names)
        yield from _to_itself(rules)
        yield from _never_taken(rules)
    yield from _circle(queues)


def _unknown_targets(rules: QueueRules, names: Sequence[str]) -> Iterator[RuleFinding]:
    for way in rules.overflow:
        if way.to and way.to not in names:
            words = f"overflow by {way.when} goes to the queue {way.to!r}, which does not exist; {nearest(way.to, names)}"
            yield of_queue(rules.name, words, fatal=True)
    for step in rules.relax:
        for queue in step.also_queues:
            if queue not in names:
                words = f"relax asks also the queue {queue!r}, which does not exist; {nearest(queue, names)}"
                yield of_queue(rules.name, words, fatal=True)


def _to_itself(rules: QueueRules) -> Iterator[RuleFinding]:
    for way in rules.overflow:
        if way.to == rules.name:
            words = f"overflow by {way.when} goes to the queue itself"
            yield of_queue(rules.name, words, fatal=True)


def _never_taken(rules: QueueRules) -> Iterator[RuleFinding]:
    """Of several ways with the same cause, the lowest limit is always the first."""
    first: dict[str, Overflow] = {}
    for way in sorted(rules.overflow, key=lambda way: way.limit):
        if way.when in first:
            words = f"it overflows twice by {way.when}: only the way at {first[way.when].limit:g} is ever taken"
            yield of_queue(rules.name, words)
        else:
            first[way.when] = way


def _circle(queues: Sequence[QueueRules]) -> Iterator[RuleFinding]:
    names = {rules.name for rules in queues}
    graph = {
        rules.name: {way.to for way in rules.overflow if way.to in names - {rules.name}}
        for rules in queues
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        way = " -> ".join(reversed(error.args[1]))
        words = f"its overflow leads in a circle, {way}, but no call goes back into a queue that it was in"
        yield of_queue(error.args[1][-1], words)
