"""Two stages for one contract: fake legs in virtual time, real phones over loopback.

A stage's peers are named; each has a voice (a tone) of its own, so that what somebody
hears can be told by name on both stages.
"""

import asyncio
from pathlib import Path
from typing import Protocol

from telephony.calls import Endpoint, Leg
from telephony.pjsua.hearing import Ear
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import FakeEndpoint
from tests.sip.conftest import Desk
from tests.sip.phone import PhoneCall
from tests.sip.tones import steady_level

VOICES = {"caller": 1000.0, "agent": 1500.0, "third": 2100.0}
SOUNDS = {"short": 500.0, "low": 440.0, "high": 880.0, "long": 660.0, "music": 350.0}
AUDIBLE = 0.05
LATEST_SECONDS = 15
"""Sooner than the long sound ends by itself."""
RFC_4733, INFO = 0, 1


class Peer(Protocol):
    """The other side of a leg, played by the test."""

    async def press(self, keys: str, method: int = RFC_4733) -> None: ...
    async def tries(self) -> None: ...
    async def ring(self) -> None: ...
    async def answer(self) -> None: ...
    async def refuse(self, code: int, reason: str = "") -> None: ...
    async def hang_up(self) -> None: ...
    async def cancel(self) -> None: ...
    async def hold(self) -> None: ...
    async def resume(self) -> None: ...
    async def refer(self, target: str) -> bool: ...
    async def hears(self, *names: str) -> None: ...
    async def was_told(self, method: str) -> None: ...
    async def was_answered(self, code: int) -> None: ...


class Stage(Protocol):
    """Where a contract is tested."""

    @property
    def endpoint(self) -> Endpoint: ...
    @property
    def sounds(self) -> dict[str, Path]: ...
    async def dial(self, who: str = "caller", called: str = "12345") -> Leg: ...
    async def place(self, who: str = "agent", **how: object) -> Leg: ...
    def peer(self, leg: Leg) -> Peer: ...
    def unused_target(self) -> str: ...


class FakePeer:
    """The other side of a fake leg."""

    def __init__(self, leg: FakeLeg, names: dict[Ear, str]) -> None:
        self._leg = leg
        self._names = names

    async def press(self, keys: str, method: int = RFC_4733) -> None:
        self._leg.press(keys, method=method)

    async def tries(self) -> None:
        self._leg.peer_tries()

    async def ring(self) -> None:
        self._leg.peer_rings()

    async def answer(self) -> None:
        self._leg.peer_answers()

    async def refuse(self, code: int, reason: str = "") -> None:
        self._leg.peer_refuses(code, reason)

    async def hang_up(self) -> None:
        self._leg.peer_hangs_up()

    async def cancel(self) -> None:
        self._leg.peer_hangs_up()

    async def hold(self) -> None:
        self._leg.peer_holds()

    async def resume(self) -> None:
        self._leg.peer_resumes()

    async def refer(self, target: str) -> bool:
        return self._leg.peer_refers(target)

    async def hears(self, *names: str) -> None:
        await asyncio.sleep(0.3)
        assert {
            source.stem if isinstance(source, Path) else self._names[source]
            for source in self._leg.hears
            if isinstance(source, Path | Ear)
        } == set(names)

    async def was_told(self, method: str) -> None:
        assert self._leg.ended.done(), f"no {method}: the leg is up"

    async def was_answered(self, code: int) -> None:
        if code == 180:
            assert self._leg.sent_ringing
        else:
            assert self._leg.ended.result().sip_code == code


class FakeStage:
    """Fake legs; time is virtual."""

    def __init__(self, sounds: dict[str, Path]) -> None:
        self.endpoint = FakeEndpoint()
        self.sounds = sounds
        self._names: dict[Ear, str] = {}

    async def dial(self, who: str = "caller", called: str = "12345") -> Leg:
        leg = self.endpoint.dial(called=called)
        self._names[leg.ear] = who
        return leg

    async def place(self, who: str = "agent", **how: object) -> Leg:
        leg = await self.endpoint.originate(
            "sip:1001@127.0.0.3",
            from_user="13800138000",
            **how,  # type: ignore[arg-type]
        )
        self._names[leg.ear] = who
        return leg

    def peer(self, leg: Leg) -> Peer:
        assert isinstance(leg, FakeLeg)
        return FakePeer(leg, self._names)

    def unused_target(self) -> str:
        return "sip:1002@127.0.0.3"


class RealPeer:
    """A phone's call."""

    def __init__(self, call: PhoneCall) -> None:
        self._call = call

    async def press(self, keys: str, method: int = RFC_4733) -> None:
        for key in keys:
            if method == INFO or key not in "0123456789*#ABCD":
                self._call.info(key)
                await asyncio.sleep(0.05)
            else:
                self._call.voice.press(key)
                await asyncio.sleep(0.2)

    async def tries(self) -> None:
        assert self._call.invite
        self._call.respond(100, to=self._call.invite)

    async def ring(self) -> None:
        self._call.ring()

    async def answer(self) -> None:
        self._call.answer()

    async def refuse(self, code: int, reason: str = "") -> None:
        self._call.refuse(code, *([f"Reason: {reason}"] if reason else []))

    async def hang_up(self) -> None:
        self._call.hang_up()

    async def cancel(self) -> None:
        self._call.cancel()

    async def hold(self) -> None:
        await self._call.hold()
        await asyncio.sleep(0.05)

    async def resume(self) -> None:
        await self._call.hold("sendrecv")
        await asyncio.sleep(0.05)

    async def refer(self, target: str) -> bool:
        self._call.send_request("REFER", f"Refer-To: <{target}>")
        return (await self._call.got_response("REFER")).code == 202

    async def hears(self, *names: str) -> None:
        """A busy machine lets what was heard before end late."""
        await asyncio.sleep(0.15)
        until = asyncio.get_running_loop().time() + LATEST_SECONDS
        while (heard := await self._heard()) != set(names):
            assert asyncio.get_running_loop().time() < until, heard

    async def _heard(self) -> set[str]:
        heard = await self._call.voice.listen(0.25)
        tones = VOICES | SOUNDS
        return {name for name, hz in tones.items() if steady_level(heard, hz) > AUDIBLE}

    async def was_told(self, method: str) -> None:
        await self._call.got_request(method)

    async def was_answered(self, code: int) -> None:
        await self._call.got_response("INVITE", code)


class RealStage:
    """Real SIP and RTP over loopback; time is real."""

    def __init__(self, desk: Desk, sounds: dict[str, Path]) -> None:
        self.endpoint = desk.endpoint
        self.sounds = sounds
        self._desk = desk
        self._peers: dict[str, RealPeer] = {}

    async def dial(self, who: str = "caller", called: str = "12345") -> Leg:
        phone = await self._desk.phone()
        call = await phone.dial(hz=VOICES[who], called=called)
        leg = await self._desk.call()
        self._peers[leg.id] = RealPeer(call)
        return leg

    async def place(self, who: str = "agent", **how: object) -> Leg:
        phone = await self._desk.phone("127.0.0.3", hz=VOICES[who])
        leg = await self.endpoint.originate(
            phone.uri,
            from_user="13800138000",
            **how,  # type: ignore[arg-type]
        )
        self._peers[leg.id] = RealPeer(await phone.expect_call())
        return leg

    def peer(self, leg: Leg) -> Peer:
        return self._peers[leg.id]

    def unused_target(self) -> str:
        return "sip:1002@127.0.0.3:21999"
