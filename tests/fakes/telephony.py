"""A telephony endpoint whose peers are played by the test, in virtual time.

It keeps the contract of `telephony.calls`; `tests/sip/test_endpoint_contract.py` runs
the same cases on it and on the real endpoint.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from telephony.calls import Leg, TelephonyError
from telephony.events import (
    EndCause,
    Invitation,
    InvitationRefused,
    Refusal,
)
from telephony.pjsua.hearing import Ear, Room
from tests.fakes.leg import FakeLeg

AnswerPolicy = Callable[[FakeLeg], None]
"""What a called peer does; called once the leg is placed."""


def nobody_answers(leg: FakeLeg) -> None:
    """The peer stays silent: the test plays it by hand."""


def answers_after(seconds: float, *, rings_first: bool = True) -> AnswerPolicy:
    """The peer rings at once and answers after some time."""

    def policy(leg: FakeLeg) -> None:
        if rings_first:
            leg.peer_rings()
        asyncio.get_running_loop().call_later(seconds, leg.peer_answers)

    return policy


def refuses_with(code: int) -> AnswerPolicy:
    """The peer refuses at once."""
    return lambda leg: leg.peer_refuses(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One call that was placed, with everything that was asked for."""

    target: str
    from_user: str
    from_name: str
    headers: Mapping[str, str]
    may_transfer: bool
    leg: FakeLeg
    trunk: str = ""


class FakeEndpoint:
    """Takes the calls that the test dials and remembers those that are placed.

    `prompt_seconds` lets every prompt last that long, whether its file exists or not;
    None reads the WAV files as the real endpoint does.
    """

    def __init__(
        self,
        *,
        legs_allowed: int = 1000,
        answer_policy: AnswerPolicy = nobody_answers,
        prompt_seconds: float | None = None,
    ) -> None:
        self.legs_allowed = legs_allowed
        self.is_tuned = True
        self.answer_policy = answer_policy
        self.prompt_seconds = prompt_seconds
        self.on_call: Callable[[Leg], None] = lambda leg: None
        self.on_refused: Callable[[InvitationRefused], None] = lambda refused: None
        self.trunks: set[str] = set()
        self.placed: list[Placed] = []
        self.legs: list[FakeLeg] = []

    async def start(self) -> None:
        """Nothing to start."""

    async def stop(self) -> None:
        """End every leg."""
        for leg in [leg for leg in self.legs if not leg.ended.done()]:
            await leg.hang_up(EndCause.ENDPOINT_STOPPED)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def legs_in_use(self) -> int:
        """How many legs have not ended."""
        return sum(not leg.ended.done() for leg in self.legs)

    def dial(
        self,
        *,
        from_user: str = "13800000000",
        called: str = "12345",
        peer: str = "127.0.0.2",
        from_name: str = "",
        asserted_uri: str = "",
        withheld: bool = False,
        test_mark: str = "",
    ) -> FakeLeg:
        """A caller dials us; the leg has been given to `on_call` when this returns."""
        invitation = Invitation(
            sip_call_id=f"fake-{len(self.legs)}@{peer}",
            from_uri=f"sip:{from_user}@{peer}",
            from_name=from_name,
            asserted_uri=asserted_uri,
            withheld=withheld,
            request_uri=f"sip:{called}@127.0.0.1",
            peer=peer,
            test_mark=test_mark,
        )
        leg = self._new_leg(invitation)
        if self.legs_in_use >= self.legs_allowed:
            self._refuse(leg, invitation)
            return leg
        self.legs.append(leg)
        self.on_call(leg)
        return leg

    def _refuse(self, leg: FakeLeg, invitation: Invitation) -> None:
        leg.finish(EndCause.REJECTED, 486)
        self.on_refused(
            InvitationRefused(
                invitation=invitation, refusal=Refusal.NO_FREE_LEG, sip_code=486
            )
        )

    def _new_leg(
        self, invitation: Invitation | None, *, may_transfer: bool = False
    ) -> FakeLeg:
        return FakeLeg(
            invitation,
            prompt_seconds=self.prompt_seconds,
            may_transfer=may_transfer,
            transfer_to=self._transfer,
        )

    def _transfer(self, target: str) -> FakeLeg:
        return self._place(target, "12345", "", {}, may_transfer=False)

    async def originate(
        self,
        target: str,
        *,
        from_user: str,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        may_transfer: bool = False,
        trunk: str = "",
    ) -> FakeLeg:
        """Place a call; `answer_policy` plays the peer."""
        if not target.startswith(("sip:", "sips:")):
            raise TelephonyError(f"{target!r} is no SIP URI; write sip:user@host")
        if trunk and trunk not in self.trunks:
            raise TelephonyError(f"trunk {trunk} is not open")
        if self.legs_in_use >= self.legs_allowed:
            raise TelephonyError(f"all {self.legs_allowed} legs are in use")
        return self._place(
            target,
            from_user,
            from_name,
            headers or {},
            may_transfer=may_transfer,
            trunk=trunk,
        )

    def _place(
        self,
        target: str,
        from_user: str,
        from_name: str,
        headers: Mapping[str, str],
        *,
        may_transfer: bool,
        trunk: str = "",
    ) -> FakeLeg:
        leg = self._new_leg(None, may_transfer=may_transfer)
        leg.shown = from_user if trunk else ""
        self.legs.append(leg)
        self.placed.append(
            Placed(
                target=target,
                from_user=from_user,
                from_name=from_name,
                headers=dict(headers),
                may_transfer=may_transfer,
                leg=leg,
                trunk=trunk,
            )
        )
        asyncio.get_running_loop().call_soon(self.answer_policy, leg)
        return leg

    @asynccontextmanager
    async def bridge(self, *legs: Leg, music: Path) -> AsyncIterator["FakeBridge"]:
        """Let the legs hear each other inside the block."""
        bridge = FakeBridge(Room(music=music))
        try:
            for leg in legs:
                await bridge.add(leg)
            yield bridge
        finally:
            bridge.close()


class FakeBridge:
    """Two or more fake legs that hear each other."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def add(self, leg: Leg) -> None:
        """Let one more leg take part."""
        _fake(leg).enter(self._room)

    async def remove(self, leg: Leg) -> None:
        """Let a leg go; it stays up and hears nothing."""
        _fake(leg).leave(self._room)

    async def hold(self, leg: Leg) -> None:
        """Music for a leg, and nobody hears it."""
        if ear := self._ear(leg):
            ear.park(True)

    async def unhold(self, leg: Leg) -> None:
        """Take a leg back from hold."""
        if ear := self._ear(leg):
            ear.park(False)

    async def mute(self, leg: Leg) -> None:
        """Nobody hears a leg."""
        if ear := self._ear(leg):
            ear.mute(True)

    async def unmute(self, leg: Leg) -> None:
        """A leg is heard again."""
        if ear := self._ear(leg):
            ear.mute(False)

    async def listen(self, leg: Leg) -> None:
        """A leg hears all, and nobody hears it."""
        _fake(leg).enter(self._room, frozenset())

    async def whisper(self, leg: Leg, *, to: Leg) -> None:
        """A leg hears all, and one alone hears it."""
        _fake(leg).enter(self._room, frozenset({_fake(to).ear}))

    async def barge(self, leg: Leg) -> None:
        """A leg hears all, and all hear it."""
        _fake(leg).enter(self._room)

    def _ear(self, leg: Leg) -> Ear | None:
        _fake(leg).check_alive()
        ear = _fake(leg).ear
        return ear if ear.room is self._room else None

    def close(self) -> None:
        """Let every leg go."""
        for ear in list(self._room.ears):
            ear.leave()


def _fake(leg: Leg) -> FakeLeg:
    if not isinstance(leg, FakeLeg):
        raise TypeError(f"the fake endpoint cannot bridge {leg!r}")
    return leg


def files_heard(leg: FakeLeg) -> Sequence[str]:
    """The names of the files that the leg's peer has begun to hear, in order."""
    return [heard.file.name for heard in leg.heard]
