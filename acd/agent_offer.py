"""Ringing one agent for one call."""

import asyncio
import logging

from acd.agent import AgentProfile
from acd.distributor import Link
from acd.events import Role
from acd.leg_log import LegLog
from acd.messages import (
    Offer,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    OfferRings,
)
from telephony.calls import Endpoint, Leg, TelephonyError
from telephony.events import EndCause, LegEnded

logger = logging.getLogger(__name__)

AUTO_ANSWER = {"Call-Info": "<sip:hotline>;answer-after=0", "Alert-Info": "auto-answer"}
"""What phones understand as "answer at once"; RFC 5373 has no common support."""

_FAILURES = {
    EndCause.BUSY: OfferFailure.BUSY,
    EndCause.REJECTED: OfferFailure.REJECTED,
    EndCause.NO_ANSWER: OfferFailure.NO_ANSWER,
    # It picked up and hung up in one moment: it is there, but did not take the call.
    EndCause.PEER_HUNG_UP: OfferFailure.REJECTED,
}


class AgentOffer:
    """The INVITE to an agent, told to the engine, until it is taken or withdrawn."""

    def __init__(
        self,
        offer: Offer,
        profile: AgentProfile,
        endpoint: Endpoint,
        link: Link,
        legs: LegLog,
    ) -> None:
        self.offer, self.profile = offer, profile
        self._endpoint, self._link, self._legs = endpoint, link, legs
        self._taken = asyncio.Event()
        self._leg: Leg | None = None

    async def ring(self, from_user: str) -> None:
        """Ring until the call is taken; being cancelled withdraws it at once."""
        try:
            self._leg = await self._originate(from_user)
        except TelephonyError as error:
            logger.warning(
                "call %s: agent %s cannot be rung: %s",
                self.offer.call_id,
                self.profile.id,
                error,
            )
            self._failed(OfferFailure.UNREACHABLE)
            return
        try:
            await self._follow(self._leg)
        finally:
            if not self._taken.is_set():
                await self._leg.hang_up(EndCause.CANCELLED)

    def take(self) -> Leg:
        """The agent's leg, answered; from now on its taker hangs it up."""
        assert self._leg is not None, "an offer is taken after its answer"
        self._taken.set()
        return self._leg

    async def _originate(self, from_user: str) -> Leg:
        leg = await self._endpoint.originate(
            self.profile.contact,
            from_user=from_user,
            headers=AUTO_ANSWER if self.profile.auto_answer else None,
            may_transfer=True,
        )
        self._legs.opened(leg, Role.AGENT, self.profile.id)
        return leg

    async def _follow(self, leg: Leg) -> None:
        await self._first_of(leg.rang, leg.answered, leg.ended)
        if leg.rang.done():
            self._link.send(OfferRings(offer_id=self.offer.offer_id))
        await self._first_of(leg.answered, leg.ended)
        if leg.ended.done():
            self._failed(_failure(leg.ended.result()))
            return
        self._link.send(OfferAnswered(offer_id=self.offer.offer_id))
        await self._taken.wait()

    def _failed(self, failure: OfferFailure) -> None:
        self._link.send(OfferFailed(offer_id=self.offer.offer_id, failure=failure))

    @staticmethod
    async def _first_of(
        *futures: asyncio.Future[None] | asyncio.Future[LegEnded],
    ) -> None:
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _failure(ended: LegEnded) -> OfferFailure:
    return _FAILURES.get(ended.cause, OfferFailure.UNREACHABLE)
