"""The promises compared with what was found, call by call. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from acd.call import MISSED
from acd.events import Outcome
from acd.messages import OfferFailure
from acd.records.rows import CallRecord
from hotline.demo.found import Found
from hotline.demo.hearing import agent_faults, citizen_faults, recording_faults
from hotline.demo.reports import Moment
from hotline.demo.script import OPENING_CALLS, SEAT
from hotline.demo.timing import ring_faults, time_faults
from hotline.demo.verdict import Pair, Verdict
from hotline.demo.witness import (
    Witness,
    in_his_own_call,
    last_talk,
    possible_outcomes,
)
from telephony.numbers import mask

SHOWN = {
    Outcome.ANSWERED: "answered",
    Outcome.ABANDONED_IN_IVR: "left in the greeting",
    Outcome.ABANDONED_IN_QUEUE: "left the queue",
    Outcome.ABANDONED_WHILE_RINGING: "left while it rang",
    Outcome.BLOCKED: "refused: lines busy",
}


def audit(witness: Witness, found: Found, verdict: Verdict) -> None:
    """Compare everything that the phones saw with everything that was kept."""
    pairs = list(_paired(witness, found, verdict))
    scripted = [pair for pair in _check_outcomes(pairs, verdict) if not at_seat(pair)]
    answered = [pair for pair in scripted if pair.row.outcome == Outcome.ANSWERED]
    _check_ledger(pairs, found, verdict)
    verdict.check_each("waits and talks as the phones measured", scripted, time_faults)
    verdict.check_each("phones rung as the records tell", scripted, ring_faults)
    verdict.check_each(
        "citizens who heard their agent and nobody else", answered, citizen_faults
    )
    verdict.check_each(
        "agents who heard their citizen and nobody else", answered, agent_faults
    )
    _check_recordings(pairs, found, verdict)
    _check_chain(found, verdict)
    _check_open(found, verdict)


def _paired(witness: Witness, found: Found, verdict: Verdict) -> Iterator[Pair]:
    records: dict[str, list[CallRecord]] = {}
    for record in found.calls:
        number = (record.call.caller or "").removeprefix("+86")
        records.setdefault(number, []).append(record)
    once = 0
    for citizen in witness.citizens:
        own = records.get(citizen.number, [])
        if len(own) != 1:
            verdict.differs(
                f"call of {mask(citizen.number)}: dialled once, {len(own)} times in the records"
            )
            continue
        once += 1
        rings = witness.rings_for(citizen.number)
        if f"+86{citizen.number}" in found.called_back:
            rings = in_his_own_call(citizen, rings)
        talk = last_talk(rings)
        yield Pair(citizen=citizen, rings=tuple(rings), talk=talk, record=own[0])
    verdict.count(
        "calls dialled, each once in the records", len(witness.citizens), once
    )


def _check_outcomes(pairs: Sequence[Pair], verdict: Verdict) -> list[Pair]:
    """Add the outcomes; returns the calls whose outcome is the one it must be."""
    expected: Counter[str] = Counter()
    told: list[Pair] = []
    for pair in pairs:
        possible = possible_outcomes(pair.citizen, pair.rings)
        outcome = pair.row.outcome or "open"
        if outcome in possible:
            expected[outcome] += 1
            told.append(pair)
            continue
        expected[min(possible, default="")] += 1
        wanted = " or ".join(sorted(possible)) or "no such end"
        verdict.differs(f"{pair.name}: expected {wanted}, found {outcome}")
    found = Counter(pair.row.outcome for pair in pairs)
    for outcome, words in SHOWN.items():
        if expected[outcome] or found[outcome] or outcome is not Outcome.BLOCKED:
            verdict.count(f"  {words}", expected[outcome], found[outcome])
    return told


def _check_ledger(pairs: Sequence[Pair], found: Found, verdict: Verdict) -> None:
    stages: dict[str, list[str]] = {}
    for entry in found.missed:
        stages.setdefault(entry.call_id, []).append(entry.stage)
    right = owed = 0
    known = {record.call.id for record in found.calls}
    for call_id in stages.keys() - known:
        verdict.differs(
            f"call {call_id}: on the missed-call ledger, not in the records"
        )
    for pair in pairs:
        own = stages.get(pair.row.id, [])
        wanted = [pair.row.outcome] if pair.row.outcome in MISSED else []
        owed += len(wanted)
        right += len(own)
        if own != wanted:
            verdict.differs(
                f"{pair.name}: was {pair.row.outcome}, entries on the missed-call "
                f"ledger: {', '.join(own) or 'none'}"
            )
    verdict.count("owed a call-back on the missed-call ledger", owed, right)


def _check_recordings(pairs: Sequence[Pair], found: Found, verdict: Verdict) -> None:
    spoken = [pair for pair in pairs if pair.citizen.at(Moment.ANSWERED)]
    recorded = [pair for pair in spoken if not at_seat(pair)]

    def faults(pair: Pair) -> Iterator[str]:
        call_id = pair.row.id
        recording = found.recordings.get(call_id)
        return recording_faults(pair, recording, found.channels.get(call_id))

    verdict.check_each(
        "recordings, citizen left and agent right alone", recorded, faults
    )


def at_seat(pair: Pair) -> bool:
    """Whether it was taken where whoever watches sits: nobody scripted what follows."""
    return any(ring.agent == SEAT and ring.at(Moment.ANSWERED) for ring in pair.rings)


def _check_chain(found: Found, verdict: Verdict) -> None:
    verdict.count(
        "recordings proved by their hash chain", len(found.recordings), found.proved
    )
    verdict.differences += [f"recordings: {fault}" for fault in found.chain_faults]
    verdict.warnings += [f"recordings: {words}" for words in found.chain_warnings]


def _check_open(found: Found, verdict: Verdict) -> None:
    verdict.count("calls left open", 0, len(found.open_calls))
    for call_id in found.open_calls:
        verdict.differs(f"call {call_id}: left open in the records")
    for leg in found.open_legs:
        verdict.differs(f"leg {leg}: left open in the records")


def check_variety(witness: Witness, found: Found, verdict: Verdict) -> None:
    """Add the promise that every kind of call was shown, unless too few were made."""
    if len(witness.citizens) < OPENING_CALLS:
        return
    kinds = _kinds(witness, found)
    verdict.count("kinds of calls shown", len(kinds), sum(kinds.values()))
    for kind, shown in kinds.items():
        if not shown:
            verdict.differs(f"no call was seen that {kind}")


def _kinds(witness: Witness, found: Found) -> dict[str, bool]:
    outcomes = {record.call.outcome for record in found.calls}
    events = [event for record in found.calls for event in record.queue_events]
    unpressed = {c.number for c in witness.citizens if not c.at(Moment.PRESSED)}
    talks = {c.number for c in witness.citizens if witness.talk_of(c.number)}
    return {
        "was answered after a key": bool(talks - unpressed),
        "was answered without a key": bool(talks & unpressed),
        "ended in the greeting": Outcome.ABANDONED_IN_IVR in outcomes,
        "ended in the queue": Outcome.ABANDONED_IN_QUEUE in outcomes,
        "ended while a phone rang": Outcome.ABANDONED_WHILE_RINGING in outcomes,
        "an agent rejected": any(event.detail == OfferFailure.BUSY for event in events),
        "an agent let ring": any(
            event.detail == OfferFailure.NO_ANSWER for event in events
        ),
    }
