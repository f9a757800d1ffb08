"""What is printed, as a value: parts in order, each of plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acd.statistics.counted_call import Share
from console.pages.markdown import Block
from console.report_tables import Table, Value

MOST_CELLS = 20_000
"""More would keep the process busy for minutes; a workbook holds as much as one wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A title, `blocks` as `console.pages.markdown` has them, and the language's code.

    `wide` turns the paper. `foot` stands below each page, with %(page)s and %(pages)s.
    """

    title: str
    blocks: tuple[Block, ...]
    foot: str
    language: str
    wide: bool = False

    @property
    def cells(self) -> int:
        """How much there is to set."""
        return sum(len(row) for block in self.blocks for row in block.rows)


def block(kind: str, text: str) -> Block:
    """A part of one text."""
    return Block(kind=kind, rows=((text,),))


def printed(tables: Sequence[Table], nothing: str) -> Iterator[Block]:
    """The tables with their titles; what is empty says so."""
    for table in tables:
        yield block("h2", table.title)
        if table.rows:
            rows = (tuple(map(_text, row)) for row in table.rows)
            yield Block(kind="table", rows=(table.head, *rows))
        else:
            yield block("p", nothing)


def share_text(share: Share | None) -> str:
    """A rate with its part and whole; a dash without one."""
    if share is None or share.rate is None:
        return "–"
    return f"{share.rate * 100:.1f} % {share.part}/{share.whole}"


def _text(value: Value) -> str:
    if isinstance(value, Share):
        return share_text(value)
    return "–" if value is None else str(value)
