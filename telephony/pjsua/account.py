"""The library's endpoint and account with our callbacks: INVITEs come in here."""

from typing import Protocol

import pjsua2 as pj

from telephony.pjsua.dialog import guarded


class InviteHost(Protocol):
    """Where INVITEs go."""

    def invited(self, account: pj.Account, call_id: int, text: str, peer: str) -> None:
        """An INVITE became a call of the library."""

    def turned_away(self, code: int, text: str, source: str) -> None:
        """The library refused an INVITE by itself."""

    def account_for(self, source: str) -> int:
        """The account, one for each address family, that serves this peer."""


class SipAccount(pj.Account):  # type: ignore[misc]  # pjsua2 has no types
    """Takes INVITEs; nothing is refused in here, for that crashes some builds."""

    def __init__(self, host: InviteHost) -> None:
        super().__init__()
        self._host = host

    @guarded
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """An INVITE for which the library has a free leg."""
        self._host.invited(
            self, prm.callId, prm.rdata.wholeMsg, str(prm.rdata.srcAddress)
        )

    @guarded
    def onIncomingSubscribe(self, prm: pj.OnIncomingSubscribeParam) -> None:
        """Nobody may watch us: each subscription would cost memory and NOTIFYs."""
        prm.code = 403


class SipEndpoint(pj.Endpoint):  # type: ignore[misc]  # pjsua2 has no types
    """The one endpoint of the process."""

    def __init__(self, host: InviteHost) -> None:
        super().__init__()
        self._host = host

    @guarded
    def onSelectAccount(self, prm: pj.OnSelectAccountParam) -> None:
        """Choose the account by the family of the peer's address."""
        prm.accountIndex = self._host.account_for(str(prm.rdata.srcAddress))

    @guarded
    def onRejectedIncomingCall(self, prm: pj.OnRejectedIncomingCallParam) -> None:
        """No free leg, Replaces, or a message that makes no call."""
        self._host.turned_away(
            prm.statusCode, prm.rdata.wholeMsg, str(prm.rdata.srcAddress)
        )
