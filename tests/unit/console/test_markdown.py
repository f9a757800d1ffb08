"""Our own reports in Markdown as parts of a page."""

from console.pages.markdown import blocks_of


def test_each_form_is_a_part_of_its_kind() -> None:
    text = """# Title

> a draft

## Part

| a | b |
|---|---|
| 1 | <b> |

- one
- two
Plain words - with a dash.
"""
    blocks = blocks_of(text)
    assert [block.kind for block in blocks] == [
        "h1",
        "quote",
        "h2",
        "table",
        "list",
        "p",
    ]
    assert [block.text for block in blocks[:3]] == ["Title", "a draft", "Part"]
    assert blocks[3].rows == (("a", "b"), ("1", "<b>"))
    assert blocks[4].rows == (("one",), ("two",))
    assert blocks[5].text == "Plain words - with a dash."


def test_cell_of_dashes_is_a_value_where_others_are_none() -> None:
    (table,) = blocks_of("| a | b |\n|---|---|\n| – | 3 |\n| - | x |")
    assert table.rows[1:] == (("–", "3"), ("-", "x"))


def test_nothing_has_no_parts() -> None:
    assert blocks_of("\n\n") == []
