"""One agent's phone is rung: what it does, as the engine is told."""

import asyncio
from collections.abc import Callable

import pytest

from acd.agent_offer import AgentOffer
from acd.leg_log import LegLog
from acd.messages import (
    Message,
    Offer,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    OfferRings,
)
from config.bus import EventBus
from config.clock import LoopClock
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import FakeEndpoint
from tests.unit.acd.desk import START, profile

pytestmark = pytest.mark.looptime

OFFER = Offer(call_id="c", offer_id="c-1", agent_id="a", queue="general")


class ToldLink:
    """Keeps what the engine is told."""

    def __init__(self) -> None:
        self.told: list[Message] = []

    def send(self, message: Message) -> None:
        """Tell it."""
        self.told.append(message)


async def told_when(phone: Callable[[FakeLeg], None]) -> list[Message]:
    """What the engine hears of a phone that does this when it is rung."""
    link, endpoint = ToldLink(), FakeEndpoint(answer_policy=phone)
    legs = LegLog("c", EventBus(), LoopClock(START))
    offer = AgentOffer(OFFER, profile("a"), endpoint, link, legs)  # type: ignore[arg-type]
    ringing = asyncio.create_task(offer.ring("13800000000"), name="ringing")
    await asyncio.sleep(1)
    ringing.cancel()
    await asyncio.wait({ringing})
    return link.told


def rings(leg: FakeLeg) -> None:
    leg.peer_rings()


def picks_up(leg: FakeLeg) -> None:
    leg.peer_answers()


def picks_up_and_hangs_up(leg: FakeLeg) -> None:
    leg.peer_answers()
    leg.peer_hangs_up()


def is_busy(leg: FakeLeg) -> None:
    leg.peer_refuses(486)


def is_not_found(leg: FakeLeg) -> None:
    leg.peer_refuses(404)


def failed(failure: OfferFailure) -> OfferFailed:
    return OfferFailed(offer_id="c-1", failure=failure)


@pytest.mark.parametrize(
    ("phone", "last"),
    [
        (rings, OfferRings(offer_id="c-1")),
        (picks_up, OfferAnswered(offer_id="c-1")),
        (is_busy, failed(OfferFailure.BUSY)),
        (is_not_found, failed(OfferFailure.UNREACHABLE)),
    ],
)
async def test_engine_is_told_what_the_phone_does(
    phone: Callable[[FakeLeg], None], last: Message
) -> None:
    assert (await told_when(phone))[-1] == last


async def test_phone_that_hangs_up_as_it_picks_up_has_refused() -> None:
    """It is there, so he who sits at it must not be paused as if it were not."""
    told = await told_when(picks_up_and_hangs_up)
    assert told[-1] == failed(OfferFailure.REJECTED)
