"""The plain `CallPlacer`: one call at a time is asked for, and is placed at once."""

import asyncio
import logging
from typing import Any

from acd.placing import (
    Answered,
    CallRequest,
    NotAnswered,
    OnLeg,
    PlacedCall,
    WhyNot,
)
from telephony.calls import Endpoint, Leg, TelephonyError
from telephony.events import EndCause, LegEnded

logger = logging.getLogger(__name__)

_WHY = {
    EndCause.BUSY: WhyNot.BUSY,
    EndCause.NO_ANSWER: WhyNot.NO_ANSWER,
    EndCause.REJECTED: WhyNot.REJECTED,
    # Picked up and hung up in one moment: there, but not to be spoken with.
    EndCause.PEER_HUNG_UP: WhyNot.REJECTED,
    EndCause.CANCELLED: WhyNot.NO_ANSWER,
}


class PlainPlacer:
    """Places each call when it is asked for."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def place(
        self, request: CallRequest, *, on_leg: OnLeg | None = None
    ) -> PlacedCall:
        """See `CallPlacer`."""
        placed = await self._place(request, on_leg)
        if isinstance(placed, NotAnswered):
            logger.info("%s: not answered: %s", request.purpose, placed.why)
        return placed

    async def _place(self, request: CallRequest, on_leg: OnLeg | None) -> PlacedCall:
        if not is_sip_uri(request.number):
            return NotAnswered(
                why=WhyNot.NO_TRUNK,
                words="no trunk serves this number; only SIP URIs can be called",
            )
        try:
            leg = await self._endpoint.originate(
                request.number,
                from_user=request.caller_number,
                headers=request.headers,
            )
        except TelephonyError as error:
            return NotAnswered(why=WhyNot.UNREACHABLE, words=str(error))
        return await self._ring(leg, request, on_leg)

    async def _ring(
        self, leg: Leg, request: CallRequest, on_leg: OnLeg | None
    ) -> PlacedCall:
        taken = False
        try:
            if on_leg:
                on_leg(leg)
            answered = await _answers_within(leg, request.ring_seconds)
            taken = answered and not leg.ended.done()
        finally:
            if not taken:
                await leg.hang_up(EndCause.NO_ANSWER)
        return Answered(leg=leg) if taken else _not_answered(leg.ended.result())


def is_sip_uri(number: str) -> bool:
    """Whether this is a SIP URI, not a number."""
    return number.lower().startswith(("sip:", "sips:"))


def _not_answered(ended: LegEnded) -> NotAnswered:
    why = _WHY.get(ended.cause, WhyNot.UNREACHABLE)
    words = f"{ended.cause.replace('_', ' ')} (SIP {ended.sip_code})"
    return NotAnswered(why=why, words=words, sip_code=ended.sip_code)


async def _answers_within(leg: Leg, seconds: float) -> bool:
    futures: set[asyncio.Future[Any]] = {leg.answered, leg.ended}
    await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return leg.answered.done()
