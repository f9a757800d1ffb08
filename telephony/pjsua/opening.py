"""Opening the library as the settings want it: transports, accounts, codecs."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

import pjsua2 as pj

from config.settings import SipSection
from telephony.calls import TelephonyError
from telephony.pjsua.library import EVERY_CALL, TUNED_LEGS

CLOCK_RATE: Final = 8000
RESOLVER_SETTINGS: Final = Path("/etc/resolv.conf")
TLS_1_2_AND_1_3: Final = 48
"""PJ_SSL_SOCK_PROTO_TLS1_2 | PJ_SSL_SOCK_PROTO_TLS1_3; pjsua2 exports no names."""

_KINDS: Final = {
    ("udp", 4): pj.PJSIP_TRANSPORT_UDP,
    ("tcp", 4): pj.PJSIP_TRANSPORT_TCP,
    ("tls", 4): pj.PJSIP_TRANSPORT_TLS,
    ("udp", 6): pj.PJSIP_TRANSPORT_UDP6,
    ("tcp", 6): pj.PJSIP_TRANSPORT_TCP6,
    ("tls", 6): pj.PJSIP_TRANSPORT_TLS6,
}
_SRTP: Final = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "required": pj.PJMEDIA_SRTP_MANDATORY,
}

Address = IPv4Address | IPv6Address


def endpoint_config(log_level: int) -> pj.EpConfig:
    """No threads of the library for SIP; a bridge clock that never stops."""
    config = pj.EpConfig()
    agent, media = config.uaConfig, config.medConfig
    agent.maxCalls, agent.threadCnt = EVERY_CALL, 0
    agent.userAgent = "Hotline"
    agent.natTypeInSdp = 0
    agent.nameserver = pj.StringVector(name_servers())
    agent.mwiUnsolicitedEnabled = False
    media.threadCnt = 1
    media.clockRate = media.sndClockRate = CLOCK_RATE
    media.ecTailLen = 0
    media.noVad = True
    # Else the clock stops in an idle bridge, and recorders are never completed.
    media.sndAutoCloseTime = -1
    config.logConfig.level = config.logConfig.consoleLevel = log_level
    return config


def name_servers() -> list[str]:
    """The system's name servers, for the library's own resolver.

    Without them it asks the system's resolver on the SIP thread: any stranger's packet
    whose Via carries `maddr=slow.example` would then stop all calls for seconds. IPv4
    alone: one that it does not understand would keep it from starting.
    """
    try:
        lines = RESOLVER_SETTINGS.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    words = [line.split() for line in lines]
    found = [word[1] for word in words if len(word) > 1 and word[0] == "nameserver"]
    return [server for server in found if _is_ipv4(server)][:4] or ["127.0.0.1"]


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def refuse_what_is_unsafe(sip: SipSection, legs: int) -> None:
    """The wheel from PyPI is for trying the hotline on one machine, by IPv4."""
    if legs >= TUNED_LEGS:
        return
    small = f"this pjsua2 is the small build from PyPI ({legs} legs)"
    advice = "Build the safe one with 'make pjsip', or set"
    if not sip.address.is_loopback:
        raise TelephonyError(
            f"{small}: a few forged packets can crash it, so it may not listen on "
            f"{sip.address}. {advice} sip.address to 127.0.0.1"
        )
    if sip.address.version == 6:
        raise TelephonyError(
            f"{small}, which speaks no IPv6. {advice} sip.address to 127.0.0.1"
        )
    if "tls" in sip.transports:
        raise TelephonyError(
            f"{small}, whose TLS library is out of support. {advice} sip.transports without tls"
        )


def families(address: Address) -> tuple[Address, ...]:
    """The addresses to bind: one, or for `::` those of both families."""
    if address == ip_address("::"):
        return ip_address("0.0.0.0"), address
    return (address,)


def open_transports(endpoint: pj.Endpoint, sip: SipSection) -> None:
    """Listen where the settings say; `TelephonyError` tells which one cannot."""
    for address in families(sip.address):
        for name in sip.transports:
            port = sip.tls_port if name == "tls" else sip.port
            bound = "" if address.is_unspecified else str(address)
            config = transport_config(bound, port)
            if name == "tls":
                _add_certificate(config, sip)
            _open(endpoint, name, address, port, config)


def transport_config(bound_address: str, port: int) -> pj.TransportConfig:
    """A transport on this address, "" for any; port 0 lets the system choose."""
    config = pj.TransportConfig()
    config.port = port
    config.boundAddress = bound_address
    return config


def _add_certificate(config: pj.TransportConfig, sip: SipSection) -> None:
    for file in (sip.tls_certificate, sip.tls_private_key):
        if not file or not file.is_file():
            raise TelephonyError(
                f"the TLS file {file} does not exist; set sip.tls_certificate and sip.tls_private_key"
            )
    config.tlsConfig.certFile = str(sip.tls_certificate)
    config.tlsConfig.privKeyFile = str(sip.tls_private_key)
    config.tlsConfig.proto = TLS_1_2_AND_1_3


def _open(
    endpoint: pj.Endpoint,
    name: str,
    address: Address,
    port: int,
    config: pj.TransportConfig,
) -> None:
    try:
        endpoint.transportCreate(_KINDS[name, address.version], config)
    except pj.Error as error:
        raise TelephonyError(
            f"cannot listen for SIP on {address} port {port} ({name}): {error.reason}. "
            "If another program uses the port, stop it or set another sip.port"
        ) from None


def address_towards(sip: SipSection, peer: Address) -> Address:
    """Our address of the peer's family; `TelephonyError` when we have none."""
    for address in families(sip.address):
        if address.version == peer.version:
            return address
    raise TelephonyError(
        f"{peer} cannot be called from sip.address {sip.address}: that is not IPv{peer.version}"
    )


def account_config(sip: SipSection, address: Address) -> pj.AccountConfig:
    """One account serves one address family."""
    config = pj.AccountConfig()
    config.idUri = f"sip:hotline@{uri_host(address)}"
    media = config.mediaConfig
    if address.version == 6:
        media.ipv6Use = pj.PJSUA_IPV6_ENABLED_USE_IPV6_ONLY
        if hasattr(config.sipConfig, "ipv6Use"):
            config.sipConfig.ipv6Use = pj.PJSUA_IPV6_ENABLED_USE_IPV6_ONLY
    first, last = sip.rtp_ports
    media.transportConfig.port = first
    media.transportConfig.portRange = last - first
    if not address.is_unspecified:
        media.transportConfig.boundAddress = str(address)
    media.srtpUse = _SRTP[sip.srtp]
    media.srtpSecureSignaling = 0
    config.natConfig.contactRewriteUse = 0
    config.natConfig.viaRewriteUse = 0
    config.natConfig.sdpNatRewriteUse = 0
    config.natConfig.udpKaIntervalSec = 0
    return config


def uri_host(address: Address) -> str:
    """An address as the host of a SIP URI."""
    return f"[{address}]" if address.version == 6 else str(address)


def choose_codecs(endpoint: pj.Endpoint, wanted: tuple[str, ...]) -> None:
    """Offer these codecs, the first one first, and no other."""
    order = [name.lower() for name in wanted]
    found = 0
    for codec in endpoint.codecEnum2():
        name = codec.codecId.partition("/")[0].lower()
        rank = 255 - order.index(name) if name in order else 0
        endpoint.codecSetPriority(codec.codecId, rank)
        found += rank > 0
    if not found:
        raise TelephonyError(
            f"the telephony library knows none of sip.codecs {', '.join(wanted)}; write for instance PCMA, PCMU"
        )
