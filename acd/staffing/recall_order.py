"""Whom a recall rings, and in which order: qualified, rested, near, and by turns.

Pure. Everybody who is not rung has a reason that a person can be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NEAR_BAND_MINUTES = 10
"""Whose ways differ by less than this are equally near: then it goes by turns."""


class PassedOver(StrEnum):
    """Why somebody is not rung; the first that holds is told."""

    ON_DUTY = "on_duty"
    ON_LEAVE = "on_leave"
    NOT_QUALIFIED = "not_qualified"
    NOT_RESTED = "not_rested"
    NO_NUMBER = "no_number"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffDuty:
    """A person who might be recalled. `minutes_away` is None where nobody knows.

    `rested` tells whether he may work from now on by the rest rules of the roster.
    """

    person_id: str
    minutes_away: float | None = None
    on_duty: bool = False
    on_leave: bool = False
    qualified: bool = True
    rested: bool = True
    has_number: bool = True
    last_recalled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallOrder:
    """Who is rung, in this order, and why the others are not."""

    rung: tuple[str, ...]
    passed_over: tuple[tuple[str, PassedOver], ...]


def recall_order(people: Iterable[OffDuty], within_minutes: float) -> RecallOrder:
    """Nearest first; of those equally near, who was recalled longest ago.

    Whose way is not known comes after all whose way is.
    """
    people = list(people)
    reasons = {person.person_id: _reason(person, within_minutes) for person in people}
    rung = sorted(
        (person for person in people if reasons[person.person_id] is None), key=_turn
    )
    return RecallOrder(
        rung=tuple(person.person_id for person in rung),
        passed_over=tuple((who, why) for who, why in reasons.items() if why),
    )


def _reason(person: OffDuty, within_minutes: float) -> PassedOver | None:
    away = person.minutes_away
    reasons = {
        PassedOver.ON_DUTY: person.on_duty,
        PassedOver.ON_LEAVE: person.on_leave,
        PassedOver.NOT_QUALIFIED: not person.qualified,
        PassedOver.NOT_RESTED: not person.rested,
        PassedOver.NO_NUMBER: not person.has_number,
        PassedOver.TOO_FAR: away is not None and away > within_minutes,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _turn(person: OffDuty) -> tuple[float, float, str]:
    away = person.minutes_away
    band = float("inf") if away is None else away // NEAR_BAND_MINUTES
    last = person.last_recalled_at
    return band, last.timestamp() if last else float("-inf"), person.person_id
