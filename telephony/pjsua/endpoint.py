"""The SIP endpoint on PJSIP: the contract of `telephony.calls.Endpoint`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from pydantic import SecretStr
from ulid import ULID

from config.settings import SipSection
from config.trunk_settings import TrunkSection
from telephony.calls import Leg, TelephonyError
from telephony.events import EndCause, InvitationRefused
from telephony.pjsua.bridge import PjsuaBridge
from telephony.pjsua.exchange import Exchange, Reports
from telephony.pjsua.hearing import Room
from telephony.pjsua.leg import PjsuaLeg
from telephony.pjsua.library import TUNED_LEGS
from telephony.pjsua.line import Line
from telephony.pjsua.outbox import Outbox
from telephony.pjsua.owner import OwnerThread
from telephony.pjsua.targets import order_over_trunk, resolve_hop, write_order
from telephony.pjsua.trunk_accounts import TrunkOrder, TrunkReports

logger = logging.getLogger(__name__)


class PjsuaEndpoint:
    """The one SIP endpoint of the process; an async context manager.

    `sip` says where to listen and whom to trust. `log_level` 1 to 4 lets the library
    write its own log to standard output: it names callers, so it is for the laboratory.
    """

    def __init__(self, sip: SipSection, *, log_level: int = 0) -> None:
        self.on_call: Callable[[Leg], None] = _nobody_takes_calls
        self.on_refused: Callable[[InvitationRefused], None] = lambda refused: None
        self.on_registration: Callable[[str, int], None] = lambda trunk, code: None
        self._sip = sip
        self._log_level = log_level
        self._owner: OwnerThread | None = None
        self._exchange: Exchange | None = None
        self._legs: dict[Line, PjsuaLeg] = {}
        self._asked: dict[str, asyncio.Future[int]] = {}

    async def start(self) -> None:
        """Open the library and listen; `TelephonyError` says what is in the way."""
        if self._owner:
            return
        reports = Reports(
            invited=self._invited,
            refused=self._refused,
            transferred=self._transferred,
            trunks=TrunkReports(registered=self._registered, answered=self._replied),
        )
        self._outbox = outbox = Outbox(asyncio.get_running_loop())
        exchange = Exchange(self._sip, reports, outbox, log_level=self._log_level)
        owner = OwnerThread(exchange, outbox)
        exchange.post = owner.post
        self._owner, self._exchange = owner, exchange  # calls may come at once
        try:
            await owner.start()
        except BaseException:
            self._owner = None
            raise
        logger.info(
            "SIP on %s port %s: %s legs allowed (%s build of PJSIP)",
            self._sip.address,
            self._sip.port,
            self.legs_allowed,
            "tuned" if self.is_tuned else "small",
        )
        first, last = self._sip.rtp_ports
        if last - first + 1 < 2 * self.legs_allowed:
            logger.warning(
                "sip.rtp_ports has room for %s legs only", (last - first + 1) // 2
            )

    async def stop(self) -> None:
        """End every leg and close the library, within about two seconds."""
        if self._owner:
            await self._owner.stop()
            self._owner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def is_open(self) -> bool:
        """Whether calls can come and go now."""
        return self._owner is not None and self._owner.is_serving

    @property
    def legs_allowed(self) -> int:
        """How many legs the loaded library allows at once; 0 before the start."""
        return self._exchange.legs_allowed if self._exchange else 0

    @property
    def is_tuned(self) -> bool:
        """Whether this is the build for real hotlines (`make pjsip`)."""
        return self.legs_allowed >= TUNED_LEGS

    @property
    def legs_in_use(self) -> int:
        """How many legs the library holds, those that say their last BYE included."""
        return len(self._exchange.lines) if self._exchange else 0

    async def originate(
        self,
        target: str,
        *,
        from_user: str,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        may_transfer: bool = False,
        trunk: str = "",
    ) -> PjsuaLeg:
        """Send an INVITE and return the new leg at once."""
        exchange, owner = self._opened()
        who = {"from_user": from_user, "from_name": from_name}
        if trunk:
            order = order_over_trunk(target, trunk, headers=headers or {}, **who)
        else:
            order = await write_order(target, self._sip, headers=headers or {}, **who)
        line = Line(str(ULID()), self._outbox, may_transfer=may_transfer)
        leg = self._adopt(line, from_user if trunk else "")
        try:
            await owner.do(exchange.place, line, order)
        except TelephonyError:
            self._legs.pop(line, None)
            raise
        except asyncio.CancelledError:
            owner.post(line.hang_up, EndCause.WE_HUNG_UP)
            raise
        return leg

    @asynccontextmanager
    async def bridge(self, *legs: Leg, music: Path) -> AsyncIterator[PjsuaBridge]:
        """Let the legs hear each other inside the block."""
        exchange, owner = self._opened()
        bridge = PjsuaBridge(exchange, owner, Room(music=music))
        try:
            for leg in legs:
                await bridge.add(leg)
            yield bridge
        finally:
            bridge.close()

    async def open_trunk(self, trunk: TrunkSection, password: SecretStr) -> None:
        """Find the trunk's address and open it, or let it know a new address."""
        exchange, owner = self._opened()
        address = await resolve_hop(trunk.next_hop[0], self._sip)
        order = TrunkOrder(section=trunk, address=address, password=password)
        await owner.do(exchange.trunks.open, order)

    async def register_trunk(self, trunk: str) -> None:
        """Send a REGISTER; `on_registration` follows."""
        exchange, owner = self._opened()
        await owner.do(exchange.trunks.register, trunk)

    async def ask_trunk(self, trunk: str) -> int:
        """Send an OPTIONS and wait for the code of its answer; the waiter has a limit."""
        exchange, owner = self._opened()
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked[trunk] = answer
        await owner.do(exchange.trunks.ask, trunk)
        return await answer

    def _opened(self) -> tuple[Exchange, OwnerThread]:
        if not self._exchange or not self._owner:
            raise TelephonyError("the SIP endpoint is not started")
        return self._exchange, self._owner

    # --- reports of the exchange, on the loop -------------------------------------

    def _adopt(self, line: Line, shown: str = "") -> PjsuaLeg:
        _, owner = self._opened()
        leg = self._legs[line] = PjsuaLeg(line, owner, shown)
        leg.ended.add_done_callback(lambda _: self._legs.pop(line, None))
        return leg

    def _registered(self, trunk: str, code: int) -> None:
        try:
            self.on_registration(trunk, code)
        except Exception:
            logger.exception("a registration was not noted")

    def _replied(self, trunk: str, code: int) -> None:
        asked = self._asked.pop(trunk, None)
        if asked and not asked.done():
            asked.set_result(code)

    def _invited(self, line: Line) -> None:
        if not self._owner:
            return
        leg = self._adopt(line)
        try:
            self.on_call(leg)
        except Exception:
            logger.exception("leg %s was not taken", leg.id)
            self._owner.post(line.reject, 500)

    def _refused(self, refused: InvitationRefused) -> None:
        try:
            self.on_refused(refused)
        except Exception:
            logger.exception("a refused call was not noted")

    def _transferred(self, line: Line, successor: Line) -> None:
        leg, owner = self._legs.get(line), self._owner
        if not owner:
            return
        new = self._adopt(successor)
        if leg:
            leg.transferred.set_result(new)
        else:
            owner.post(successor.hang_up, EndCause.WE_HUNG_UP)


_EARLY: set[asyncio.Task[None]] = set()


def _nobody_takes_calls(leg: Leg) -> None:
    """Before reception opens, and where nobody takes calls at all: try again soon."""
    refusal = asyncio.create_task(
        leg.reject(503, retry_after_seconds=1), name=f"too early {leg.id}"
    )
    _EARLY.add(refusal)
    refusal.add_done_callback(_EARLY.discard)
    logger.warning("leg %s came before anybody took calls", leg.id)
