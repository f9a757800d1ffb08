"""Files of contacts, good and broken."""

from pathlib import Path

import pytest

from hotline.contact_file import ContactFileRefused, read_contacts

HEADER = "order_id,number,closed_at"


def contacts(folder: Path, text: str, name: str = "orders.csv") -> list[str]:
    """Places and order ids of a file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return [f"{each.place} {each.values['order_id']}" for each in read_contacts(file)]


def test_csv_tells_the_lines_and_passes_over_empty_ones(tmp_path: Path) -> None:
    text = f"\ufeff{HEADER},unit\nA-1,138,2026,a\n\n,,,\nA-2,139,2026,b\n"
    assert contacts(tmp_path, text) == ["line 2 A-1", "line 5 A-2"]


def test_json_tells_the_place_in_the_list(tmp_path: Path) -> None:
    text = '[{"order_id": "A-1"}, {"order_id": "A-2"}]'
    said = contacts(tmp_path, text, "orders.json")
    assert said == ["contact 1 A-1", "contact 2 A-2"]


def test_line_of_another_length_has_a_name_that_nobody_knows(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(f"{HEADER}\nA-1,138\n", encoding="utf-8")
    (contact,) = read_contacts(file)
    assert "2 cells for 3 columns" in contact.values


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
def test_broken_file_is_refused_as_a_whole(
    words: str, file: tuple[str, str], tmp_path: Path
) -> None:
    name, text = file
    with pytest.raises(ContactFileRefused, match=words):
        contacts(tmp_path, text, name)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContactFileRefused, match=r"orders\.csv cannot be read"):
        read_contacts(tmp_path / "orders.csv")


def test_file_of_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(f"{HEADER},unit\nA-1,138,2026,供水\n", encoding="gbk")
    with pytest.raises(ContactFileRefused, match=r"not UTF-8; save it as .CSV UTF-8"):
        read_contacts(file)
