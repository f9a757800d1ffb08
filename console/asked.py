"""What is asked of the console, and by whom."""

from typing import cast

from starlette.requests import Request

from console.accounts.account import Identity

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""


def identity_of(request: Request) -> Identity | None:
    """Who asks; None for strangers, who reach only what is open to nobody."""
    return cast(Identity | None, request.scope.get("state", {}).get("identity"))


def operation_of(request: Request) -> str:
    """The id of the operation that is asked for, as `console.permissions` knows it."""
    route = request.scope.get("route")
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))


def tell(request: Request, **what: object) -> None:
    """Let the audit trail tell of it beside the objects in the path."""
    request.scope.setdefault("state", {}).setdefault("told", {}).update(what)


def told_of(request: Request) -> dict[str, object]:
    """What the route wants told."""
    return cast(dict[str, object], request.scope.get("state", {}).get("told", {}))


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page; the API and scripts of pages want JSON."""
    path, headers = request.url.path, request.headers
    accepts = "text/html" in headers.get("accept", "")
    return accepts and not path.startswith("/api/") and "hx-request" not in headers
