"""A document as PDF on A4 (ISO 32000), with the letters that it needs from one font."""

import logging
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from console.pages.markdown import Block
from console.printing.document import Document

# It would name each letter that the font lacks, and letters may be of a person's name.
logging.getLogger("fpdf").setLevel(logging.ERROR)

MARGIN, FOOT = 12.0, 8.0
FAMILY = "print"
SIZES = {"h1": 16.0, "h2": 11.5, "p": 9.5, "quote": 8.5, "list": 9.5}
"""In points."""
HEAD = FontFace(emphasis=None, fill_color=(232, 238, 246))
WIDE_TABLE, SMALL, USUAL = 14, 5.6, 8.0
"""From so many columns on a table is set in small letters."""
FIRST_COLUMN = 1.6
"""Names need more room than figures."""
SIGNATURE_HEIGHT = 14.0


class FontRefused(Exception):
    """The font's file cannot be used."""

    error_id = "font_refused"


def pdf_of(document: Document, font: Path) -> bytes:
    """The document, page by page. `FontRefused`."""
    pdf = _Pages(document, font)
    pdf.add_page()
    for block in document.blocks:
        pdf.set(block)
    return bytes(pdf.output())


class _Pages(FPDF):
    """Paper with a foot, on which blocks are set one below the other."""

    def __init__(self, document: Document, font: Path) -> None:
        wide = "landscape" if document.wide else "portrait"
        super().__init__(orientation=wide, format="A4")
        self._foot = document.foot
        self.set_title(document.title)
        self.set_lang("zh-CN" if document.language == "zh" else "en")
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + FOOT)
        try:
            self.add_font(FAMILY, fname=font)
        except Exception as error:  # whatever the file holds
            raise FontRefused(
                f"{font} cannot be put into a PDF ({error}): set print_font under "
                "[console] to another TrueType file that has Chinese."
            ) from error
        self.set_font(FAMILY, size=USUAL)

    def footer(self) -> None:
        """What stands below each page."""
        self.set_y(-MARGIN - FOOT / 2)
        self.set_font(FAMILY, size=7)
        self.set_text_color(90)
        pages = {"page": str(self.page_no()), "pages": str(self.str_alias_nb_pages)}
        self.cell(0, FOOT, self._foot % pages, align="C")
        self.set_text_color(0)

    def set(self, block: Block) -> None:
        """Set one part."""
        match block.kind:
            case "table":
                self._table(block)
            case "signatures":
                self._signatures(block)
            case "list":
                for row in block.rows:
                    self._text("list", f"· {row[0]}")
            case kind:
                self._text(kind, block.text)

    def _text(self, kind: str, text: str) -> None:
        size = SIZES[kind]
        if kind in ("h1", "h2"):
            self.ln(1.5)
            # A title does not stand alone at the end of a page.
            self._break_unless(size + 18)
        self.set_font(FAMILY, size=size)
        height = size * 0.55
        left, below = XPos.LMARGIN, YPos.NEXT
        self.multi_cell(0, height, text, align="L", new_x=left, new_y=below)
        self.ln(1)

    def _table(self, block: Block) -> None:
        head, *rows = block.rows
        others = len(head) - 1
        small = len(head) >= WIDE_TABLE
        size = SMALL if small else USUAL
        self.set_font(FAMILY, size=size)
        figures = _figures(rows, len(head))
        with self.table(
            col_widths=(FIRST_COLUMN, *[1.0] * others) if others else None,
            text_align=tuple("RIGHT" if each else "LEFT" for each in figures),
            headings_style=HEAD,
            line_height=size * 0.5,
            padding=0.5 if small else 0.9,
            borders_layout="HORIZONTAL_LINES",
        ) as table:
            for row in block.rows:
                table.row(row)
        self.ln(2)

    def _signatures(self, block: Block) -> None:
        self.set_font(FAMILY, size=USUAL)
        for title, *_ in block.rows:
            self._break_unless(SIGNATURE_HEIGHT)
            self.cell(40, SIGNATURE_HEIGHT, title, border=1)
            self.cell(0, SIGNATURE_HEIGHT, "", border=1)
            self.ln(SIGNATURE_HEIGHT)

    def _break_unless(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()


def _figures(rows: list[tuple[str, ...]], columns: int) -> list[bool]:
    """Which columns hold figures: those without words, and never the first one."""
    return [
        place > 0
        and all(not any(c.isalpha() for c in row[place]) for row in rows if row[place:])
        for place in range(columns)
    ]
