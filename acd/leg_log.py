"""The legs of one call, told to the bus as they open, answer and close."""

import asyncio
from datetime import datetime

from acd.events import CallEvent, LegAnswered, LegClosed, LegOpened, Role
from config.bus import EventBus
from config.clock import LoopClock
from telephony.calls import Leg


class LegLog:
    """Publishes what happens to the legs of a call."""

    def __init__(self, call_id: str, bus: EventBus, clock: LoopClock) -> None:
        self._call_id, self._bus, self._clock = call_id, bus, clock

    def opened(self, leg: Leg, role: Role, agent_id: str = "") -> None:
        """Tell of a new leg now, and later of its answer and end."""
        self._tell(
            LegOpened(
                at=self._now(),
                call_id=self._call_id,
                leg_id=leg.id,
                role=role,
                agent_id=agent_id,
                shown=leg.shown,
            )
        )
        leg.answered.add_done_callback(lambda answered: self._answered(leg, answered))
        leg.ended.add_done_callback(lambda _: self._closed(leg))

    def _answered(self, leg: Leg, answered: asyncio.Future[None]) -> None:
        if not answered.cancelled():
            self._tell(
                LegAnswered(at=self._now(), call_id=self._call_id, leg_id=leg.id)
            )

    def _closed(self, leg: Leg) -> None:
        ended = leg.ended.result()
        self._tell(
            LegClosed(
                at=self._now(),
                call_id=self._call_id,
                leg_id=leg.id,
                cause=ended.cause,
                sip_code=ended.sip_code,
            )
        )

    def _tell(self, event: CallEvent) -> None:
        self._bus.publish(event)

    def _now(self) -> datetime:
        return self._clock.now()
