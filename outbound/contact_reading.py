"""Reading a contact from what an order system or a file says of it: strict, one by one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from enum import StrEnum
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


class ContactFault(StrEnum):
    """What is wrong with a field, for programs and for whoever says it in another language."""

    MISSING = "missing"
    NOT_TEXT = "not_text"
    NO_SUCH_FIELD = "no_such_field"
    MALFORMED = "malformed"
    NO_NUMBER = "no_number"
    NO_TRUNK = "no_trunk"
    NO_TIME = "no_time"
    IN_FUTURE = "in_future"
    NOT_SPOKEN = "not_spoken"


class ContactRefused(Exception):
    """A contact cannot be taken; the text says what to mend, without his number.

    `field` is the wrong one; "" when there is no field of the name that was given.
    """

    def __init__(self, field: str, fault: ContactFault, words: str) -> None:
        super().__init__(words)
        self.field, self.fault = field, fault


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
            raise _fault(
                "number",
                ContactFault.NO_NUMBER,
                "this is no citizen's telephone number",
            )
        if not self.is_served(number):
            raise _fault(
                "number",
                ContactFault.NO_TRUNK,
                "no trunk may call it; look at [[trunks]]",
            )
        return number

    def _closed_at(self, text: str, now: datetime) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            words = f"{_quoted(text)} is no time; write one like 2026-11-20T14:03"
            raise _fault("closed_at", ContactFault.NO_TIME, words) from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        try:
            closed_at = aware.astimezone(UTC)
        except OverflowError:  # the first or last day that there is, in a zone
            words = "no order was closed then"
            raise _fault("closed_at", ContactFault.NO_TIME, words) from None
        if closed_at > now:
            raise _fault("closed_at", ContactFault.IN_FUTURE, "it lies in the future")
        return closed_at


def _fault(field: str, fault: ContactFault, words: str) -> ContactRefused:
    return ContactRefused(field, fault, f"{field}: {words}")


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
            words = f"there is no field {_quoted(name)}; {hint}"
            raise ContactRefused("", ContactFault.NO_SUCH_FIELD, words)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise _fault(name, ContactFault.NOT_TEXT, "write it as text")
    if not value.strip() and name in NEEDED:
        raise ContactRefused(name, ContactFault.MISSING, f"{name} is missing")
    return value.strip()


def _order_id(text: str) -> str:
    if len(text) > LONGEST_ORDER_ID or not _ORDER_ID.fullmatch(text):
        words = f"letters, digits and . : / _ - only, at most {LONGEST_ORDER_ID}"
        raise _fault("order_id", ContactFault.MALFORMED, words)
    return text


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        words = f"{_quoted(text)} is not spoken here; known: {', '.join(LANGUAGES)}"
        raise _fault("language", ContactFault.NOT_SPOKEN, words)
    return text or LANGUAGES[0]


def _unit(text: str) -> str:
    if len(text) > LONGEST_UNIT or not text.isprintable():
        words = f"one line of at most {LONGEST_UNIT} letters"
        raise _fault("unit", ContactFault.MALFORMED, words)
    return text


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _fault("confidential", ContactFault.MALFORMED, "write true or false")
