"""Numbers of callers, in all the forms that trunks send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.events import Invitation
from telephony.numbers import NumberPlan, mask, user_of

JINAN = NumberPlan(country_code="86", area_code="0531")


def invitation(**changes: object) -> Invitation:
    """An INVITE of a mobile caller to the hotline."""
    values: dict[str, object] = {
        "sip_call_id": "1",
        "from_uri": "sip:13812345678@127.0.0.2",
        "from_name": "",
        "asserted_uri": "",
        "withheld": False,
        "request_uri": "sip:12345@127.0.0.1",
        "peer": "127.0.0.2",
    }
    return Invitation(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("13812345678", "+8613812345678"),
        ("+8613812345678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("008613812345678", "+8613812345678"),
        ("013812345678", "+8613812345678"),
        ("138-1234 5678", "+8613812345678"),
        ("053182345678", "+8653182345678"),
        ("82345678", "+8653182345678"),
        ("86 531 82345678", "+8653182345678"),
        ("01088889999", "+861088889999"),
        ("+14155552671", "+14155552671"),
        ("110", "110"),
        ("12345", "12345"),
        ("+8612345", "12345"),
        ("053112345", "12345"),
        ("+8653112345", "12345"),
        ("10086", "10086"),
        ("95588", "95588"),
        ("4008123123", "4008123123"),
        ("1001", "1001"),
        ("*67", "*67"),
        ("95000*", "95000*"),
        ("anonymous", ""),
        ("", ""),
        ("1; DROP TABLE calls", ""),
    ],
)
def test_number_is_brought_into_one_form(sent: str, kept: str) -> None:
    assert JINAN.normalise(sent) == kept


@given(st.text())
def test_whatever_is_sent_normalising_twice_changes_nothing(sent: str) -> None:
    once = JINAN.normalise(sent)
    assert JINAN.normalise(once) == once


@given(st.from_regex(r"(\+|00|86|0531|\+86)?[0-9*#]{1,12}", fullmatch=True))
def test_every_dialled_number_is_kept_in_one_form(sent: str) -> None:
    once = JINAN.normalise(sent)
    assert JINAN.normalise(once) == once


def test_asserted_identity_wins_over_from() -> None:
    asked = invitation(asserted_uri="<tel:+8613900000001>")
    assert JINAN.caller(asked) == "+8613900000001"


def test_from_counts_when_nothing_is_asserted() -> None:
    assert JINAN.caller(invitation()) == "+8613812345678"


def test_withheld_number_stays_withheld_though_the_trunk_knows_it() -> None:
    asked = invitation(withheld=True, asserted_uri="tel:+8613900000001")
    assert JINAN.caller(asked) == ""


def test_called_number_is_the_one_of_the_request() -> None:
    assert JINAN.called(invitation(request_uri="sip:053112315@10.0.0.1")) == "12315"


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("<sip:+86138@10.0.0.1;user=phone>", "+86138"),
        ("sips:a%20b@host", "a b"),
        ("tel:+86-138;phone-context=cn", "+86-138"),
        ("sip:10.0.0.1", ""),
        ("", ""),
        ("mailto:x@y", ""),
    ],
)
def test_user_part_is_found_in_any_uri(uri: str, user: str) -> None:
    assert user_of(uri) == user


@pytest.mark.parametrize(
    ("kept", "dialled", "masked"),
    [
        ("+8613812345678", "13812345678", "138****5678"),
        ("+8653182345678", "053182345678", "531****5678"),
        ("+14155552671", "+14155552671", "+14****2671"),
        ("110", "110", "110"),
        ("", "", ""),
    ],
)
def test_number_as_shown_to_agents_and_to_others(
    kept: str, dialled: str, masked: str
) -> None:
    assert JINAN.dialled(kept) == dialled
    assert mask(kept) == masked
