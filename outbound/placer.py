"""The dialler of all calls that we place: one way out, in the order of their classes.

It keeps `acd.placing.CallPlacer`: consultations, recall of staff, call-backs and
follow-up calls. Windows, caps and gaps are no matter of it: they bind follow-up calls
only, and their dialler keeps them. A call that rings is never cut for another one: a
telephone that rings once and falls silent helps nobody.
"""

import asyncio
import itertools
from datetime import datetime
from typing import Final

from acd.placing import CallRequest, OnLeg, PlacedCall
from acd.plain_placer import PlainPlacer
from config.bus import EventBus
from config.clock import LoopClock
from outbound.turns import Wanted, take_turns
from telephony.calls import Endpoint
from telephony.numbers import NumberPlan
from telephony.trunks import NoLine, TrunkLine, Trunks

PATIENCE_SECONDS: Final = 5.0
"""How long a call waits for its turn; then whoever asked is told, and may ask again."""


class Placer:
    """Places calls of all classes, the most urgent first; see `acd.placing.CallPlacer`."""

    def __init__(
        self,
        endpoint: Endpoint,
        trunks: Trunks,
        numbers: NumberPlan,
        bus: EventBus,
        clock: LoopClock,
    ) -> None:
        lines = LinesInTurn(trunks, clock)
        self._plain = PlainPlacer(endpoint, trunks, numbers, bus, clock, lines)

    async def place(
        self, request: CallRequest, *, on_leg: OnLeg | None = None
    ) -> PlacedCall:
        """See `CallPlacer`; waits for its turn while lines are short."""
        return await self._plain.place(request, on_leg=on_leg)


class LinesInTurn:
    """Lines of the trunks, given to those who wait in the order of `outbound.turns`."""

    def __init__(self, trunks: Trunks, clock: LoopClock) -> None:
        self._trunks, self._clock = trunks, clock
        self._places = itertools.count()
        self._waiting: dict[Wanted, asyncio.Future[TrunkLine | NoLine]] = {}
        self._why: dict[Wanted, NoLine] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def take(
        self, number: str, request: CallRequest, tried: frozenset[str]
    ) -> TrunkLine | NoLine:
        """A line, when its turn comes within `PATIENCE_SECONDS`, else why there is none."""
        wanted = Wanted(
            number=number,
            caller_number=request.caller_number,
            traffic=request.traffic,
            tried=tried,
            place=next(self._places),
        )
        answer = self._waiting[wanted] = asyncio.get_running_loop().create_future()
        self._look()
        try:
            await asyncio.wait({answer}, timeout=PATIENCE_SECONDS)
        except asyncio.CancelledError:
            self._forget(wanted, answer)
            raise
        return answer.result() if answer.done() else self._refused(wanted)

    def give_back(self, trunk: str) -> None:
        """A call on this trunk is over: who waits may have its line."""
        self._trunks.give_back(trunk)
        self._look()

    def _look(self) -> None:
        turns = take_turns(list(self._waiting), self._trunks, self._clock.now())
        for wanted, found in turns.answered:
            self._waiting.pop(wanted).set_result(found)
            self._why.pop(wanted, None)
        self._why.update(turns.waiting)
        self._look_again(turns.again_at)

    def _look_again(self, at: datetime | None) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            wait = (at - self._clock.now()).total_seconds()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, wait), self._look)

    def _refused(self, wanted: Wanted) -> NoLine:
        del self._waiting[wanted]
        return self._why.pop(wanted)

    def _forget(
        self, wanted: Wanted, answer: asyncio.Future[TrunkLine | NoLine]
    ) -> None:
        """Who is cancelled waits no more; a line that he was just given goes on."""
        if answer.done():
            if isinstance(found := answer.result(), TrunkLine):
                self.give_back(found.trunk)
        else:
            self._refused(wanted)
