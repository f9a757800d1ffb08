"""A test call made ready from the settings, and placed with an endpoint of its own."""

import socket
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from config.key_file import KeyFileError, load_key
from config.settings import IpAddress, Settings, SipSection
from telephony.calls import TelephonyError
from telephony.pjsua.endpoint import PjsuaEndpoint
from telephony.test_call import CallTestFault, CallTestOrder, CallTestResult, placed
from telephony.test_marks import make_mark

CALLED = "12345"


def own_address(sip: SipSection) -> IpAddress:
    """Where this machine reaches the endpoint."""
    if not sip.address.is_unspecified:
        return sip.address
    return ip_address("127.0.0.1" if sip.address.version == 4 else "::1")


def own_target(sip: SipSection) -> str:
    """The hotline itself, as a SIP URI."""
    address = own_address(sip)
    host = f"[{address}]" if address.version == 6 else str(address)
    first = "udp" if "udp" in sip.transports else sip.transports[0]
    port = sip.tls_port if first == "tls" else sip.port
    way = "" if first == "udp" else f";transport={first}"
    return f"sip:{CALLED}@{host}:{port}{way}"


def order_of(settings: Settings, to: str = "") -> CallTestOrder:
    """What to place now; `KeyFileError` when there is no key to mark it with."""
    wanted, file = settings.test_call, settings.test_call_key_file
    if not file.exists():
        raise KeyFileError(
            f"There is no key at {file}, so the hotline would count this call as a citizen's. Its first start makes the key; on another machine copy it there."
        )
    return CallTestOrder(
        target=to or wanted.to or own_target(settings.sip),
        mark=make_mark(load_key(file), datetime.now(UTC)),
        ring_seconds=wanted.ring_seconds,
        listen_seconds=wanted.listen_seconds,
    )


def callers_sip(sip: SipSection) -> SipSection:
    """The settings of an endpoint beside the one that is called: on ports of its own."""
    ports = {"port": _free_port(sip.address), "tls_port": _free_port(sip.address)}
    return sip.model_copy(update={"trusted_peers": (), **ports})


async def place(sip: SipSection, order: CallTestOrder) -> CallTestResult:
    """Place it and listen; never raises for the call's sake."""
    with TemporaryDirectory(prefix="hotline-test-call-") as folder:
        try:
            async with PjsuaEndpoint(callers_sip(sip)) as endpoint:
                return await placed(endpoint, order, Path(folder))
        except TelephonyError as error:
            return CallTestResult(fault=CallTestFault.NOT_PLACED, words=str(error))


def _free_port(address: IpAddress) -> int:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))
        return int(probe.getsockname()[1])
