"""The part of `hotline check` that looks whether reports can be made as PDF."""

from collections.abc import Iterator

from config.settings import Settings
from console.printing.document import Document, block
from console.printing.font import FontMissing, find_font
from console.printing.pdf import FontRefused, pdf_of
from hotline.finding import Finding, Verdict

SAMPLE = Document(
    title="热线", blocks=(block("p", "热线 12345"),), foot="", language="zh"
)


def check_print(settings: Settings) -> Iterator[Finding]:
    """Whether there is a font with Chinese, tried on one line."""
    try:
        font = find_font(settings.console.print_font)
        pdf_of(SAMPLE, font)
    except (FontMissing, FontRefused) as error:
        yield Finding(what="PDF", words=str(error), verdict=Verdict.WARNING)
        return
    yield Finding(what="PDF", words=f"reports are set in {font.name}")
