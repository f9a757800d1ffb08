"""The telephone exchange: all legs and the library, on the one thread that owns them."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from time import monotonic
from typing import Final

import pjsua2 as pj
from ulid import ULID

from config.settings import SipSection
from telephony.calls import TelephonyError
from telephony.events import EndCause, Invitation, InvitationRefused, Refusal
from telephony.pjsua import opening
from telephony.pjsua.account import SipAccount, SipEndpoint
from telephony.pjsua.admission import (
    REFUSAL_CODES,
    Networks,
    may_refer_to,
    refusal_by_library,
    refusal_of_invite,
)
from telephony.pjsua.dialog import Dialog
from telephony.pjsua.graveyard import Graveyard
from telephony.pjsua.hearing import Ear, Room
from telephony.pjsua.library import (
    WITHOUT_RECEIVING,
    call_parameters,
    legs_allowed,
    silence_log,
)
from telephony.pjsua.line import Line
from telephony.pjsua.mixer import Mixer
from telephony.pjsua.outbox import Outbox
from telephony.pjsua.recorders import ClosingFiles
from telephony.pjsua.sip_message import parse_message, peer_of, read_invitation
from telephony.pjsua.targets import Order
from telephony.pjsua.trunk_accounts import TrunkAccounts, TrunkReports
from telephony.pjsua.waker import Waker

logger = logging.getLogger(__name__)

_ONE_PER_PROCESS: Final = threading.Lock()
WAIT_FOR_OTHER_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 1.0
_LOOKS_PER_SILENCE: Final = 10
_LOOKS_PER_TURN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Whom the exchange tells what; called on the loop."""

    invited: Callable[[Line], None]
    refused: Callable[[InvitationRefused], None]
    transferred: Callable[[Line, Line], None]
    trunks: TrunkReports


class Exchange:
    """Owns every pjsua2 object; all methods run on the owner's thread."""

    def __init__(
        self,
        sip: SipSection,
        reports: Reports,
        outbox: Outbox,
        *,
        log_level: int = 0,
    ) -> None:
        self.lines: set[Line] = set()
        self.legs_allowed = 0
        self.post: Callable[..., None] = lambda *_: None
        self._sip = sip
        self._reports = reports
        self._log_level = log_level
        self._outbox = outbox
        self._waker: Waker | None = None
        self._endpoint: SipEndpoint | None = None
        self._accounts: dict[int, SipAccount] = {}
        self.trunks = TrunkAccounts(self, sip, reports.trunks, outbox)
        self._graveyard = Graveyard()
        self._closing = ClosingFiles()
        self._mixer = Mixer(self._graveyard)
        self._watched: deque[tuple[float, Line]] = deque()
        self._stopping = False
        self._is_the_one = False

    @property
    def players_in_use(self) -> int:
        """How many players of prompts and music exist, resting ones included."""
        return self._mixer.players_in_use + self._graveyard.players

    # --- life ---------------------------------------------------------------------

    def open(self) -> None:
        """Start the library; `TelephonyError` says what is in the way."""
        if not _ONE_PER_PROCESS.acquire(timeout=WAIT_FOR_OTHER_SECONDS):
            raise TelephonyError("this process has an open SIP endpoint already")
        self._is_the_one = True
        try:
            silence_log()
            self._open_library()
        except pj.Error as error:
            raise TelephonyError(
                f"the telephony library did not start: {error.reason}"
            ) from None

    def _open_library(self) -> None:
        self._endpoint = endpoint = SipEndpoint(self)
        endpoint.libCreate()
        endpoint.libInit(opening.endpoint_config(self._log_level))
        self.legs_allowed = legs_allowed()
        opening.refuse_what_is_unsafe(self._sip, self.legs_allowed)
        opening.open_transports(endpoint, self._sip)
        self._waker = Waker(endpoint, self._sip)
        endpoint.libStart()
        endpoint.audDevManager().setNullDev()
        opening.choose_codecs(endpoint, self._sip.codecs)
        self._open_accounts()

    def _open_accounts(self) -> None:
        for address in opening.families(self._sip.address):
            account = SipAccount(self)
            account.create(opening.account_config(self._sip, address))
            self._accounts[address.version] = account

    def wake(self) -> None:
        """Make a running poll return; from any thread."""
        if self._waker:
            self._waker.wake()

    def poll(self, milliseconds: int) -> None:
        """Let the library read, send and call back."""
        if self._endpoint:
            self._endpoint.libHandleEvents(milliseconds)

    def tidy(self) -> None:
        """Destroy what is over, and look after silent peers."""
        self._graveyard.tidy()
        self._closing.tidy()
        self._look_after_peers()

    def close(self) -> None:
        """End every call, wait a moment for the last answers, and let all go."""
        self._stopping = True
        for line in list(self.lines):
            line.hang_up(EndCause.ENDPOINT_STOPPED)
        self.trunks.leave()
        limit = monotonic() + _CLOSE_SECONDS
        while not self._at_rest and monotonic() < limit:
            self.poll(10)
            self._graveyard.tidy()
            self._closing.tidy()
        self._destroy()

    @property
    def _at_rest(self) -> bool:
        nothing_left = self._graveyard.empty and self._closing.empty
        return not self.lines and nothing_left and self.trunks.have_left

    def _destroy(self) -> None:
        for line in self.lines:
            line.call = None
        self.lines.clear()
        self._watched.clear()
        self._graveyard = Graveyard()
        self._mixer = Mixer(self._graveyard)
        if not self._is_the_one:
            return
        try:
            self._destroy_library()
        except pj.Error as error:
            logger.warning("the telephony library closed badly: %s", error.reason)
        finally:
            self._closing.give_up()
            _ONE_PER_PROCESS.release()

    def _destroy_library(self) -> None:
        endpoint, self._endpoint = self._endpoint, None
        if self._waker:
            self._waker.close()
        self.trunks.close()
        for account in self._accounts.values():
            account.shutdown()
        self._accounts.clear()
        if endpoint:
            endpoint.libDestroy(WITHOUT_RECEIVING)

    # --- calls come in ------------------------------------------------------------

    def invited(
        self, account: pj.Account, call_id: int, text: str, source: str
    ) -> None:
        """An INVITE became a call: give it to the loop, or refuse it from the queue."""
        message = parse_message(text)
        invitation = read_invitation(message, source)
        line = self._admit(Line(str(ULID()), self._outbox, invitation=invitation))
        Dialog(account, line, self, call_id)
        refusal = refusal_of_invite(message, invitation.peer, self._trusted)
        if refusal:
            code = REFUSAL_CODES[refusal]
            self.post(line.reject, code)
            self._report_refusal(invitation, refusal, code)
        elif self._stopping:
            self.post(line.reject, 503)
        else:
            self._outbox.tell(self._reports.invited, line)

    def turned_away(self, code: int, text: str, source: str) -> None:
        """The library refused an INVITE by itself."""
        message = parse_message(text)
        invitation = read_invitation(message, source)
        refusal = refusal_by_library(code, message, invitation.peer, self._trusted)
        self._report_refusal(invitation, refusal, code)

    def account_for(self, source: str) -> int:
        """The account of the peer's address family."""
        version = 6 if ":" in peer_of(source) else 4
        return int(self._account(version).getId())

    @property
    def _trusted(self) -> Networks:
        """Who may call us; where a REFER may lead has the settings' list alone."""
        return (*self._sip.trusted_peers, *map(ip_network, self.trunks.addresses))

    def _account(self, version: int) -> SipAccount:
        account = self._accounts.get(version)
        if not account:
            raise TelephonyError(
                f"sip.address {self._sip.address} cannot reach IPv{version} addresses"
            )
        return account

    def _admit(self, line: Line) -> Line:
        line.plug_in(
            self._mixer,
            self._graveyard,
            self._closing,
            self.post,
            self._sip.dead_peer_seconds,
        )
        self.lines.add(line)
        self._watch(line)
        return line

    def _report_refusal(
        self, invitation: Invitation, refusal: Refusal, code: int
    ) -> None:
        refused = InvitationRefused(
            invitation=invitation, refusal=refusal, sip_code=code
        )
        self._outbox.tell(self._reports.refused, refused)

    # --- calls go out -------------------------------------------------------------

    def place(self, line: Line, order: Order) -> None:
        """Send an INVITE for a new line."""
        if order.trunk:
            account: SipAccount = self.trunks.account(order.trunk)
        else:
            account = self._account(order.family)
        self._admit(line)
        dialog = Dialog(account, line, self)
        parameters = call_parameters(headers=order.headers)
        parameters.txOption.localUri = order.from_uri
        parameters.txOption.targetUri = order.target_uri
        try:
            dialog.makeCall(order.to_uri, parameters)
        except pj.Error as error:
            line.finish(EndCause.UNREACHABLE, 0)
            self.over(dialog)
            raise TelephonyError(f"the call cannot be placed: {error.reason}") from None

    def transfer(self, dialog: Dialog, target: str) -> Dialog | None:
        """Grant a REFER: the library dials, and the new leg is ours."""
        line = dialog.line
        if not line.may_transfer or not may_refer_to(target, self._sip.trusted_peers):
            self._refuse_transfer(dialog, target)
            return None
        line.may_transfer = False
        successor = self._admit(Line(str(ULID()), self._outbox))
        self._outbox.tell(self._reports.transferred, line, successor)
        self.post(self._check_placed, successor)
        return Dialog(dialog.account, successor, self)

    def _refuse_transfer(self, dialog: Dialog, target: str) -> None:
        logger.warning(
            "leg %s asked for a transfer that is not granted", dialog.line.id
        )
        info = dialog.getInfo()
        asked = Invitation(
            sip_call_id=info.callIdString,
            from_uri=info.remoteUri,
            from_name="",
            asserted_uri="",
            withheld=False,
            request_uri=target,
            peer=dialog.line.invitation.peer if dialog.line.invitation else "",
        )
        self._report_refusal(asked, Refusal.TRANSFER, 403)

    def _check_placed(self, line: Line) -> None:
        """The library tells nothing of a transfer that it could not dial."""
        if line.call and line.call.getId() == pj.PJSUA_INVALID_ID:
            line.finish(EndCause.UNREACHABLE, 0)
            self.over(line.call)

    def over(self, dialog: Dialog) -> None:
        """The library has let go of a call: its object may be destroyed."""
        dialog.line.call = None
        self.lines.discard(dialog.line)
        self._graveyard.bury(dialog)

    # --- bridges ------------------------------------------------------------------

    def join(
        self, line: Line, room: Room, audience: frozenset[Ear] | None = None
    ) -> None:
        """Let a leg take part in a bridge; None lets everybody there hear it."""
        if not line.ended:
            line.cut_prompt()
            self._mixer.join(line.ear, room, audience)

    def arrange(self, line: Line, room: Room, change: Callable[[], None]) -> None:
        """Change how a leg of this bridge hears and is heard."""
        self._mixer.arrange(line.ear, room, change)

    def part(self, line: Line, room: Room) -> None:
        """Let a leg go."""
        self._mixer.part(line.ear, room)

    def close_room(self, room: Room) -> None:
        """Let every leg of a bridge go."""
        for ear in list(room.ears):
            self._mixer.part(ear, room)

    # --- silent peers -------------------------------------------------------------

    def _watch(self, line: Line) -> None:
        interval = self._sip.dead_peer_seconds / _LOOKS_PER_SILENCE
        self._watched.append((monotonic() + interval, line))

    def _look_after_peers(self) -> None:
        now = monotonic()
        for _ in range(_LOOKS_PER_TURN):
            if not self._watched or self._watched[0][0] > now:
                return
            _, line = self._watched.popleft()
            if not line.ended:
                line.check_signs()
                self._watch(line)
