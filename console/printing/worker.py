"""The process that sets documents, started as `python -m console.printing.worker`.

A job is a line of JSON; the answer is the PDF, as `config.worker_client` has it.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from acd.statistics.reporter import ReportError, ReportWorker
from config.worker_answers import JobRefused, serve
from console.printing.document import MOST_CELLS, Document
from console.printing.font import FontMissing, find_font
from console.printing.pdf import FontRefused, pdf_of
from console.words import N_

LIMIT_SECONDS = 120.0
"""`MOST_CELLS` take half a minute on a busy machine."""


class PrintRefused(ReportError):
    """The document cannot be set here; the message says what to do."""

    error_id = "print_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A document, and the font that the settings choose."""

    document: Document
    font: Path | None


JOB = TypeAdapter(PrintJob)


def prints(font: Path | None) -> ReportWorker[Document]:
    """For a `Reporter` of documents as PDF."""
    return ReportWorker(
        module="console.printing.worker",
        job=lambda _, document: JOB.dump_json(PrintJob(document=document, font=font)),
        command="hotline statistics",
        limit_seconds=LIMIT_SECONDS,
        refused=PrintRefused,
    )


async def _answer(line: str) -> bytes:
    job = JOB.validate_json(line)
    if job.document.cells > MOST_CELLS:
        raise JobRefused(
            N_("This is too much for a PDF; take the workbook (XLSX), or a day.")
        )
    try:
        return pdf_of(job.document, find_font(job.font))
    except (FontMissing, FontRefused) as error:
        raise JobRefused(str(error)) from error


if __name__ == "__main__":
    serve(_answer)
