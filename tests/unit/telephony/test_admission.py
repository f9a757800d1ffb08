"""Whom the endpoint lets in, and where it lets itself be sent."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.events import Refusal
from telephony.pjsua.admission import (
    is_trusted,
    may_refer_to,
    names_a_host,
    refusal_by_library,
    refusal_of_invite,
)
from telephony.pjsua.sip_message import SipMessage, parse_message

TRUSTED = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
SDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 8\r\n"


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("192.0.2.9", True),
        ("::ffff:192.0.2.9", True),
        ("2001:db8::1", True),
        ("198.51.100.1", False),
        ("192.0.2.9.evil.example", False),
        ("", False),
    ],
)
def test_only_addresses_of_trusted_networks_are_trusted(
    address: str, trusted: bool
) -> None:
    assert is_trusted(address, TRUSTED) is trusted


@pytest.mark.parametrize(
    "target",
    [
        "sip:1002@192.0.2.20",
        "<sip:1002@192.0.2.20:5070;transport=tcp>",
        "sips:%31@192.0.2.20;user=phone",
        "sip:1002@[2001:db8::5]:5060",
        "<sip:1002@192.0.2.20?Replaces=abc%40192.0.2.20%3Bto-tag%3D1%3Bfrom-tag%3D2>",
    ],
)
def test_transfer_may_go_to_a_trusted_address(target: str) -> None:
    assert may_refer_to(target, TRUSTED)


@pytest.mark.parametrize(
    "target",
    [
        "sip:0085212345@198.51.100.1",
        "sip:1002@gateway.example",
        "sip:x@198.51.100.1@192.0.2.20",
        "sip:x@198.51.100.1?a=@192.0.2.20",
        "sip:x@198.51.100.1;a=@192.0.2.20",
        "sip:1002@192.0.2.20;maddr=198.51.100.1",
        "sip:1002@192.0.2.20?Route=%3Csip:198.51.100.1%3Blr%3E",
        "sip:1002@192.0.2.20?Replaces=a&Route=%3Csip:198.51.100.1%3E",
        "sip:1002@192.0.2.20;transport=tcp;maddr=198.51.100.1",
        "sip:1002@192.0.2.20\r\nRoute: <sip:198.51.100.1>",
        "<sip:1002@198.51.100.1> <sip:1002@192.0.2.20>",
        "tel:0085212345",
        "sip:192.0.2.20",
        "",
    ],
)
def test_transfer_goes_nowhere_else_however_it_is_written(target: str) -> None:
    assert not may_refer_to(target, TRUSTED)


@pytest.mark.parametrize(
    ("sdp", "host"),
    [
        (SDP, False),
        ("", False),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4 slow.example"), True),
        (SDP.replace("o=- 1 1 IN IP4 192.0.2.9", "o=- 1 1 IN IP4 pc.example"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4  slow.example"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP6 2001:db8::9"), False),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4 224.2.1.1/127"), False),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN\tIP4\tslow.example"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=nonsense"), True),
        (SDP.replace("\r\n", "\n"), False),
        (SDP.replace("\r\n", "\n").replace("c=IN IP4 192.0.2.9", "c=IN IP4 x"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4 x 192.0.2.9"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN  IP4 192.0.2.9"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN\r\nx IP4 slow.example"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4 192.0.2.9\x0bx"), True),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP4 192.0.2.9 "), False),
        (SDP.replace("c=IN IP4 192.0.2.9", "c=IN IP6 fe80::1%eth0"), True),
        (SDP + "a=rtcp:4001\r\n", False),
        (SDP + "a=rtcp:4001 IN IP4 192.0.2.9\r\n", False),
        (SDP + "a=rtcp:4001 IN IP4 slow.example\r\n", True),
        (SDP + "a=rtcp-mux\r\na=rtcp-fb:* nack\r\n", False),
        (SDP + "m=audio 5000 RTP/AVP 8\r\nc=IN IP4 second.example\r\n", True),
    ],
)
def test_sdp_that_names_a_host_is_found(sdp: str, host: bool) -> None:
    assert names_a_host(sdp) is host


def _invite(*headers: str, body: str = SDP) -> SipMessage:
    text = "\r\n".join(["INVITE sip:12345@h SIP/2.0", *headers, "", body])
    return parse_message(text)


def test_invite_of_a_trusted_peer_is_admitted() -> None:
    assert refusal_of_invite(_invite("f: <sip:a@b>"), "192.0.2.9", TRUSTED) is None


@pytest.mark.parametrize(
    ("message", "peer", "refusal"),
    [
        (_invite(), "198.51.100.1", Refusal.UNTRUSTED_PEER),
        (_invite("Replaces: a;to-tag=1"), "192.0.2.9", Refusal.REPLACES),
        (
            _invite(body=SDP.replace("192.0.2.9", "slow.example")),
            "192.0.2.9",
            Refusal.HOST_NAME_IN_SDP,
        ),
    ],
)
def test_harmful_invite_is_refused(
    message: SipMessage, peer: str, refusal: Refusal
) -> None:
    assert refusal_of_invite(message, peer, TRUSTED) is refusal


@pytest.mark.parametrize(
    ("code", "message", "peer", "refusal"),
    [
        (486, _invite(), "192.0.2.9", Refusal.NO_FREE_LEG),
        (486, _invite(), "198.51.100.1", Refusal.UNTRUSTED_PEER),
        (500, _invite(), "192.0.2.9", Refusal.NO_FREE_LEG),
        (403, _invite("Replaces: a"), "192.0.2.9", Refusal.REPLACES),
        (488, _invite(), "192.0.2.9", Refusal.UNACCEPTABLE),
    ],
)
def test_refusal_by_the_library_is_named(
    code: int, message: SipMessage, peer: str, refusal: Refusal
) -> None:
    assert refusal_by_library(code, message, peer, TRUSTED) is refusal


@given(st.text())
def test_no_garbage_is_trusted(garbage: str) -> None:
    assert not may_refer_to(garbage, TRUSTED)
    names_a_host(garbage)
