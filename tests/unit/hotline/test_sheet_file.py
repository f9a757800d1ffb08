"""Tables in CSV and XLSX: strict to read, and never a formula when written."""

import zipfile
from datetime import date, time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from hotline.sheet_file import Columns, SheetRefused, read_sheet, write_sheet

COLUMNS = Columns(known=("id", "name", "day"), needed=("id",))
KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx"])
DANGEROUS = ("=HYPERLINK(1)", "+8613812345678", "-1", "@SUM", "plain", "")


@KINDS
def test_what_is_written_is_read_the_same(tmp_path: Path, kind: str) -> None:
    lines = [
        {"id": f"{n}", "name": text, "day": ""} for n, text in enumerate(DANGEROUS)
    ]
    file = tmp_path / f"people.{kind}"
    write_sheet(file, COLUMNS.known, lines)
    read = read_sheet(file, COLUMNS)
    assert [line.values for line in read] == lines
    assert [line.place for line in read][:2] == ["line 2", "line 3"]


def test_no_cell_of_an_xlsx_is_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    write_sheet(file, ["name"], [{"name": text} for text in DANGEROUS])
    cells = [row[0] for row in load_workbook(file).active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells[:5]} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 4 + [False] * 2
    text = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in text


def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    write_sheet(file, ["name"], [{"name": text} for text in DANGEROUS])
    rows = file.read_text(encoding="utf-8").splitlines()[1:]
    assert not [row for row in rows if row.startswith(("=", "+", "-", "@"))]


def test_typed_cells_of_an_xlsx_are_read_as_text(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["id", "name", "day", None],
        [1001, time(8, 30), date(2026, 12, 1)],
        [13812345678.0, 1.5, True],
        [None, None, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    first, second = read_sheet(tmp_path / "people.xlsx", COLUMNS)
    assert first.values == {"id": "1001", "name": "08:30", "day": "2026-12-01"}
    assert (second.values["id"], second.values["name"]) == ("13812345678", "1.5")


def test_formula_in_a_file_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id"])
    book.active.append(["=1+1"])
    book.save(tmp_path / "people.xlsx")
    with pytest.raises(SheetRefused, match="line 2 holds a formula"):
        read_sheet(tmp_path / "people.xlsx", COLUMNS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "id is missing"),
        ("name\nLi\n", "id is missing; known: id, name, day"),
        ("id,salary\n1,2\n", "no column 'salary'"),
        ("id,id\n1,2\n", "stands there twice"),
        ('id\n"1\n', "unexpected end"),
    ],
)
def test_file_that_cannot_be_used_is_refused_whole(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SheetRefused, match=words):
        read_sheet(file, COLUMNS)


def test_cells_beyond_the_header_are_reported_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id\n1,2\n", encoding="utf-8")
    (line,) = read_sheet(file, COLUMNS)
    assert list(line.values) == ["id", "2 cells for 1 columns"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_file_that_is_not_there_or_no_table_is_told(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"people.{kind}"
    with pytest.raises(SheetRefused, match="No such file"):
        read_sheet(file, COLUMNS)
    file.write_bytes(b"\xff\xfe\x00nothing")
    with pytest.raises(SheetRefused, match=str(file)):
        read_sheet(file, COLUMNS)


@KINDS
def test_numbers_stay_numbers_and_nothing_stays_nothing(
    tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"figures.{kind}"
    write_sheet(
        file, ["calls", "bias", "rate"], [{"calls": 7, "bias": -0.5, "rate": None}]
    )
    if kind == "csv":
        assert file.read_text(encoding="utf-8").splitlines()[1] == "7,-0.5,"
    else:
        [row] = load_workbook(file).active.iter_rows(min_row=2, values_only=True)
        assert row == (7, -0.5, None)
