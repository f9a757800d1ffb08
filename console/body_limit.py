"""How large a request's body may be: small for a command, more for a list of orders or people."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.errors import refusal

BODY_BYTES = 64 * 1024
LIST_BYTES = 1024 * 1024
"""A thousand contacts or people with all their fields, also when every letter is escaped;
and a whole flow as a form writes it."""
FILE_BYTES = 2 * 1024 * 1024
"""A file of some twenty thousand orders, as a browser sends it."""
_LISTS = re.compile(
    r"/api/v1/(campaigns/[^/]+/contacts(/preview)?|people|roster/shifts)"
    r"|(/api/v1)?/flows/[^/]+(/[a-z-]+)?"
)
_FILES = re.compile(r"/campaigns/[^/]+/import(/preview|/refused)?")


def most_bytes(path: str) -> int:
    """How many bytes a body for a path may have."""
    if _FILES.fullmatch(path):
        return FILE_BYTES
    return LIST_BYTES if _LISTS.fullmatch(path) else BODY_BYTES


def too_large(path: str) -> str:
    """What a caller is told whose body is too large."""
    return f"A body for this address may have at most {most_bytes(path)} bytes."


class BodyLimit:
    """Refuses bodies above `most_bytes`, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it with 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, most = scope["path"], most_bytes(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > most:
            refused = refusal(413, "body_too_large", too_large(path))
            await refused(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413, too_large(path))
            return message

        await self._app(scope, receive_counted, send)
