"""The part of `hotline check` that asks whom and what the fifteen-minute loop aims at."""

from collections.abc import Iterator

from config.queue_settings import QueueSection
from config.settings import Settings
from hotline.finding import Finding, Verdict
from hotline.staffing.aim import aim_of
from ivr_flows.faults import nearest

TARGETS, LENDING = "targets", "lend_to_anybody"


def check_staffing(settings: Settings) -> Iterator[Finding]:
    """Warns of names that are no queue, and tells the queues' own targets."""
    yield from _lending(settings)
    yield from _targets(settings)


def _lending(settings: Settings) -> Iterator[Finding]:
    by_name = {queue.name: queue for queue in settings.queues}
    for name in settings.staffing.lend_to_anybody:
        if name not in by_name:
            words = f"the file has no queue {name!r}, so nobody is lent to it unless `hotline queues add` made one; {nearest(name, by_name)}"
            yield Finding(what=LENDING, words=words, verdict=Verdict.WARNING)
        elif by_name[name].skills:
            words = f"{name!r} asks for skills, and only who has them is lent to it: take it out of the list, or its skills"
            yield Finding(what=LENDING, words=words, verdict=Verdict.WARNING)


def _targets(settings: Settings) -> Iterator[Finding]:
    own = [queue for queue in settings.queues if _has_target(queue)]
    if not own:
        return
    aim = aim_of(settings.staffing)
    told = ", ".join(f"{q.name} {aim.own_of(q)}" for q in own)
    words = f"{told}; all queues together {aim.target}"
    if len(own) == len(settings.queues) and all(
        aim.own_of(queue) != aim.target for queue in own
    ):
        words += ", which no queue has: set target_share and within_seconds of [staffing] to what the whole is to reach"
        yield Finding(what=TARGETS, words=words, verdict=Verdict.WARNING)
    else:
        yield Finding(what=TARGETS, words=words)


def _has_target(queue: QueueSection) -> bool:
    return queue.target_share is not None or queue.target_within_seconds is not None
