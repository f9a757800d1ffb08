"""Reading a contact from what an order system or a file says of it: strict, one by one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from typing import Any, Final

from ivr_flows.sentences import LANGUAGES
from outbound.contact import NewContact
from telephony.numbers import NumberPlan

FIELDS: Final = (
    "order_id",
    "number",
    "language",
    "closed_at",
    "unit",
    "confidential",
)
NEEDED: Final = ("order_id", "number", "closed_at")
LONGEST_ORDER_ID, LONGEST_UNIT = 64, 100
_FEW = 5
"""So many digits are no telephone number of a citizen."""
_ORDER_ID = re.compile(r"[\w.:/-]+")
_YES = frozenset({"true", "yes", "1", "是"})
_NO = frozenset({"false", "no", "0", "否", ""})


class ContactRefused(Exception):
    """A contact cannot be taken; the text says what to mend, without his number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReader:
    """Reads contacts; a `closed_at` without a zone is on the city's clock.

    `is_served` tells whether any trunk carries calls to a number.
    """

    numbers: NumberPlan
    zone: tzinfo
    is_served: Callable[[str], bool]

    def read(self, given: Mapping[str, Any], now: datetime) -> NewContact:
        """The contact; `ContactRefused` when anything of it is wrong."""
        _check_names(given)
        return NewContact(
            order_id=_order_id(_text(given, "order_id")),
            number=self._number(_text(given, "number")),
            language=_language(_text(given, "language")),
            closed_at=self._closed_at(_text(given, "closed_at"), now),
            unit=_unit(_text(given, "unit")),
            confidential=_flag(given.get("confidential", "")),
        )

    def _number(self, raw: str) -> str:
        number = self.numbers.normalise(raw)
        if not number.startswith("+"):
            raise ContactRefused("number: this is no citizen's telephone number")
        if not self.is_served(number):
            raise ContactRefused("number: no trunk may call it; look at [[trunks]]")
        return number

    def _closed_at(self, text: str, now: datetime) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ContactRefused(
                f"closed_at: {_quoted(text)} is no time; write one like 2026-11-20T14:03"
            ) from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        try:
            closed_at = aware.astimezone(UTC)
        except OverflowError:  # the first or last day that there is, in a zone
            raise ContactRefused("closed_at: no order was closed then") from None
        if closed_at > now:
            raise ContactRefused("closed_at: it lies in the future")
        return closed_at


def _quoted(text: str) -> str:
    """What stands there, if it can be no telephone number: columns may be shifted."""
    return "what stands there" if sum(map(str.isdigit, text)) > _FEW else repr(text)


def _check_names(given: Mapping[str, Any]) -> None:
    for name in given:
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FIELDS)}"
            )
            raise ContactRefused(f"there is no field {_quoted(name)}; {hint}")


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise ContactRefused(f"{name}: write it as text")
    if not value.strip() and name in NEEDED:
        raise ContactRefused(f"{name} is missing")
    return value.strip()


def _order_id(text: str) -> str:
    if len(text) > LONGEST_ORDER_ID or not _ORDER_ID.fullmatch(text):
        raise ContactRefused(
            f"order_id: letters, digits and . : / _ - only, at most {LONGEST_ORDER_ID}"
        )
    return text


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise ContactRefused(
            f"language: {_quoted(text)} is not spoken here; known: {', '.join(LANGUAGES)}"
        )
    return text or LANGUAGES[0]


def _unit(text: str) -> str:
    if len(text) > LONGEST_UNIT or not text.isprintable():
        raise ContactRefused(f"unit: one line of at most {LONGEST_UNIT} letters")
    return text


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ContactRefused("confidential: write true or false")
