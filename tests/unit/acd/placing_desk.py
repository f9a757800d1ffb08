"""A plain placer with trunks on the fake endpoint, and what it told the bus."""

from typing import Any

from acd.placing import CallPlaced, CallRequest, TrafficClass
from acd.plain_placer import PlainPlacer
from config.bus import EventBus
from config.clock import LoopClock
from config.trunk_settings import TrunkSection
from telephony.trunk_state import TrunkView
from tests.fakes.telephony import AnswerPolicy, FakeEndpoint, FakeLeg
from tests.unit.telephony.trunk_lines import MOBILE, PLAN, START, trunks_of

OFFICE = "sip:office@127.0.0.3"


def request(number: str = MOBILE, **more: Any) -> CallRequest:
    """A call to place."""
    values: dict[str, Any] = {
        "traffic": TrafficClass.CONSULTATION,
        "purpose": "call 1: third party",
    }
    return CallRequest(number=number, **(values | more))


def rings(leg: FakeLeg) -> None:
    """The peer rings, and nobody picks up."""
    leg.peer_rings()


class PlacingDesk:
    """The placer, its endpoint and its trunks."""

    def __init__(self, policy: AnswerPolicy, *sections: TrunkSection) -> None:
        self.endpoint = FakeEndpoint(answer_policy=policy)
        self.endpoint.trunks = {section.name for section in sections}
        self.trunks = trunks_of(*sections)
        self.told: list[CallPlaced] = []
        bus = EventBus()
        bus.subscribe(CallPlaced, self.told.append)
        self.placer = PlainPlacer(
            self.endpoint, self.trunks, PLAN, bus, LoopClock(START)
        )

    @property
    def taken(self) -> list[str]:
        """The trunks that were called, in order."""
        return [placed.trunk for placed in self.endpoint.placed]

    def view(self, trunk: str) -> TrunkView:
        """A trunk as seen from outside."""
        (view,) = [view for view in self.trunks.views() if view.name == trunk]
        return view
