"""A bridge on the loop: legs that hear each other."""

from telephony.calls import Leg
from telephony.pjsua.exchange import Exchange
from telephony.pjsua.hearing import Room
from telephony.pjsua.leg import PjsuaLeg
from telephony.pjsua.owner import OwnerThread


class PjsuaBridge:
    """See `telephony.calls.Bridge`."""

    def __init__(self, exchange: Exchange, owner: OwnerThread, room: Room) -> None:
        self._exchange = exchange
        self._owner = owner
        self._room = room

    async def add(self, leg: Leg) -> None:
        """Let one more leg take part."""
        ours = _ours(leg)
        ours.check_alive()
        await self._owner.do(self._exchange.join, ours.line, self._room)
        ours.check_alive()

    async def remove(self, leg: Leg) -> None:
        """Let a leg go."""
        await self._owner.do(self._exchange.part, _ours(leg).line, self._room)

    def close(self) -> None:
        """Let every leg go; does not wait, so that it also works when cancelled."""
        self._owner.post(self._exchange.close_room, self._room)


def _ours(leg: Leg) -> PjsuaLeg:
    if not isinstance(leg, PjsuaLeg):
        raise TypeError(f"{leg!r} is a leg of another endpoint")
    return leg
