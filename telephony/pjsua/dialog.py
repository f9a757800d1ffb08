"""The library's call with our callbacks: each reads what happened and tells its line.

All run on the owner's thread inside a poll, except `onDtmfDigit`, which a media thread
calls. None blocks, destroys a pjsua2 object, or lets an exception out.
"""

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import pjsua2 as pj

from telephony.pjsua.admission import names_a_host
from telephony.pjsua.library import only_audio
from telephony.pjsua.line import Line
from telephony.pjsua.sip_message import parse_message

logger = logging.getLogger(__name__)

P = ParamSpec("P")
S = TypeVar("S")


class DialogHost(Protocol):
    """Where dialogs live."""

    def post(self, work: Callable[..., object], *args: object) -> None:
        """Leave a job for the owner's thread; from any thread."""

    def transfer(self, dialog: "Dialog", target: str) -> "Dialog | None":
        """A new dialog for the target of a REFER, or None to refuse it."""

    def over(self, dialog: "Dialog") -> None:
        """The library has let go of the call."""


def guarded(
    callback: Callable[Concatenate[S, P], None],
) -> Callable[Concatenate[S, P], None]:
    """Log what goes wrong: an exception that left a callback would end the call."""

    @functools.wraps(callback)
    def guard(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(self, *args, **kwargs)
        except Exception:
            logger.exception("a callback of the telephony library failed")

    return guard


class Dialog(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """One SIP dialog; made and dropped on the owner's thread."""

    def __init__(
        self,
        account: pj.Account,
        line: Line,
        host: DialogHost,
        call_id: int = pj.PJSUA_INVALID_ID,
    ) -> None:
        super().__init__(account, call_id)
        self.account = account
        self.line = line
        self._host = host
        self._offer_is_harmless = False
        line.call = self

    @guarded
    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        """The dialog moved on."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self.line.rang()
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.line.confirmed()
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.line.disconnected(info.lastStatusCode, _received(prm.e))
            self._host.over(self)

    @guarded
    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        """Audio was negotiated, anew or for the first time."""
        info = self.getInfo()  # kept: the list of media dies with it
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                self._audio_changed(media)
                return

    def _audio_changed(self, media: pj.CallMediaInfo) -> None:
        if media.status == pj.PJSUA_CALL_MEDIA_ERROR:
            self._host.post(self.line.media_failed)
            return
        self.line.media_changed(
            reachable=media.audioConfSlot != pj.PJSUA_INVALID_ID,
            held=media.status != pj.PJSUA_CALL_MEDIA_ACTIVE,
        )

    @guarded
    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """A key, by RFC 4733 (on a media thread) or by SIP INFO."""
        self._host.post(self.line.digit_pressed, prm.digit, prm.method)

    @guarded
    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        """A transaction moved on: an answer to our INVITE, or to our OPTIONS."""
        asked = self.line.signs is not None and self.line.signs.asked
        if not asked and not self.line.awaits_first_answer:
            return
        transaction = prm.e.body.tsxState.tsx
        if transaction.role != pj.PJSIP_ROLE_UAC or not _received(prm.e):
            return
        if transaction.method == "INVITE":
            self.line.tried()
        elif (
            asked and transaction.method == "OPTIONS" and transaction.statusCode >= 200
        ):
            self._host.post(self.line.asked_and_answered, transaction.statusCode)

    @guarded
    def onCallRxReinvite(self, prm: pj.OnCallRxReinviteParam) -> None:
        """A re-INVITE brings a new SDP; `onCallRxOffer` follows."""
        self._offer_is_harmless = not names_a_host(
            parse_message(prm.rdata.wholeMsg).body
        )
        if not self._offer_is_harmless:
            prm.statusCode = 488
        only_audio(prm.opt)

    @guarded
    def onCallRxOffer(self, prm: pj.OnCallRxOfferParam) -> None:
        """A re-INVITE, seen already, or an UPDATE brings a new SDP.

        What is longer than the library can show us (1 kB) comes as "" and is refused.
        """
        sdp = prm.offer.wholeSdp
        harmless = self._offer_is_harmless or (sdp and not names_a_host(sdp))
        self._offer_is_harmless = False
        if not harmless:
            prm.statusCode = 488
        only_audio(prm.opt)

    @guarded
    def onCallTxOffer(self, prm: pj.OnCallTxOfferParam) -> None:
        """We are asked for an offer by a re-INVITE without SDP."""
        only_audio(prm.opt)

    @guarded
    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """REFER: unless refused here, the library dials whatever it names."""
        prm.statusCode = 403
        successor = self._host.transfer(self, prm.dstUri)
        if successor:
            only_audio(prm.opt)
            prm.newCall = successor
            prm.statusCode = 202

    @guarded
    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """INVITE with Replaces: never granted; `onRejectedIncomingCall` tells of it."""
        prm.statusCode = 403

    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:
        """302: not followed, for it could name any number; the leg is unreachable."""
        self.line.redirected = True
        return int(pj.PJSIP_REDIRECT_STOP)


def _received(event: pj.SipEvent) -> str:
    """The message that caused a transaction event, or "" when a timer did."""
    if event.type != pj.PJSIP_EVENT_TSX_STATE:
        return ""
    if event.body.tsxState.type != pj.PJSIP_EVENT_RX_MSG:
        return ""
    return str(event.body.tsxState.src.rdata.wholeMsg)
