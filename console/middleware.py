"""What every request passes before its route: headers, token, size."""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.auth import Gate
from console.caller import peer_of
from console.errors import refusal

logger = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/", "/metrics", "/health/live", "/health/ready"})
"""All else needs the token, so a new route cannot be left open by mistake."""
BODY_BYTES = 64 * 1024
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
TOO_LARGE = f"A request's body may have at most {BODY_BYTES} bytes."


class SecurityHeaders:
    """Adds the headers that keep browsers from helping an attacker."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with the headers in its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class TokenRequired:
    """Lets only requests with the token through, except to the open paths."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it with 401 or 429."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        authorization = Headers(scope=scope).get("authorization", "")
        app = self._app if self._gate.opens(authorization) else self._refused(scope)
        await app(scope, receive, send)

    def _refused(self, scope: Scope) -> ASGIApp:
        peer = peer_of(scope)
        if wait_seconds := self._gate.note_failure(peer):
            return refusal(
                429,
                "too_many_tries",
                f"Too many wrong tokens; wait {wait_seconds} seconds.",
                headers={"retry-after": str(wait_seconds)},
            )
        logger.warning("a request of %s came without the right token", peer)
        return refusal(
            401,
            "token_required",
            "Send the token of the service's token file: Authorization: Bearer TOKEN",
            headers={"www-authenticate": "Bearer"},
        )


class BodyLimit:
    """Refuses bodies above `BODY_BYTES`, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it with 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > BODY_BYTES:
            await refusal(413, "body_too_large", TOO_LARGE)(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_BYTES:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)
