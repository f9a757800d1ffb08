"""Reading SIP messages, the well-formed and the wild (RFC 3261, RFC 4475)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.pjsua.sip_message import (
    NameAddress,
    host_of,
    parse_message,
    parse_name_address,
    peer_of,
    read_invitation,
    user_of,
)

INVITE = """INVITE sip:12345@192.0.2.1 SIP/2.0\r
Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1\r
FROM : "Zhang \\"San\\"" <sip:13800138000@192.0.2.9;user=phone>;tag=1\r
t: <sip:12345@192.0.2.1>\r
i: call-1@192.0.2.9\r
P-Asserted-Identity: <tel:+8613800138000>, <sip:+8613800138000@192.0.2.9>\r
Privacy: none\r
Subject: first line\r
\t and the second\r
Content-Length: 3\r
\r
v=0"""


def test_compact_and_oddly_written_headers_are_read() -> None:
    message = parse_message(INVITE)
    assert message.request_uri == "sip:12345@192.0.2.1"
    assert message.header("call-id") == "call-1@192.0.2.9"
    assert message.header("to") == "<sip:12345@192.0.2.1>"
    assert message.header("subject") == "first line and the second"
    assert message.header("missing") == ""
    assert message.body == "v=0"


def test_invitation_carries_what_the_invite_says() -> None:
    invitation = read_invitation(parse_message(INVITE), "192.0.2.9:5060")
    assert invitation.sip_call_id == "call-1@192.0.2.9"
    assert invitation.from_name == 'Zhang "San"'
    assert invitation.from_uri == "sip:13800138000@192.0.2.9;user=phone"
    assert invitation.asserted_uri == "tel:+8613800138000"
    assert invitation.request_uri == "sip:12345@192.0.2.1"
    assert invitation.peer == "192.0.2.9"
    assert not invitation.withheld


@pytest.mark.parametrize(
    ("header", "withheld"),
    [
        ("Privacy: id", True),
        ("Privacy: user;id", True),
        ("privacy: critical; HEADER", True),
        ("Privacy: none", False),
        ("Privacy: critical", False),
        ("X-Privacy: id", False),
    ],
)
def test_caller_who_asks_for_privacy_is_withheld(header: str, withheld: bool) -> None:
    text = INVITE.replace("Privacy: none", header)
    assert read_invitation(parse_message(text), "192.0.2.9:5060").withheld is withheld


@pytest.mark.parametrize(
    "sender",
    [
        '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
        "sip:Anonymous@192.0.2.9",
        "<sip:anything@anonymous.invalid>",
    ],
)
def test_anonymous_sender_is_withheld(sender: str) -> None:
    text = f"INVITE sip:1@h SIP/2.0\r\nf: {sender}\r\n\r\n"
    assert read_invitation(parse_message(text), "192.0.2.9:5060").withheld


@pytest.mark.parametrize(
    ("value", "name", "uri"),
    [
        ("<sip:a@b>;tag=x", "", "sip:a@b"),
        ("sip:a@b;tag=x", "", "sip:a@b"),
        ("Bob  Jones <sips:bob@b>", "Bob  Jones", "sips:bob@b"),
        ('"a, <b> \\\\" <sip:c@d>', "a, <b> \\", "sip:c@d"),
        ("tel:+86531;x=1", "", "tel:+86531"),
        ('"张三" <sip:1@b>', "张三", "sip:1@b"),
        ('"never closed <sip:1@b>', '"never closed', "sip:1@b"),
        ("<sip:1@b", "", "sip:1@b"),
        ("", "", ""),
    ],
)
def test_name_address_is_taken_apart(value: str, name: str, uri: str) -> None:
    assert parse_name_address(value) == NameAddress(name=name, uri=uri)


@pytest.mark.parametrize(
    ("uri", "user", "host"),
    [
        ("sip:1001@192.0.2.1:5070;transport=tcp", "1001", "192.0.2.1"),
        ("sips:%31001:secret@host.example", "1001", "host.example"),
        ("SIP:a@[2001:db8::1]:5060", "a", "2001:db8::1"),
        ("sip:host.example", "", "host.example"),
        ("tel:+86-531;phone-context=x", "+86-531", ""),
        ("nonsense", "", ""),
        ("", "", ""),
    ],
)
def test_uri_is_taken_apart(uri: str, user: str, host: str) -> None:
    assert (user_of(uri), host_of(uri)) == (user, host)


@pytest.mark.parametrize(
    ("source", "peer"),
    [("192.0.2.9:5060", "192.0.2.9"), ("[::1]:5060", "::1"), ("odd", "odd"), ("", "")],
)
def test_peer_is_the_source_without_its_port(source: str, peer: str) -> None:
    assert peer_of(source) == peer


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    text = b'INVITE sip:1@h SIP/2.0\r\nFrom: "\xd5\xc5" <sip:1@b>\r\n\r\n'
    invitation = read_invitation(
        parse_message(text.decode("utf-8", "surrogateescape")), "x"
    )
    assert invitation.from_name.encode("utf-8")
    assert invitation.from_uri == "sip:1@b"


@given(st.text())
def test_no_garbage_makes_it_raise(garbage: str) -> None:
    read_invitation(parse_message(garbage), garbage)


@given(st.integers(0, len(INVITE)), st.text(max_size=20), st.integers(0, 30))
def test_no_mutation_makes_it_raise(at: int, insert: str, cut: int) -> None:
    read_invitation(
        parse_message(INVITE[:at] + insert + INVITE[at + cut :]), "192.0.2.9:5060"
    )


@given(st.binary())
def test_no_bytes_make_it_raise(garbage: bytes) -> None:
    read_invitation(parse_message(garbage.decode("utf-8", "surrogateescape")), "")
