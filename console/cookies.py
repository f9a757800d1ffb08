"""The console's cookies: the session, and what each browser prefers."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

SESSION, SCREEN = "hotline_session", "hotline_screen"
SCREEN_SECONDS = 400 * 86400
"""Longer no browser keeps a cookie (RFC 6265bis, 5.5)."""
LANGUAGES, THEMES, PRINTS = ("zh", "en"), ("auto", "light", "dark"), ("normal", "large")
YEAR_SECONDS = 365 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How pages look in one browser."""

    language: str = "zh"
    theme: str = "auto"
    print: str = "normal"


def session_cookie(request: Request) -> str:
    """The session's cookie; "" without one."""
    return request.cookies.get(_name(request), "")


def give_session(request: Request, response: Response, cookie: str) -> None:
    """Set the session's cookie: for this host alone, and not for scripts."""
    response.set_cookie(
        _name(request),
        cookie,
        httponly=True,
        samesite="strict",
        secure=_is_tls(request),
        path="/",
    )


def take_session(request: Request, response: Response) -> None:
    """Remove the session's cookie."""
    response.delete_cookie(
        _name(request),
        httponly=True,
        samesite="strict",
        secure=_is_tls(request),
        path="/",
    )


def screen_cookie(request: Request) -> str:
    """The secret of a wall screen; "" without one."""
    return request.cookies.get(_name(request, SCREEN), "")


def give_screen(request: Request, response: Response, secret: str) -> None:
    """Make the browser a wall screen."""
    response.set_cookie(
        _name(request, SCREEN),
        secret,
        max_age=SCREEN_SECONDS,
        httponly=True,
        samesite="strict",
        secure=_is_tls(request),
        path="/",
    )


def preferences_of(request: Request) -> Preferences:
    """What the browser prefers; its own language when nothing was chosen."""
    cookies = request.cookies
    spoken = request.headers.get("accept-language", "zh").strip().lower()
    language = cookies.get("hotline_language", "en" if spoken[:2] == "en" else "zh")
    theme, size = cookies.get("hotline_theme", ""), cookies.get("hotline_print", "")
    return Preferences(
        language=language if language in LANGUAGES else "zh",
        theme=theme if theme in THEMES else "auto",
        print=size if size in PRINTS else "normal",
    )


def keep_preferences(request: Request, response: Response, chosen: Preferences) -> None:
    """Remember what was chosen, for a year."""
    for name, value in (
        ("hotline_language", chosen.language),
        ("hotline_theme", chosen.theme),
        ("hotline_print", chosen.print),
    ):
        response.set_cookie(
            name,
            value,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="lax",
            secure=_is_tls(request),
        )


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request, name: str = SESSION) -> str:
    """With TLS browsers take it only for this very host (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if _is_tls(request) else name
