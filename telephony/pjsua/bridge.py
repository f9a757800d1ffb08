"""A bridge on the loop: legs that hear each other."""

from collections.abc import Callable
from functools import partial

from telephony.calls import Leg
from telephony.pjsua.exchange import Exchange
from telephony.pjsua.hearing import Ear, Room
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
        await self._join(leg, None)

    async def remove(self, leg: Leg) -> None:
        """Let a leg go."""
        await self._owner.do(self._exchange.part, _ours(leg).line, self._room)

    async def hold(self, leg: Leg) -> None:
        """Let a leg hear music, and nobody hear it."""
        await self._arrange(leg, partial(_ear(leg).park, True))

    async def unhold(self, leg: Leg) -> None:
        """Take a leg back from hold."""
        await self._arrange(leg, partial(_ear(leg).park, False))

    async def mute(self, leg: Leg) -> None:
        """Let nobody hear a leg; it hears the others."""
        await self._arrange(leg, partial(_ear(leg).mute, True))

    async def unmute(self, leg: Leg) -> None:
        """Let a leg be heard again."""
        await self._arrange(leg, partial(_ear(leg).mute, False))

    async def listen(self, leg: Leg) -> None:
        """Let a leg hear all, and nobody hear it."""
        await self._join(leg, frozenset())

    async def whisper(self, leg: Leg, *, to: Leg) -> None:
        """Let a leg hear all, and one alone hear it."""
        await self._join(leg, frozenset({_ear(to)}))

    async def barge(self, leg: Leg) -> None:
        """Let a leg that only listened or whispered speak to all."""
        await self._join(leg, None)

    async def _join(self, leg: Leg, audience: frozenset[Ear] | None) -> None:
        ours = _ours(leg)
        ours.check_alive()
        await self._owner.do(self._exchange.join, ours.line, self._room, audience)
        ours.check_alive()

    async def _arrange(self, leg: Leg, change: Callable[[], None]) -> None:
        ours = _ours(leg)
        ours.check_alive()
        await self._owner.do(self._exchange.arrange, ours.line, self._room, change)
        ours.check_alive()

    def close(self) -> None:
        """Let every leg go; does not wait, so that it also works when cancelled."""
        self._owner.post(self._exchange.close_room, self._room)


def _ours(leg: Leg) -> PjsuaLeg:
    if not isinstance(leg, PjsuaLeg):
        raise TypeError(f"{leg!r} is a leg of another endpoint")
    return leg


def _ear(leg: Leg) -> Ear:
    return _ours(leg).line.ear
