"""The part of `hotline check` that asks whether callers come to the queues at all."""

from collections.abc import Iterator, Sequence

from config.settings import Settings
from hotline.finding import Finding, Verdict
from ivr_flows.checks import queues_entered
from ivr_flows.language import Flow


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
