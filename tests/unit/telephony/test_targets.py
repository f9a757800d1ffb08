"""Where calls go, and what their From says."""

from typing import Any

import pytest

from config.settings import SipSection
from telephony.calls import TelephonyError
from telephony.pjsua.targets import Order, write_order


async def _order(target: str, sip: SipSection | None = None, **how: Any) -> Order:
    wishes: dict[str, Any] = {"from_user": "12345", "from_name": "", "headers": {}}
    return await write_order(target, sip or SipSection(), **(wishes | how))


async def test_plain_target_is_called_as_it_is() -> None:
    order = await _order("sip:1001@127.0.0.3:5260")
    assert order.to_uri == order.target_uri == "sip:1001@127.0.0.3:5260"
    assert order.from_uri == "<sip:12345@127.0.0.1>"
    assert order.family == 4


async def test_name_of_a_host_is_resolved_before_the_call() -> None:
    order = await _order("sip:1001@localhost:5260;transport=tcp")
    assert order.to_uri == "sip:1001@localhost:5260;transport=tcp"
    assert order.target_uri == "sip:1001@127.0.0.1:5260;transport=tcp"


async def test_ipv6_target_is_written_with_brackets() -> None:
    sip = SipSection.model_validate({"address": "::1"})
    order = await _order("sip:1001@[::1]:5260", sip)
    assert order.target_uri == "sip:1001@[::1]:5260"
    assert order.from_uri == "<sip:12345@[::1]>"
    assert order.family == 6


@pytest.mark.parametrize(
    ("own", "target"), [("127.0.0.1", "sip:1@[::1]"), ("::1", "sip:1@127.0.0.3")]
)
async def test_target_of_the_other_address_family_is_refused(
    own: str, target: str
) -> None:
    sip = SipSection.model_validate({"address": own})
    with pytest.raises(TelephonyError, match="cannot be called from"):
        await _order(target, sip)


async def test_any_address_calls_both_families() -> None:
    sip = SipSection.model_validate({"address": "::"})
    families = [
        (await _order(f"sip:1@{host}", sip)).family for host in ("[::1]", "127.0.0.3")
    ]
    assert families == [6, 4]


async def test_from_shows_the_address_that_the_peer_reaches() -> None:
    sip = SipSection.model_validate({"address": "0.0.0.0"})
    assert (await _order("sip:1@127.0.0.3", sip)).from_uri == "<sip:12345@127.0.0.1>"


async def test_without_udp_the_transport_is_named() -> None:
    sip = SipSection(transports=("tcp",))
    order = await _order("sip:1001@127.0.0.3", sip)
    assert order.target_uri == "sip:1001@127.0.0.3;transport=tcp"
    order = await _order("sip:1001@127.0.0.3;transport=TLS", sip)
    assert order.target_uri == "sip:1001@127.0.0.3;transport=TLS"


async def test_name_and_number_cannot_break_out_of_from() -> None:
    order = await _order(
        "sip:1@127.0.0.3", from_user="1 <2>@#", from_name='a\r\nX: "b" \\'
    )
    assert order.from_uri == r'"a X: \"b\" \\" <sip:1%20%3C2%3E%40%23@127.0.0.1>'


async def test_number_that_is_withheld_leaves_a_word() -> None:
    order = await _order("sip:1@127.0.0.3", from_user="")
    assert order.from_uri == "<sip:anonymous@127.0.0.1>"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "1001",
        "tel:1001",
        "sip:127.0.0.3",
        "sip:a@b c",
        "sip:a@b\r\nX: y",
        "sip:a@<b>",
    ],
)
async def test_target_that_is_no_uri_is_refused_with_an_example(target: str) -> None:
    with pytest.raises(TelephonyError, match="write one like"):
        await _order(target)


async def test_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(TelephonyError, match=r"nosuch\.invalid"):
        await _order("sip:a@nosuch.invalid")


@pytest.mark.parametrize(
    "header", [{"X-A": "b\r\nVia: c"}, {"X A": "b"}, {"": "b"}, {"X:": "b"}]
)
async def test_header_that_would_split_the_message_is_refused(
    header: dict[str, str],
) -> None:
    with pytest.raises(TelephonyError, match="malformed"):
        await _order("sip:1@127.0.0.3", headers=header)
