"""Templates to pages: in the reader's language, with what every page shows."""

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from console.asked import identity_of
from console.cookies import preferences_of
from console.pages.navigation import header_of
from console.pages.static_files import address_of
from console.pages.translations import translate, translate_many
from ivr_flows.told import Told

TEMPLATES = Path(__file__).parents[1] / "templates"
CSP = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    )
)


def page(
    request: Request, template: str, status: int = 200, **shown: Any
) -> HTMLResponse:
    """A page, or a part of one, made from `templates/`; `shown` are its own values.

    Besides it knows `identity`, `csrf`, `places`, `menu`, `preferences`, `here` (the path) and
    the functions `static(name)` and `_(sentence)`, and the filter `local_time`.
    """
    identity, preferences = identity_of(request), preferences_of(request)
    places, menu = header_of(identity)
    text = (
        _environment(preferences.language)
        .get_template(template)
        .render(
            identity=identity,
            csrf=identity.csrf if identity else "",
            places=places,
            menu=menu,
            preferences=preferences,
            here=request.url.path,
            zone=_zone_of(request),
            **shown,
        )
    )
    return HTMLResponse(text, status, headers={"content-security-policy": CSP})


def translated(request: Request, sentence: str) -> str:
    """A sentence in the reader's language."""
    return translate(preferences_of(request).language, sentence)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        partial(translate, language), partial(translate_many, language), newstyle=True
    )
    environment.globals["static"] = address_of
    # Unlike `_` for words that are not ours alone: they are escaped, and % is itself.
    environment.globals["said"] = partial(translate, language)
    environment.globals["refusal"] = partial(_refusal, language)
    environment.filters["local_time"] = local_time
    return environment


def _refusal(language: str, error: Exception) -> str:
    """Why something was refused; what only programs see stays English."""
    words = getattr(error, "words", None)
    why = words if isinstance(words, Told) else Told(str(error))
    return why.said(partial(translate, language))


def local_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment of the city, to the second; "" for none."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _zone_of(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.view.statistics.zone
    return zone
