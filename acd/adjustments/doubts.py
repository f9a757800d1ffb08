"""What a round is not sure of, in words: forecast, roster, what nobody wants. Pure."""

from collections.abc import Iterator, Mapping

from acd.adjustments.decision import LoanRefused, ProposalError, RosterChanged
from acd.adjustments.foreseen import DayAhead
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import Tomorrow
from acd.staffing.cover import phone_cells
from acd.staffing.limits import Limits
from acd.staffing.moves import Move
from acd.staffing.roster import CELLS, DayRoster, cell_of

_WHY: Mapping[str, str] = {
    RosterChanged.error_id: "the shift or the queues have changed",
    LoanRefused.error_id: "the rules of queues are against it",
}


def not_carried_out(move: Move, error: ProposalError) -> str:
    """Why the automatic mode did not do what it may: by the kind of the refusal."""
    why = _WHY.get(error.error_id, "it is decided, or its time is over")
    return f"{move.kind} of {move.person_id} is not carried out: {why}"


def doubts_of(
    ahead: DayAhead,
    roster: DayRoster,
    tomorrow: Tomorrow | None,
    rules: LoopRules,
    limits: Limits,
) -> tuple[str, ...]:
    """Each once, those of today before those of the next day."""
    _, now = cell_of(ahead.at, roster.zone)
    found = [
        *_of_forecast(ahead),
        *_of_roster(roster, now, rules),
        *(_of_tomorrow(tomorrow, rules) if tomorrow else ()),
        *_declined(limits),
    ]
    return tuple(dict.fromkeys(found))


def _of_forecast(ahead: DayAhead) -> Iterator[str]:
    for queue in ahead.queues:
        for words in queue.forecast.words:
            yield f"{queue.name}: {words}"
    if not ahead.queues:
        yield "no calls are recorded yet: nothing can be foreseen"


def _of_roster(roster: DayRoster, now: int, rules: LoopRules) -> Iterator[str]:
    if not any(shift.day == roster.day for shift in roster.shifts):
        yield f"the roster has no shift on {roster.day}"
    yield from roster.words
    yield from _unqualified(roster, now, rules)


def _unqualified(roster: DayRoster, now: int, rules: LoopRules) -> Iterator[str]:
    """Who has the phones from a cell of the day on, and may not answer calls any more."""
    for shift in roster.shifts:
        person, cells = roster.people[shift.person_id], phone_cells(shift, roster.day)
        if any(now <= cell < CELLS for cell in cells):
            for name in rules.moves.needs:
                if not person.is_qualified(name, shift.last_day):
                    yield (
                        f"{person.id} is rostered on the phones of {roster.day} "
                        f"without the qualification {name}"
                    )


def _of_tomorrow(tomorrow: Tomorrow, rules: LoopRules) -> Iterator[str]:
    if tomorrow.ahead is None:
        yield f"{tomorrow.roster.day} cannot be foreseen: the hour ahead ends at midnight"
    yield from _of_roster(tomorrow.roster, 0, rules)


def _declined(limits: Limits) -> Iterator[str]:
    """What is not proposed though it could help."""
    for who, kind in sorted(limits.declined):
        yield f"{kind} of {who} was declined: not proposed again in its hour"
