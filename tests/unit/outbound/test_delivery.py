"""A delivery is tried until it is taken or too old; and signed, so that it is believed."""

from datetime import UTC, datetime, timedelta

import pytest

from outbound.deliveries.delivery import (
    Delivery,
    DeliveryState,
    DeliveryTaken,
    failed,
    pause_after,
    sent_again,
    taken,
)
from outbound.deliveries.signature import headers, signature

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
DAY = timedelta(days=1)
NEW = Delivery(
    id="01D",
    campaign="november",
    contact_id="01C",
    body="{}",
    since=NOW,
    state=DeliveryState.PENDING,
    tries=0,
    due_at=NOW,
    tried_at=None,
    why_not="",
)


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [pause_after(tries, 1).total_seconds() for tries in (1, 2, 3, 10, 11, 99)]
    assert pauses == [5, 10, 20, 2560, 3600, 3600]


def test_spread_moves_a_try_within_the_latter_half_of_its_pause() -> None:
    assert pause_after(3, 0) == timedelta(seconds=10)
    assert pause_after(3, 0.5) == timedelta(seconds=15)


def test_what_is_not_taken_is_tried_again_until_it_is_too_old() -> None:
    delivery, now, tries = NEW, NOW, 0
    while delivery.due_at:
        now = delivery.due_at
        delivery = failed(delivery, "HTTP 503", now, most=DAY, spread=1)
        tries += 1
    assert (delivery.state, delivery.tries) == (DeliveryState.DEAD, tries)
    assert DAY <= now - NOW < DAY + timedelta(hours=1)
    assert delivery.why_not == "HTTP 503"


def test_dead_delivery_that_is_sent_again_has_its_whole_time_once_more() -> None:
    dead = failed(NEW, "HTTP 500", NOW + 2 * DAY, most=DAY, spread=1)
    again = sent_again(dead, NOW + 3 * DAY)
    assert (again.state, again.due_at) == (DeliveryState.PENDING, NOW + 3 * DAY)
    later = failed(again, "HTTP 500", NOW + 3 * DAY, most=DAY, spread=1)
    assert later.state is DeliveryState.PENDING


def test_what_was_taken_is_not_sent_again() -> None:
    with pytest.raises(DeliveryTaken):
        sent_again(taken(NEW, NOW), NOW)


def test_signature_is_the_hmac_that_openssl_makes() -> None:
    # printf '1762047000.{"a":1}' | openssl dgst -sha256 -hmac 'not a secret at all'
    known = "a7f4893fa77893b6c3f45a77949bb0ae3a969c8db6225a36fbc1860da77f929f"
    assert signature(b"not a secret at all", 1762047000, b'{"a":1}') == f"v1={known}"


def test_signature_covers_the_time_and_the_body() -> None:
    signed = signature(b"k" * 16, 1, b"2")
    assert signed != signature(b"k" * 16, 12, b"")
    assert signed != signature(b"k" * 16, 1, b"3")
    assert signed != signature(b"l" * 16, 1, b"2")


def test_every_try_has_the_same_id() -> None:
    first, later = (headers(b"k" * 16, "01D", at, b"{}") for at in (1, 2))
    assert first["Idempotency-Key"] == later["Idempotency-Key"] == "01D"
    assert first["Hotline-Signature"] != later["Hotline-Signature"]
