"""Do the records tell a call as its phones measured it? Pure."""

from collections import Counter
from collections.abc import Iterator

from acd.events import Outcome
from acd.messages import OfferFailure
from hotline.demo.reports import Moment
from hotline.demo.verdict import Pair

TIME_SECONDS = 2.0
"""How far the records may be from what the phones measured, on a busy machine."""

_REFUSALS = frozenset({OfferFailure.BUSY, OfferFailure.REJECTED})


def time_faults(pair: Pair) -> Iterator[str]:
    """Waits and talks that are not as long as the phones measured them."""
    row, citizen = pair.row, pair.citizen
    answered, served = citizen.at(Moment.ANSWERED), _served_at(pair)
    if answered is None or served is None or row.outcome == Outcome.ABANDONED_IN_IVR:
        return
    yield from _fault(
        "the wait since the answer", row.wait_from_answer_seconds, served - answered
    )
    if pressed := citizen.at(Moment.PRESSED):
        yield from _fault("the wait", row.wait_seconds, served - pressed)
    if pair.talk and row.outcome == Outcome.ANSWERED:
        talked = sum(ring.talked_seconds for ring in pair.rings)
        yield from _fault("the talk", row.talk_seconds, talked)


def _served_at(pair: Pair) -> float | None:
    """When the wait ended: with the first agent's answer, or when the citizen left."""
    if pair.row.outcome == Outcome.ANSWERED:
        answers = [at for ring in pair.rings if (at := ring.at(Moment.ANSWERED))]
        return min(answers, default=None)
    return pair.citizen.left_at


def _fault(what: str, recorded: float | None, measured: float) -> Iterator[str]:
    if recorded is None:
        yield f"{what} of {measured:.1f} s is not in the records"
    elif abs(recorded - measured) > TIME_SECONDS:
        yield f"{what} took {measured:.1f} s, the records say {recorded:.1f} s"


def ring_faults(pair: Pair) -> Iterator[str]:
    """Phones that rang, refused or were answered, and the records know nothing of it."""
    events = pair.record.queue_events
    offers = Counter(e.agent_id for e in events if e.kind == "OFFER")
    refusals = Counter(e.agent_id for e in events if e.detail in _REFUSALS)
    rang = Counter(ring.agent for ring in pair.rings)
    rejected = Counter(ring.agent for ring in pair.rings if ring.at(Moment.REJECTED))
    # An offer may be withdrawn before the phone could ring, never the reverse.
    for agent in rang - offers:
        yield f"agent {agent} was rung {rang[agent]} times and offered it {offers[agent]} times"
    for agent in rejected | refusals:
        if rejected[agent] != refusals[agent]:
            yield f"agent {agent} rejected it {rejected[agent]} times, the records say {refusals[agent]}"
    answered = pair.talk and pair.row.outcome == Outcome.ANSWERED
    if answered and pair.talk and pair.row.agent_id != pair.talk.agent:
        yield f"agent {pair.talk.agent} took it, the records say {pair.row.agent_id}"
