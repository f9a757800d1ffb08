"""The accounts of our trunks in the library: registration, credentials, next hop.

All on the owner's thread. The library refreshes a registration by itself; a failed one
is not repeated here: whoever is told decides when.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final

import pjsua2 as pj
from pydantic import SecretStr

from config.settings import SipSection
from config.trunk_settings import TrunkSection
from telephony.calls import TelephonyError
from telephony.pjsua import opening
from telephony.pjsua.account import InviteHost, SipAccount
from telephony.pjsua.dialog import guarded
from telephony.pjsua.outbox import Outbox
from telephony.trunks import domain_of, host_in_uri

NO_SIP_OUTBOUND: Final = 0
"""RFC 5626 is for phones behind NAT; telephone companies stumble over its parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkReports:
    """Whom the accounts tell; called on the loop with the trunk's name first."""

    registered: Callable[[str, int], None]
    answered: Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkOrder:
    """A trunk to open: `address` is where its packets go, resolved."""

    section: TrunkSection
    address: IPv4Address | IPv6Address
    password: SecretStr = field(repr=False)

    @property
    def route(self) -> str:
        """The next hop as a route. Only a proxy that was asked for shows on the wire.

        `hide` is the library's word for a route that it follows but does not send.
        """
        host = opening.uri_host(self.address)
        port = self.section.next_hop[1]
        transport = self.section.transport
        shown = "" if self.section.proxy else ";hide"
        return f"<sip:{host}:{port};transport={transport};lr{shown}>"

    @property
    def identity(self) -> str:
        """Our address of record at the trunk."""
        user = self.section.username or self.section.caller_numbers[0]
        return f"<sip:{user}@{host_in_uri(self.section)}>"


class TrunkAccount(SipAccount):
    """A trunk's account; calls may also come in on it."""

    def __init__(
        self, host: InviteHost, name: str, reports: TrunkReports, outbox: Outbox
    ) -> None:
        super().__init__(host)
        self.name = name
        self.registered = False
        self._reports, self._outbox = reports, outbox

    @guarded
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """A REGISTER was answered, or failed; also each one that refreshes."""
        code = int(prm.code) or 503  # no code: the network failed
        self.registered = 200 <= code < 300 and prm.expiration > 0
        if 200 <= code < 300 and not self.registered:
            return  # we have taken our leave
        self._outbox.tell(self._reports.registered, self.name, code)

    @guarded
    def onSendRequest(self, prm: pj.OnSendRequestParam) -> None:
        """An OPTIONS was answered. Whoever asked has a time-out of his own."""
        change = prm.e.body.tsxState
        if (
            prm.e.type == pj.PJSIP_EVENT_TSX_STATE
            and change.type != pj.PJSIP_EVENT_TIMER
        ):
            code = int(change.tsx.statusCode)
            self._outbox.tell(self._reports.answered, self.name, code)


class TrunkAccounts:
    """The trunks that are open, by name."""

    def __init__(
        self, host: InviteHost, sip: SipSection, reports: TrunkReports, outbox: Outbox
    ) -> None:
        self._host, self._sip = host, sip
        self._reports, self._outbox = reports, outbox
        self._accounts: dict[str, TrunkAccount] = {}
        self._orders: dict[str, TrunkOrder] = {}

    def open(self, order: TrunkOrder) -> None:
        """Make the trunk's account, or let it know its new address."""
        name = order.section.name
        if self._orders.get(name) == order:
            return
        account = self._accounts.get(name)
        try:
            if account:
                account.modify(self._config(order))
            else:
                account = TrunkAccount(self._host, name, self._reports, self._outbox)
                account.create(self._config(order))
        except pj.Error as error:
            raise TelephonyError(f"trunk {name}: {error.reason}") from None
        self._accounts[name], self._orders[name] = account, order

    def account(self, name: str) -> TrunkAccount:
        """The account that calls over this trunk use."""
        account = self._accounts.get(name)
        if not account:
            raise TelephonyError(f"trunk {name} is not open: its address is not known")
        return account

    def register(self, name: str) -> None:
        """Send a REGISTER; `TrunkReports.registered` follows."""
        try:
            self.account(name).setRegistration(True)
        except pj.Error:
            self._outbox.tell(self._reports.registered, name, 503)

    def ask(self, name: str) -> None:
        """Send an OPTIONS; `TrunkReports.answered` follows if there is an answer."""
        question = pj.SendRequestParam()
        question.method = "OPTIONS"
        question.txOption.targetUri = f"sip:{domain_of(self._orders[name].section)}"
        try:
            self.account(name).sendRequest(question)
        except pj.Error:
            self._outbox.tell(self._reports.answered, name, 503)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of trunks whose calls we take."""
        return frozenset(
            str(order.address)
            for order in self._orders.values()
            if order.section.trusted
        )

    def leave(self) -> None:
        """Take our registrations back."""
        for account in self._accounts.values():
            if account.registered:
                try:
                    account.setRegistration(False)
                except pj.Error:
                    account.registered = False

    @property
    def have_left(self) -> bool:
        """Whether no registration of ours is left."""
        return not any(account.registered for account in self._accounts.values())

    def close(self) -> None:
        """Let all accounts go."""
        for account in self._accounts.values():
            account.shutdown()
        self._accounts.clear()
        self._orders.clear()

    def _config(self, order: TrunkOrder) -> pj.AccountConfig:
        section = order.section
        config = opening.account_config(
            self._sip, opening.address_towards(self._sip, order.address)
        )
        config.idUri = order.identity
        config.sipConfig.proxies.append(order.route)
        if order.password.get_secret_value():
            config.sipConfig.authCreds.append(_credentials(order))
        config.natConfig.sipOutboundUse = NO_SIP_OUTBOUND
        registration = config.regConfig
        registration.registerOnAdd = False
        registration.retryIntervalSec = 0
        if section.register_here:
            registration.registrarUri = f"sip:{domain_of(section)}"
            registration.timeoutSec = section.expires_seconds
        return config


def _credentials(order: TrunkOrder) -> pj.AuthCredInfo:
    return pj.AuthCredInfo(
        "digest",
        order.section.realm,
        order.section.username,
        0,
        order.password.get_secret_value(),
    )
