"""The few forms of Markdown that our own reports are written in, for a page.

Headings, paragraphs, quotations, lists and tables; text stays text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the page. `kind` is h1, h2, p, quote, list or table; a table's first row
    is its header."""

    kind: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The words of what is no list and no table."""
        return self.rows[0][0]


_STARTS = {"# ": "h1", "## ": "h2", "> ": "quote", "- ": "list", "|": "table"}


def blocks_of(text: str) -> list[Block]:
    """The parts in order; what stands in lines of one kind is one part."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        block
        for kind, run in groupby(lines, key=_kind)
        for block in _blocks(kind, list(run))
    ]


def _kind(line: str) -> str:
    return next(
        (kind for start, kind in _STARTS.items() if line.startswith(start)), "p"
    )


def _blocks(kind: str, lines: list[str]) -> Iterator[Block]:
    if kind == "table":
        rows = [_cells(line) for line in lines]
        yield Block(kind=kind, rows=tuple(row for row in rows if not _is_rule(row)))
    elif kind == "list":
        yield Block(kind=kind, rows=tuple((line[2:].strip(),) for line in lines))
    else:
        for line in lines:
            text = line if kind == "p" else line.split(" ", 1)[1]
            yield Block(kind=kind, rows=((text,),))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _is_rule(row: tuple[str, ...]) -> bool:
    return all(cell and not cell.strip("-") for cell in row)
