"""What an order system may say of a contact, and how it hears what is wrong."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outbound.contact_reading import (
    FIELDS,
    ContactFault,
    ContactReader,
    ContactRefused,
)
from telephony.numbers import NumberPlan

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
READER = ContactReader(
    numbers=NumberPlan(country_code="86", area_code="0531"),
    zone=ZoneInfo("Asia/Shanghai"),
    is_served=lambda number: number.startswith("+86"),
)
GOOD = {
    "order_id": "JN-2026-001",
    "number": "138 1234 5678",
    "language": "en",
    "closed_at": "2026-11-01T14:03",
    "unit": "市水务局",
    "confidential": "是",
}


def read(**changes: Any) -> Any:
    """The good contact with changes; None takes a field away."""
    given = {**GOOD, **changes}
    return READER.read({k: v for k, v in given.items() if v is not None}, NOW)


def test_contact_is_read_into_the_kept_forms() -> None:
    contact = read()
    assert contact.number == "+8613812345678"
    assert contact.closed_at == datetime(2026, 11, 1, 6, 3, tzinfo=UTC)
    assert contact.confidential is True
    assert (contact.language, contact.unit) == ("en", "市水务局")


def test_only_order_number_and_time_are_needed() -> None:
    contact = read(language=None, unit=None, confidential=None)
    assert (contact.language, contact.unit, contact.confidential) == ("zh", "", False)


def test_time_with_a_zone_keeps_it() -> None:
    contact = read(closed_at="2026-11-01T14:03:00+00:00")
    assert contact.closed_at == datetime(2026, 11, 1, 14, 3, tzinfo=UTC)


WRONG = {
    "order_id is missing": {"order_id": None},
    "order_id: letters": {"order_id": "a b"},
    "order_id: letters, digits": {"order_id": "x" * 65},
    "order_id: write it as text": {"order_id": 17},
    "number is missing": {"number": " "},
    "number: this is no citizen's": {"number": "110"},
    "number: this is no": {"number": "nobody"},
    "number: no trunk may call it": {"number": "+14155552671"},
    "language: 'fr' is not spoken": {"language": "fr"},
    "closed_at: 'yesterday' is no time": {"closed_at": "yesterday"},
    "closed_at: it lies in the future": {"closed_at": "2026-11-02T09:01"},
    "closed_at: no order was closed then": {"closed_at": "0001-01-01"},
    "closed_at: what stands there is no time": {"closed_at": "13812345678"},
    "language: what stands there is not spoken": {"language": "13812345678"},
    "no field what stands there; known": {"13812345678": "x"},
    "unit: one line": {"unit": "a\nb"},
    "unit: one line of at most": {"unit": "局" * 101},
    "confidential: write true": {"confidential": "maybe"},
    "confidential: write true or": {"confidential": 2},
    "no field 'nummer'; did you mean 'number'": {"nummer": "1"},
}


@pytest.mark.parametrize(("words", "changes"), WRONG.items(), ids=WRONG)
def test_what_is_wrong_is_said_without_the_number(
    words: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ContactRefused) as refused:
        read(**changes)
    assert words in str(refused.value)
    assert "138" not in str(refused.value)
    assert "4155552671" not in str(refused.value)
    assert refused.value.field in (*FIELDS, "")


def test_refusal_names_the_field_and_the_fault_for_programs() -> None:
    faults = {
        ("number", ContactFault.MISSING): {"number": None},
        ("number", ContactFault.NO_NUMBER): {"number": "110"},
        ("", ContactFault.NO_SUCH_FIELD): {"13812345678": "x"},
        ("closed_at", ContactFault.IN_FUTURE): {"closed_at": "2026-11-02T09:01"},
    }
    for told, changes in faults.items():
        with pytest.raises(ContactRefused) as refused:
            read(**changes)
        assert (refused.value.field, refused.value.fault) == told
