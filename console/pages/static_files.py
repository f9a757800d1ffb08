"""Scripts, styles and pictures: vendored, kept by browsers for a year, by content."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

FOLDER = Path(__file__).parents[1] / "static"
KEPT = "public, max-age=31536000, immutable"
SMALLEST_PACKED = 1024
PACKED_TYPES = ("text/", "application/javascript", "image/svg+xml")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file as it is sent; `packed` is b"" when that saves nothing."""

    digest: str
    media_type: str
    content: bytes
    packed: bytes


@router.get("/static/{digest}/{name:path}", operation_id="static_file")
async def static_file(request: Request, digest: str, name: str) -> Response:
    """A file; its address changes with its content."""
    file = files().get(name)
    if file is None or file.digest != digest:
        raise HTTPException(404)
    headers = {"cache-control": KEPT, "vary": "accept-encoding"}
    packs = "gzip" in request.headers.get("accept-encoding", "")
    if file.packed and packs:
        headers["content-encoding"] = "gzip"
    content = file.packed if file.packed and packs else file.content
    return Response(content, media_type=file.media_type, headers=headers)


def address_of(name: str) -> str:
    """Where a file of the folder is found, as pages write it."""
    return f"/static/{files()[name].digest}/{name}"


@cache
def files() -> Mapping[str, StaticFile]:
    """Every file by its name, read once."""
    return {
        str(file.relative_to(FOLDER)): _read(file)
        for file in sorted(FOLDER.rglob("*"))
        if file.is_file()
    }


def _read(file: Path) -> StaticFile:
    content = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    packs = len(content) >= SMALLEST_PACKED and kind.startswith(PACKED_TYPES)
    return StaticFile(
        digest=hashlib.sha256(content).hexdigest()[:16],
        media_type=kind,
        content=content,
        packed=gzip.compress(content, mtime=0) if packs else b"",
    )
