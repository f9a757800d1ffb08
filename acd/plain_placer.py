"""The plain `CallPlacer`: each call is placed when it is asked for.

A number goes over the first trunk that will take it; when that fails the call, not the
person called, it goes over the next one.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Protocol

from acd.placing import (
    Answered,
    CallPlaced,
    CallRequest,
    NotAnswered,
    OnLeg,
    PlacedCall,
    TrafficClass,
    WhyNot,
)
from config.bus import EventBus
from config.clock import LoopClock
from telephony.calls import Endpoint, Leg, TelephonyError
from telephony.events import EndCause, LegEnded
from telephony.numbers import NumberPlan, is_sip_uri
from telephony.trunks import Later, NoLine, NoLineWhy, TrunkLine, Trunks

logger = logging.getLogger(__name__)

TRYING_SECONDS: Final = 4.0
"""A trunk that has said nothing after this time, not even 100, is not there."""

PACE_PATIENCE: Final = timedelta(seconds=5)
"""How long a call waits for its turn when calls follow each other too fast."""

TURN_SECONDS: Final = 0.002
"""Who is less urgent wakes so much later, and finds the turn taken."""

_IDENTITY: Final = frozenset(
    {
        "from",
        "contact",
        "identity",
        "p-asserted-identity",
        "p-preferred-identity",
        "remote-party-id",
        "diversion",
    }
)
"""Headers that show a caller number to somebody (RFC 3325, RFC 8224, RFC 5806)."""

_WHY = {
    EndCause.BUSY: WhyNot.BUSY,
    EndCause.NO_ANSWER: WhyNot.NO_ANSWER,
    EndCause.REJECTED: WhyNot.REJECTED,
    # Picked up and hung up in one moment: there, but not to be spoken with.
    EndCause.PEER_HUNG_UP: WhyNot.REJECTED,
    EndCause.CANCELLED: WhyNot.NO_ANSWER,
}
_ORDINARY: Final = frozenset({WhyNot.BUSY, WhyNot.NO_ANSWER, WhyNot.REJECTED})
"""What people do; everything else somebody may have to mend."""

_WHY_NO_LINE = {
    NoLineWhy.NOT_SERVED: WhyNot.NO_TRUNK,
    NoLineWhy.DOWN: WhyNot.NO_TRUNK,
    NoLineWhy.NOT_ALLOWED: WhyNot.NOT_ALLOWED,
    NoLineWhy.LINES_IN_USE: WhyNot.LINES_IN_USE,
}


class TakesLines(Protocol):
    """Whoever gives the lines of trunks out."""

    async def take(
        self, number: str, request: CallRequest, tried: frozenset[str]
    ) -> TrunkLine | NoLine:
        """A line, taken, for a normalised number; `tried` trunks have failed the call."""

    def give_back(self, trunk: str) -> None:
        """A call on this trunk is over, or never began."""


class LinesAtOnce:
    """Gives a line to whoever asks when one is free; calls that are too many a second wait."""

    def __init__(self, trunks: Trunks, clock: LoopClock) -> None:
        self._trunks, self._clock = trunks, clock

    async def take(
        self, number: str, request: CallRequest, tried: frozenset[str]
    ) -> TrunkLine | NoLine:
        """A line; waits for its turn, the most urgent call first."""
        deadline = self._clock.now() + PACE_PATIENCE
        while True:
            now = self._clock.now()
            found = self._trunks.choose(
                number,
                request.caller_number,
                now,
                urgent=request.traffic is TrafficClass.CONSULTATION,
                without=tried,
            )
            if isinstance(found, TrunkLine):
                self._trunks.take(found.trunk, now)
                return found
            if isinstance(found, NoLine):
                return found
            if found.at > deadline:
                return _too_many(found)
            wait = (found.at - now).total_seconds()
            await asyncio.sleep(wait + (request.traffic.rank + 0.5) * TURN_SECONDS)

    def give_back(self, trunk: str) -> None:
        """See `TakesLines`."""
        self._trunks.give_back(trunk)


class PlainPlacer:
    """Places each call when it is asked for; see `acd.placing.CallPlacer`."""

    def __init__(
        self,
        endpoint: Endpoint,
        trunks: Trunks,
        numbers: NumberPlan,
        bus: EventBus,
        clock: LoopClock,
        lines: TakesLines | None = None,
    ) -> None:
        self._endpoint, self._trunks, self._numbers = endpoint, trunks, numbers
        self._bus, self._clock = bus, clock
        self._lines = lines or LinesAtOnce(trunks, clock)

    async def place(
        self, request: CallRequest, *, on_leg: OnLeg | None = None
    ) -> PlacedCall:
        """See `CallPlacer`."""
        placed = await self._place(request, on_leg)
        why_not = None
        if isinstance(placed, NotAnswered):
            why_not = placed.why
            level = logging.INFO if why_not in _ORDINARY else logging.WARNING
            logger.log(level, "%s: not answered: %s", request.purpose, placed.words)
        self._bus.publish(
            CallPlaced(
                at=self._clock.now(),
                traffic=request.traffic,
                why_not=why_not,
                trunk=placed.trunk,
            )
        )
        return placed

    async def _place(self, request: CallRequest, on_leg: OnLeg | None) -> PlacedCall:
        if self._endpoint.legs_in_use >= self._endpoint.legs_allowed:
            return NotAnswered(
                why=WhyNot.LINES_IN_USE, words="the SIP library has no free leg"
            )
        number = self._number_of(request.number)
        if number is None:
            return await self._directly(request, on_leg)
        if not number:
            return NotAnswered(
                why=WhyNot.NOT_ALLOWED, words="this is no telephone number"
            )
        return await self._over_trunks(number, request, on_leg)

    def _number_of(self, target: str) -> str | None:
        """The normalised number to call over a trunk; None: call the URI directly.

        A number at a trunk's own address is a call over that trunk, with all its rules.
        """
        if not is_sip_uri(target):
            return self._numbers.normalise(target)
        return self._numbers.normalise(self._trunks.number_in(target)) or None

    async def _directly(self, request: CallRequest, on_leg: OnLeg | None) -> PlacedCall:
        try:
            leg = await self._endpoint.originate(
                request.number,
                from_user=request.caller_number,
                headers=request.headers,
            )
        except TelephonyError as error:
            words = str(error).replace(request.number, "what was to be called")
            return NotAnswered(why=WhyNot.UNREACHABLE, words=words)
        return await self._rung(leg, request, on_leg)

    # --- over trunks --------------------------------------------------------------

    async def _over_trunks(
        self, number: str, request: CallRequest, on_leg: OnLeg | None
    ) -> PlacedCall:
        tried: frozenset[str] = frozenset()
        failure: NotAnswered | None = None
        while True:
            line = await self._lines.take(number, request, tried)
            if isinstance(line, NoLine):
                return failure or _refusal(line)
            placed = await self._over(line, request, on_leg)
            if isinstance(placed, Answered) or not failed_by_trunk(placed):
                return placed
            logger.warning(
                "%s: trunk %s failed the call (SIP %s)",
                request.purpose,
                line.trunk,
                placed.sip_code,
            )
            self._trunks.failed(line.trunk, self._clock.now())
            tried, failure = tried | {line.trunk}, placed

    async def _over(
        self, line: TrunkLine, request: CallRequest, on_leg: OnLeg | None
    ) -> PlacedCall:
        leg: Leg | None = None
        try:
            leg = await self._endpoint.originate(
                line.target,
                from_user=line.caller_number,
                headers=_without_identity(request.headers) | line.headers,
                trunk=line.trunk,
            )
        except TelephonyError as error:
            return NotAnswered(why=WhyNot.NO_TRUNK, words=str(error), trunk=line.trunk)
        finally:
            if not leg:
                self._lines.give_back(line.trunk)
        leg.ended.add_done_callback(lambda _: self._lines.give_back(line.trunk))
        return await self._rung(leg, request, on_leg, line.trunk)

    # --- one leg ------------------------------------------------------------------

    async def _rung(
        self, leg: Leg, request: CallRequest, on_leg: OnLeg | None, trunk: str = ""
    ) -> PlacedCall:
        """Let it ring; unless it is answered it is over when this returns."""
        cause = EndCause.NO_ANSWER
        taken = False
        try:
            if on_leg:
                on_leg(leg)
            if trunk and not await _first_of(TRYING_SECONDS, leg.tried, leg.ended):
                cause = EndCause.UNREACHABLE
            else:
                await _first_of(request.ring_seconds, leg.answered, leg.ended)
            taken = leg.answered.done() and not leg.ended.done()
        finally:
            if not taken:
                await leg.hang_up(cause)
        if taken:
            return Answered(leg=leg, trunk=trunk)
        placed = _not_answered(leg.ended.result(), trunk)
        if trunk and not leg.rang.done() and failed_by_trunk(placed):
            return replace(placed, why=WhyNot.NO_TRUNK)
        return placed


def failed_by_trunk(placed: NotAnswered) -> bool:
    """Whether the trunk failed the call, so that another may do better.

    Never after busy, no answer, or a person's refusal, nor for a number that does not
    exist: another trunk would only ring him, or fail, a second time.
    """
    code = placed.sip_code
    if code in (401, 407) or placed.why is WhyNot.NO_TRUNK:
        return True
    if placed.why is WhyNot.REJECTED:
        return 500 <= code < 600
    silent = code in (0, 408, 487)
    return placed.why is WhyNot.UNREACHABLE and (silent or 500 <= code < 600)


def _without_identity(headers: Mapping[str, str]) -> dict[str, str]:
    """Nothing but the trunk's list says who calls."""
    return {
        name: value for name, value in headers.items() if name.lower() not in _IDENTITY
    }


def _refusal(line: NoLine) -> NotAnswered:
    return NotAnswered(why=_WHY_NO_LINE[line.why], words=line.words)


def _too_many(later: Later) -> NoLine:
    return NoLine(
        why=NoLineWhy.LINES_IN_USE,
        words=f"trunk {later.trunk} takes no more calls per second now",
    )


def _not_answered(ended: LegEnded, trunk: str) -> NotAnswered:
    why = _WHY.get(ended.cause, WhyNot.UNREACHABLE)
    words = f"{ended.cause.replace('_', ' ')} (SIP {ended.sip_code})"
    if ended.sip_code in (401, 407):
        words = f"trunk {trunk} refused username or password (SIP {ended.sip_code})"
    return NotAnswered(why=why, words=words, sip_code=ended.sip_code, trunk=trunk)


async def _first_of(seconds: float, *futures: asyncio.Future[Any]) -> bool:
    """Wait for one of them; false when the time was over first."""
    done, _ = await asyncio.wait(
        futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
    )
    return bool(done)
