"""What every request passes before its route: headers, who asks, masking."""

import logging
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.accounts.account import MACHINE, Identity
from console.accounts.entrance import Entrance
from console.accounts.wall_screens import PATH as SCREEN_PATH
from console.accounts.wall_screens import PLACES as SCREEN_PLACES
from console.accounts.wall_screens import screen_of
from console.asked import wants_page
from console.auth import Gate
from console.caller import peer_of
from console.cookies import screen_cookie, session_cookie
from console.errors import refusal

logger = logging.getLogger(__name__)

OPEN_PATHS = frozenset(
    {
        *("/metrics", "/health/live", "/health/ready"),
        *("/log-in", "/log-in/code", "/log-in/link", "/preferences", SCREEN_PATH),
    }
)
"""All else needs a log-in or a token, so a new route cannot be left open by mistake."""
OPEN_FOLDER = "/static/"
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""With no-referrer browsers would hide the Origin that `console.access` looks at."""
TLS_ONLY = {"strict-transport-security": "max-age=31536000"}


class SecurityHeaders:
    """Adds the headers that keep browsers from helping an attacker."""

    def __init__(self, app: ASGIApp, *, tls: bool = False) -> None:
        self._app = app
        self._headers = SECURITY_HEADERS | (TLS_ONLY if tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with the headers in its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class WhoAsks:
    """Finds out who asks: by token, or by the cookie of a session.

    Strangers get no further than the open paths; their browsers are shown the way in.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate, entrance: Entrance) -> None:
        self._app, self._gate, self._entrance = app, gate, entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request as his, or refuse it with 401 or 429."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_FOLDER):
            await self._app(scope, receive, send)
            return
        identity = await self._identity(Request(scope))
        scope.setdefault("state", {})["identity"] = identity
        open_to_all = identity or scope["path"] in OPEN_PATHS
        app = self._app if open_to_all else self._refused(Request(scope))
        await app(scope, receive, send)

    async def _identity(self, request: Request) -> Identity | None:
        if authorization := request.headers.get("authorization", ""):
            if self._gate.opens(authorization):
                return MACHINE
            scheme, _, secret = authorization.partition(" ")
            known = scheme.lower() == "bearer"
            return await self._entrance.by_token(secret.strip()) if known else None
        cookie, secret = session_cookie(request), screen_cookie(request)
        identity = await self._entrance.by_cookie(cookie) if cookie else None
        if identity is None and secret and request.url.path in SCREEN_PLACES:
            return await screen_of(self._entrance, secret)
        return identity

    def _refused(self, request: Request) -> ASGIApp:
        if wants_page(request) and "authorization" not in request.headers:
            return _way_in(request)
        if session_cookie(request) and "authorization" not in request.headers:
            return refusal(
                401,
                "log_in_required",
                "The session is over; log in again.",
                headers={"www-authenticate": "Bearer", "hx-redirect": "/log-in"},
            )
        return self._without_token(request)

    def _without_token(self, request: Request) -> ASGIApp:
        peer = peer_of(request.scope)
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


def _way_in(request: Request) -> ASGIApp:
    wanted = request.url.path
    if request.url.query:
        wanted += f"?{request.url.query}"
    following = f"?next={quote(wanted, safe='')}" if wanted != "/" else ""
    return RedirectResponse(f"/log-in{following}", 303)


Rewrite = Callable[[bytes], bytes]


class Rewritten:
    """Holds a JSON answer back until it is whole, and sends it rewritten."""

    def __init__(self, send: Send, rewrite: Rewrite) -> None:
        self._send, self._rewrite = send, rewrite
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        """Take a message of the answer."""
        if message["type"] == "http.response.start" and _is_json(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._end(self._start)

    async def _end(self, start: Message) -> None:
        body = self._rewrite(bytes(self._body)) if self._body else b""
        headers = MutableHeaders(scope=start)
        if "content-length" in headers and body:
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_json(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return kind.startswith("application/json")
