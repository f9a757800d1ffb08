"""People whose shift was changed during the day: told, and kept where they belong."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.adjustments.events import PersonMoved
from acd.adjustments.posts import AT_ANOTHER_POST, Floor, Posts
from acd.adjustments.round import Presence
from acd.adjustments.telling import change_in_words
from acd.events import AgentState
from acd.rosters.store import shifts_between
from acd.staffing.moves import Move
from acd.staffing.roster import Shift, cell_of
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database

_DAY = timedelta(days=1)


class Duty:
    """What was moved by hand, by the loop or by a plan, and what comes of it on the phones."""

    def __init__(
        self,
        database: Database,
        floor: Floor,
        clock: LoopClock,
        bus: EventBus,
        zone: ZoneInfo,
    ) -> None:
        self._database, self._floor = database, floor
        self._clock, self._bus, self._zone = clock, bus, zone
        self._posts = Posts(floor)
        self._moved: dict[str, date] = {}

    def presence(self) -> Presence:
        """Who is logged in now."""
        agents = self._floor.agents()
        return Presence(
            logged_in=frozenset(
                agent.id for agent in agents if agent.state is not AgentState.LOGGED_OUT
            ),
            elsewhere=frozenset(
                agent.id for agent in agents if agent.reason == AT_ANOTHER_POST
            ),
            queues={agent.id: frozenset(agent.queues) for agent in agents},
        )

    def watch(self, move: Move) -> None:
        """A move whose end is still to come, also one of before the start."""
        self._moved[move.person_id] = move.after.day

    def moved(self, move: Move, state: str) -> None:
        """The roster has it: the person is told, and is where he belongs from now on.

        Whoever is lent stays on the phones; what he answers is changed already.
        """
        self.tell(move, state)
        if not move.loan:
            self.watch(move)
            self._keep(move.after)

    def tell(self, move: Move, state: str) -> None:
        """The person is told, and nothing else."""
        self._bus.publish(
            PersonMoved(
                at=self._clock.now(),
                person_id=move.person_id,
                kind=move.kind,
                state=state,
                day=move.after.day,
                change=change_in_words(move),
            )
        )

    async def follow(self) -> None:
        """Whose move begins or ends now is put where his shift has him."""
        today, _ = cell_of(self._clock.now(), self._zone)
        self._moved = {
            who: day for who, day in self._moved.items() if today - day <= _DAY
        }
        if self._moved:
            for shift in await shifts_between(self._database, today - _DAY, today):
                if shift.person_id in self._moved:
                    self._keep(shift)

    def _keep(self, shift: Shift) -> None:
        day, cell = cell_of(self._clock.now(), self._zone)
        if shift.covers(day, cell):
            self._posts.keep(shift.person_id, shift.post(day, cell))
