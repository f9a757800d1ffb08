"""A file of numbers: lines, a CSV, and what cannot be used."""

from pathlib import Path

import pytest

from hotline.number_file import read_numbers
from outbound.contact_file import ContactFileRefused


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    file = folder / "numbers.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_plain_lines_are_numbers_with_their_places(tmp_path: Path) -> None:
    found = read_numbers(written(tmp_path, "13812345678\n\n 053112345 \n"))
    assert [(it.place, it.number) for it in found] == [
        ("line 1", "13812345678"),
        ("line 3", "053112345"),
    ]


def test_column_of_a_csv_is_found_by_its_name(tmp_path: Path) -> None:
    found = read_numbers(written(tmp_path, "name,number\n王,13812345678\n李\n"))
    assert [(it.place, it.number) for it in found] == [
        ("line 2", "13812345678"),
        ("line 3", ""),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no number"),
        ("name,telephone\n王,13812345678\n", "number is missing"),
        ('"13812345678\n', "cannot be read"),
    ],
)
def test_file_that_holds_no_numbers_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ContactFileRefused, match=words):
        read_numbers(written(tmp_path, text))
