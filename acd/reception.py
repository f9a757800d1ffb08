"""Reception takes every call in: admits or refuses it, serves it, drains at the end."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Self

from ulid import ULID

from acd.call import Call, ServedCall
from acd.citizen_call import CitizenCall
from acd.equipment import Equipment
from acd.events import CallArrived, Outcome
from acd.leg_log import LegLog
from acd.test_calls import serve_test_call
from ivr_flows.language import Flow
from telephony.calls import Leg
from telephony.events import EndCause, Invitation, InvitationRefused, Refusal

logger = logging.getLogger(__name__)

_CITIZENS = frozenset(
    {Refusal.NO_FREE_LEG, Refusal.UNACCEPTABLE, Refusal.HOST_NAME_IN_SDP}
)
"""Refusals that hit citizens; the others hit strangers and enter no ledger."""

FlowOf = Callable[[str], Flow]
"""Which flow serves a called number."""

IsTest = Callable[[Invitation], bool]
"""Whether an INVITE is a test call; asked once for each, for a mark counts once."""


def _no_test(_: Invitation) -> bool:
    return False


class Reception:
    """The calls that are here now. `max_calls` tells how many are admitted at once when
    one more comes for a flow: in an emergency somewhat more.

    Whoever comes above it is refused with 503 and Retry-After (RFC 3261, 21.5.4), so
    that legs stay free for agents, and enters the missed-call ledger.
    """

    def __init__(
        self,
        equipment: Equipment,
        flow_of: FlowOf,
        *,
        max_calls: Callable[[Flow], int],
        retry_after_seconds: int,
        is_test: IsTest = _no_test,
    ) -> None:
        self._equipment, self._flow_of = equipment, flow_of
        self._max_calls, self._retry_after_seconds = max_calls, retry_after_seconds
        self._is_test = is_test
        self._served: set[asyncio.Task[None]] = set()
        self._refused: set[asyncio.Task[None]] = set()
        self._tests: set[asyncio.Task[None]] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.draining = False

    async def __aenter__(self) -> Self:
        self._equipment.endpoint.on_call = self.receive
        self._equipment.endpoint.on_refused = self.note_refused
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def calls(self) -> int:
        """How many citizens' calls are served now."""
        return len(self._served)

    def receive(self, leg: Leg) -> None:
        """Serve an incoming call in a task of its own, or refuse it."""
        assert leg.invitation is not None, "an incoming leg has an invitation"
        if self._is_test(leg.invitation):
            self._start(self._test(leg, leg.invitation), self._tests, leg.id)
            return
        call = self._arrived(leg.id, leg.invitation)
        flow = self._flow_of(call.called)
        if self._is_full(flow):
            self._start(self._refuse(call, leg), self._refused, call.id)
        else:
            self._empty.clear()
            self._start(self._serve(call, leg, flow), self._served, call.id)

    def _is_full(self, flow: Flow) -> bool:
        return self.draining or self.calls >= self._max_calls(flow)

    def note_refused(self, refused: InvitationRefused) -> None:
        """A citizen whom the endpoint itself refused is accounted for, too."""
        if self._is_test(refused.invitation):
            return  # its caller tells of it
        self._equipment.bus.publish(refused)
        if refused.refusal in _CITIZENS:
            call = self._arrived(str(ULID()), refused.invitation)
            self._blocked(call)

    async def drain(self, seconds: float) -> None:
        """Admit nobody any more, and wait until all calls are over or time is up."""
        self.draining = True
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            logger.warning("%d calls are cut off", self.calls)

    async def stop(self) -> None:
        """End every call; those still waiting enter the ledger."""
        self.draining = True
        ended = self._served | self._tests
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, *self._refused, return_exceptions=True)

    def _arrived(self, call_id: str, invitation: Invitation) -> Call:
        numbers, bus = self._equipment.numbers, self._equipment.bus
        now = self._equipment.clock.now()
        call = Call(
            id=call_id,
            caller=numbers.caller(invitation),
            called=numbers.called(invitation),
            arrived_at=now,
        )
        bus.publish(
            CallArrived(
                at=now,
                call_id=call.id,
                caller=call.caller,
                called=call.called,
                peer=invitation.peer,
                sip_call_id=invitation.sip_call_id,
            )
        )
        return call

    def _start(
        self,
        story: Coroutine[None, None, None],
        tasks: set[asyncio.Task[None]],
        call_id: str,
    ) -> None:
        task = asyncio.create_task(story, name=f"call {call_id}")
        tasks.add(task)
        task.add_done_callback(lambda _: self._over(task, tasks))

    def _over(self, task: asyncio.Task[None], tasks: set[asyncio.Task[None]]) -> None:
        tasks.discard(task)
        if not self._served:
            self._empty.set()

    async def _serve(self, call: Call, leg: Leg, flow: Flow) -> None:
        equipment = self._equipment
        served = ServedCall(
            id=call.id,
            caller=call.caller,
            called=call.called,
            arrived_at=call.arrived_at,
            leg=leg,
            legs=LegLog(call.id, equipment.bus, equipment.clock),
        )
        await CitizenCall(served, flow, equipment).serve()

    async def _test(self, leg: Leg, invitation: Invitation) -> None:
        """As a citizen would be served; where he would be refused, it is."""
        flow = self._flow_of(self._equipment.numbers.called(invitation))
        if self._is_full(flow):
            await leg.reject(503, retry_after_seconds=self._retry_after_seconds)
            return
        await serve_test_call(leg, flow, self._equipment)

    async def _refuse(self, call: Call, leg: Leg) -> None:
        await leg.reject(503, retry_after_seconds=self._retry_after_seconds)
        self._blocked(call)

    def _blocked(self, call: Call) -> None:
        call.outcome = Outcome.BLOCKED
        now = self._equipment.clock.now()
        call.end(now, EndCause.REJECTED, self._equipment.bus)
