"""Contacts come into a campaign from a file: looked at first, then entered."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response, UploadFile
from fastapi.routing import APIRoute

from config.sheets import Cell, csv_text
from console.body_limit import FILE_BYTES
from console.number_masking import masked_text
from console.pages import campaign_words as words
from console.pages.rendering import page, translated
from console.routes.campaigns import Name
from console.routes.parts import View
from console.words import N_
from outbound.archive import campaign_of
from outbound.contact_file import (
    REMARKS,
    ContactFileRefused,
    FileContact,
    contacts_of,
)
from outbound.contact_reading import FIELDS, NEEDED
from outbound.desk import Refused

SHOWN = 200
CHOOSE_A_FILE = N_("Choose a file first.")
ANOTHER_FILE = N_("This is not the file that was looked at: look at it anew.")
File = UploadFile | None
FORM_BYTES = 4096
"""So much of an upload is the form around the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was read: its contacts, and what tells it from every other one."""

    digest: str
    contacts: Sequence[FileContact]

    @property
    def values(self) -> list[dict[str, Any]]:
        """The contacts as they stand there."""
        return [each.values for each in self.contacts]


class UploadRefused(Exception):
    """There is nothing to take; the sentence is translated, with `what` in it."""

    def __init__(self, sentence: str, what: str = "") -> None:
        super().__init__(sentence)
        self.what = what


class _UploadRoute(APIRoute):
    """Where an upload that is refused is told as a part of the page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As of any route, and the sentence in place of the refusal."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except UploadRefused as error:
                part, why = "campaigns/import_refused.html", str(error)
                return page(request, part, sentence=why, what=error.what)

        return told


router = APIRouter(
    prefix="/campaigns", include_in_schema=False, route_class=_UploadRoute
)


@router.get("/{campaign}/import", operation_id="page_import")
async def import_page(request: Request, view: View, campaign: Name) -> Response:
    """The form, and what a file looks like."""
    await campaign_of(view.database, campaign)
    return page(
        request,
        "campaigns/import.html",
        name=campaign,
        fields=words.FIELDS,
        needed=NEEDED,
        most_bytes=FILE_BYTES - FORM_BYTES,
    )


@router.post("/{campaign}/import/preview", operation_id="page_preview_import")
async def preview_part(
    request: Request, view: View, campaign: Name, file: File = None
) -> Response:
    """What would come of the file; nobody is entered."""
    upload = await _read(file)
    report = await view.campaigns.preview(campaign, upload.values)
    return page(
        request,
        "campaigns/import_preview.html",
        name=campaign,
        report=report,
        digest=upload.digest,
        lines=_lines(upload, report.refused[:SHOWN]),
        **_words(),
    )


@router.post("/{campaign}/import", operation_id="page_import_contacts")
async def import_part(
    request: Request,
    view: View,
    campaign: Name,
    digest: Annotated[str, Form(max_length=64)] = "",
    file: File = None,
) -> Response:
    """Enter the contacts of the file that was looked at; calls nobody."""
    upload = await _read(file)
    if upload.digest != digest:
        raise UploadRefused(ANOTHER_FILE)
    report = await view.campaigns.take(campaign, upload.values)
    return page(request, "campaigns/imported.html", name=campaign, report=report)


@router.post("/{campaign}/import/refused", operation_id="page_refused_contacts")
async def refused_lines(
    request: Request, view: View, campaign: Name, file: File = None
) -> Response:
    """The refused lines as they stand in the file, with why; to be mended and sent again."""
    upload = await _read(file)
    report = await view.campaigns.preview(campaign, upload.values)
    rows = _rows(request, upload, report.refused)
    text = await asyncio.to_thread(csv_text, rows)
    return Response(
        text.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{campaign}-refused.csv"'
        },
    )


async def _read(file: UploadFile | None) -> Upload:
    if file is None or not file.filename:
        raise UploadRefused(CHOOSE_A_FILE)
    content = await file.read()
    try:
        found = await asyncio.to_thread(contacts_of, file.filename, content)
    except ContactFileRefused as error:
        raise UploadRefused(words.FILE_FAULTS[error.fault], error.what) from None
    return Upload(digest=hashlib.sha256(content).hexdigest(), contacts=found)


def _lines(
    upload: Upload, refused: Sequence[Refused]
) -> list[tuple[int, Refused, str]]:
    """Where each refused one stands in the file, and of which order it is."""
    return [
        (contact.number, each, masked_text(str(contact.values.get("order_id", ""))))
        for each in refused
        for contact in (upload.contacts[each.place - 1],)
    ]


def _rows(
    request: Request, upload: Upload, refused: Sequence[Refused]
) -> Iterator[list[Cell]]:
    yield [*FIELDS, *REMARKS]
    for each in refused:
        contact = upload.contacts[each.place - 1]
        cells = [contact.values.get(name, "") for name in FIELDS]
        field = translated(request, words.FIELDS.get(each.field, ""))
        why = translated(request, words.FAULTS[each.fault])
        yield [*map(str, cells), contact.number, f"{field}: {why}" if field else why]


def _words() -> dict[str, Any]:
    return {"fields": words.FIELDS, "faults": words.FAULTS, "most": SHOWN}
