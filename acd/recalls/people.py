"""Who might be recalled now, as presence, roster, leave and recalls of before have it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Person
from acd.staffing.recall_order import OffDuty
from acd.staffing.roster import Shift

REST = timedelta(hours=8)
"""A person whose shift ended less than this ago, or begins within it, is let rest [A]."""


def off_duty(
    people: Iterable[Person],
    shifts: Sequence[Shift],
    last_recalled: Mapping[str, datetime],
    now: datetime,
    zone: ZoneInfo,
    qualification: str = "",
    *,
    logged_in: Collection[str] = (),
) -> list[OffDuty]:
    """Everybody, with what speaks for and against ringing him; `shifts` are those around.

    Whoever is `logged_in` is on duty, whatever the roster says.
    """
    today = now.astimezone(zone).date()
    by_person: dict[str, list[Shift]] = {}
    for shift in shifts:
        by_person.setdefault(shift.person_id, []).append(shift)
    found = [
        _person(
            person,
            by_person.get(person.id, []),
            last_recalled.get(person.id),
            now,
            today,
            zone,
            qualification,
        )
        for person in people
    ]
    return [
        replace(one, on_duty=True) if one.person_id in logged_in else one
        for one in found
    ]


def _person(
    person: Person,
    shifts: Sequence[Shift],
    last: datetime | None,
    now: datetime,
    today: date,
    zone: ZoneInfo,
    qualification: str,
) -> OffDuty:
    minutes = person.home_minutes
    qualified = not qualification or person.is_qualified(qualification, today)
    return OffDuty(
        person_id=person.id,
        minutes_away=None if minutes is None else float(minutes),
        on_duty=any(s.starts_at(zone) <= now < s.ends_at(zone) for s in shifts),
        on_leave=person.is_on_leave(today),
        qualified=person.is_agent and qualified,
        rested=all(_rested(shift, now, zone) for shift in shifts),
        has_number=person.has_recall_number,
        last_recalled_at=last,
    )


def _rested(shift: Shift, now: datetime, zone: ZoneInfo) -> bool:
    return now - shift.ends_at(zone) >= REST or shift.starts_at(zone) - now >= REST
