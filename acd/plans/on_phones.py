"""Who is on the phones in the cells ahead, also after midnight; pure."""

from acd.staffing.adjustment import AHEAD_CELLS, Situation
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.roster import CELLS, DayRoster


def phones_ahead(situation: Situation, tomorrow: DayRoster | None) -> list[int]:
    """How many in each of the day's cells, and in those of the next day with its roster.

    Who is there without a shift, recalled perhaps, stays for the hour: to its last
    minute, which lies in one cell more. After midnight, until his own shift begins.
    """
    agents = list(situation.cover().agents[WHOLE])
    stay = _answering(situation)
    if tomorrow:
        agents += _next_day(situation, tomorrow)
        stay -= {shift.person_id for shift in tomorrow.shifts}
    end = situation.now + AHEAD_CELLS + 1
    for cell in range(situation.cells.stop, min(end, len(agents))):
        agents[cell] += len(stay if cell >= CELLS else _answering(situation))
    return agents


def _answering(situation: Situation) -> set[str]:
    return {who for who in situation.unplanned if situation.queues.get(who)}


def _next_day(situation: Situation, tomorrow: DayRoster) -> list[int]:
    """Whoever is absent now is not awaited; who is on leave that day does not come."""
    shifts = [
        shift
        for shift in tomorrow.shifts
        if not tomorrow.people[shift.person_id].is_on_leave(shift.day)
    ]
    cover = Cover.of(tomorrow.day, shifts, situation.queues, situation.absent)
    return list(cover.agents[WHOLE])
