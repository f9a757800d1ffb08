"""Who is on the phones in the cells ahead, also after midnight; pure."""

from acd.staffing.adjustment import AHEAD_CELLS, Situation
from acd.staffing.cover import WHOLE
from acd.staffing.roster import CELLS


def phones_ahead(situation: Situation) -> list[int]:
    """How many in each of the day's cells, and in those of the next day with its roster.

    Who is there without a shift, recalled perhaps, stays for the hour, or until his own
    shift begins: to its last minute, which lies in one cell more.
    """
    days = 2 if situation.tomorrow else 1
    agents = list(situation.cover().agents[WHOLE][: days * CELLS])
    begins = situation.own_begins()
    stay = [who for who in situation.unplanned if situation.queues.get(who)]
    end = min(situation.now + AHEAD_CELLS + 1, len(agents))
    for cell in range(situation.cells.stop, end):
        agents[cell] += sum(begins.get(who, end) > cell for who in stay)
    return agents
