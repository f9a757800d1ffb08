"""A delivery (投递): one result on its way to the order system. Pure.

It is tried until it is taken, or is too old: then it is dead until somebody sends it
again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FIRST_RETRY_SECONDS: Final = 5.0
LONGEST_RETRY_SECONDS: Final = 3600.0


class DeliveryState(StrEnum):
    """How a delivery stands; who was `DELIVERED` had a 2xx from the order system."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class DeliveryError(Exception):
    """Deliveries cannot be treated so; `error_id` is stable."""

    error_id = "delivery_error"


class DeliveryUnknown(DeliveryError):
    """There is no delivery of this id."""

    error_id = "delivery_unknown"


class DeliveryTaken(DeliveryError):
    """The order system has it already."""

    error_id = "delivery_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A result and its way; the id is a ULID, the same with every try.

    `since` is when it was entered, or sent again by hand; `why_not` tells how the last
    try failed: an HTTP status, or a word. `due_at` is None when nothing is to be done.
    """

    id: str
    campaign: str
    contact_id: str
    body: str
    since: datetime
    state: DeliveryState
    tries: int
    due_at: datetime | None
    tried_at: datetime | None
    why_not: str


def taken(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery after the order system took it."""
    return replace(
        delivery,
        state=DeliveryState.DELIVERED,
        tries=delivery.tries + 1,
        tried_at=now,
        due_at=None,
        why_not="",
    )


def failed(
    delivery: Delivery, why_not: str, now: datetime, *, most: timedelta, spread: float
) -> Delivery:
    """The delivery after a try in vain: due again later, or dead when older than `most`.

    `spread` (0 to 1) moves the next try within the latter half of its pause, so that
    those that failed together do not come back together.
    """
    dead = now - delivery.since >= most
    tries = delivery.tries + 1
    return replace(
        delivery,
        state=DeliveryState.DEAD if dead else DeliveryState.PENDING,
        tries=tries,
        tried_at=now,
        due_at=None if dead else now + pause_after(tries, spread),
        why_not=why_not,
    )


def sent_again(delivery: Delivery, now: datetime) -> Delivery:
    """A dead or pending delivery that is due now, as if it were new; `DeliveryTaken`."""
    if delivery.state is DeliveryState.DELIVERED:
        raise DeliveryTaken(f"Delivery {delivery.id} was taken; it is not sent again.")
    return replace(
        delivery, state=DeliveryState.PENDING, since=now, due_at=now, tries=0
    )


def pause_after(tries: int, spread: float) -> timedelta:
    """How long to wait after so many tries: doubled each time, an hour at most."""
    longest = FIRST_RETRY_SECONDS * 2 ** min(tries - 1, 20)
    seconds = min(longest, LONGEST_RETRY_SECONDS) * (0.5 + spread / 2)
    return timedelta(seconds=seconds)
