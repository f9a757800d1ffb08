"""Tables as files: CSV, XLSX, and no formula in either."""

import io

import pytest
from openpyxl import load_workbook

from config.sheets import csv_text, xlsx_bytes

ROWS = [["name", "n"], ["=1+1", 3], ['客户, "A"', None]]


def test_csv_holds_what_was_given_and_no_formula() -> None:
    assert csv_text(ROWS) == 'name,n\r\n\'=1+1,3\r\n"客户, ""A""",\r\n'


def test_workbook_has_a_sheet_for_each_table() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes({"一": ROWS, "Two": [["x"]]})))
    assert book.sheetnames == ["一", "Two"]
    cell = book["一"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert book["一"]["B2"].value == 3
    assert book["一"].freeze_panes == "A2"


def test_character_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot"):
        xlsx_bytes({"x": [["\x01"]]})
