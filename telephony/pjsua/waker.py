"""Waking the owner's thread while it polls the library."""

import logging
import socket

import pjsua2 as pj

from config.settings import SipSection
from telephony.pjsua.opening import transport_config

logger = logging.getLogger(__name__)

KEEP_ALIVE = b"\r\n\r\n"


class Waker:
    """Sends a keep-alive datagram to our own SIP port, which ends a running poll.

    The library drops CRLF keep-alives (RFC 5626 section 3.5.1) unseen. Where the
    settings ask for no UDP, a UDP transport is opened for this, on loopback only.
    """

    def __init__(self, endpoint: pj.Endpoint, sip: SipSection) -> None:
        host, port = _where_it_listens(endpoint, sip)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._target = (host, port)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def wake(self) -> None:
        """End a running poll; from any thread, never blocks."""
        try:
            self._socket.sendto(KEEP_ALIVE, self._target)
        except OSError as error:  # the poll then ends by itself, within 10 ms
            logger.debug("the telephony thread was not woken: %s", error)

    def close(self) -> None:
        """Free the socket; waking does nothing from now on."""
        self._socket.close()


def _where_it_listens(endpoint: pj.Endpoint, sip: SipSection) -> tuple[str, int]:
    if "udp" not in sip.transports:
        config = transport_config("127.0.0.1", 0)
        number = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, config)
        local = endpoint.transportGetInfo(number).localName
        return "127.0.0.1", int(local.rpartition(":")[2])
    if sip.address.is_unspecified:
        return ("127.0.0.1" if sip.address.version == 4 else "::1"), sip.port
    return str(sip.address), sip.port
