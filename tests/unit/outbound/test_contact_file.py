"""Files of contacts, good and broken."""

import pytest

from config.sheets import csv_text
from outbound.contact_file import (
    REMARKS,
    ContactFileRefused,
    FileFault,
    contacts_of,
)

HEADER = "order_id,number,closed_at"


def contacts(text: str, name: str = "orders.csv") -> list[str]:
    """Places and order ids of a file with this text."""
    found = contacts_of(name, text.encode())
    return [f"{each.place} {each.values['order_id']}" for each in found]


def test_csv_tells_the_lines_and_passes_over_empty_ones() -> None:
    text = f"\ufeff{HEADER},unit\nA-1,138,2026,a\n\n,,,\nA-2,139,2026,b\n"
    assert contacts(text) == ["line 2 A-1", "line 5 A-2"]
    assert [each.number for each in contacts_of("a.csv", text.encode())] == [2, 5]


def test_json_tells_the_place_in_the_list() -> None:
    text = '[{"order_id": "A-1"}, {"order_id": "A-2"}]'
    assert contacts(text, "orders.JSON") == ["contact 1 A-1", "contact 2 A-2"]


def test_line_of_another_length_has_a_name_that_nobody_knows() -> None:
    (contact,) = contacts_of("orders.csv", f"{HEADER}\nA-1,138\n".encode())
    assert "2 cells for 3 columns" in contact.values


def test_empty_columns_without_a_name_are_passed_over_and_full_ones_reported() -> None:
    text = f"{HEADER},,\nA-1,138,2026,,\nA-2,139,2026,x,\n"
    empty, full = contacts_of("orders.csv", text.encode())
    assert set(empty.values) == set(HEADER.split(","))
    assert full.values[""] == "x"


def test_mended_list_of_refused_lines_is_read_without_its_remarks() -> None:
    rows = [[*HEADER.split(","), *REMARKS], ["A-1", "+86138", "2026", 7, "wrong"]]
    text = csv_text(rows)
    assert "'+86138" in text
    (contact,) = contacts_of("orders.csv", text.encode())
    assert contact.values == {
        "order_id": "A-1",
        "number": "+86138",
        "closed_at": "2026",
    }


BROKEN = {
    "closed_at is missing": ("orders.csv", "order_id,number\nA-1,138\n"),
    "stands there twice": ("orders.csv", f"{HEADER},number\n"),
    "is missing": ("orders.csv", ""),
    "orders.csv": ("orders.csv", f'{HEADER}\nA-1,"138\n'),
    "write a list of contacts": ("orders.json", '{"order_id": "A-1"}'),
    "orders.json": ("orders.json", "[{]"),
    "nested too deeply": ("orders.json", "[" * 200_000),
    "half a character": ("orders.json", '[{"order_id": "\\ud800"}]'),
}


@pytest.mark.parametrize(("words", "file"), BROKEN.items(), ids=BROKEN)
def test_broken_file_is_refused_as_a_whole(words: str, file: tuple[str, str]) -> None:
    name, text = file
    with pytest.raises(ContactFileRefused, match=words):
        contacts(text, name)


def test_refusal_tells_programs_what_is_wrong() -> None:
    with pytest.raises(ContactFileRefused) as refused:
        contacts("order_id,unit\n")
    assert refused.value.fault is FileFault.COLUMN_MISSING
    assert refused.value.what == "number, closed_at"


def test_file_of_another_encoding_says_how_to_save_it() -> None:
    content = f"{HEADER},unit\nA-1,138,2026,供水\n".encode("gbk")
    with pytest.raises(ContactFileRefused, match=r"not UTF-8; save it as .CSV UTF-8"):
        contacts_of("orders.csv", content)
