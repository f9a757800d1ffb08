"""A placer of calls that remembers what it was asked, on the fake endpoint.

Numbers go to `sip:NUMBER@trunk.test`; play their phones by `endpoint.placed`, or let
`refusals` answer for a number before any phone is rung.
"""

from acd.placing import CallRequest, NotAnswered, OnLeg, PlacedCall
from acd.plain_placer import PlainPlacer
from config.bus import EventBus
from config.clock import LoopClock
from telephony.numbers import NumberPlan, is_sip_uri
from telephony.trunks import Trunks
from tests.fakes.telephony import FakeEndpoint, FakeLeg


class FakePlacer:
    """Keeps the contract of `acd.placing.CallPlacer`."""

    def __init__(self, endpoint: FakeEndpoint) -> None:
        self.requests: list[CallRequest] = []
        self.refusals: dict[str, NotAnswered] = {}
        self._endpoint = endpoint
        clock, numbers = LoopClock(), NumberPlan(country_code="86", area_code="0531")
        trunks = Trunks((), numbers, clock.now())
        self._plain = PlainPlacer(endpoint, trunks, numbers, EventBus(), clock)

    async def place(
        self, request: CallRequest, *, on_leg: OnLeg | None = None
    ) -> PlacedCall:
        """Ring a phone of the fake endpoint, or refuse as the test wants it."""
        self.requests.append(request)
        if request.number in self.refusals:
            return self.refusals[request.number]
        return await self._plain.place(_by_uri(request), on_leg=on_leg)

    def phones_of(self, number: str) -> list[FakeLeg]:
        """The legs that were placed to a number, or SIP URI, in order."""
        target = uri_of(number)
        return [
            placed.leg for placed in self._endpoint.placed if placed.target == target
        ]


def uri_of(number: str) -> str:
    """Where the fake endpoint is called for a number."""
    return number if is_sip_uri(number) else f"sip:{number}@trunk.test"


def _by_uri(request: CallRequest) -> CallRequest:
    return CallRequest(
        number=uri_of(request.number),
        traffic=request.traffic,
        purpose=request.purpose,
        caller_number=request.caller_number,
        ring_seconds=request.ring_seconds,
        headers=request.headers,
    )
