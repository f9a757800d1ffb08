"""The app: every route, behind a log-in or token, with every error in one form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.security import HTTPBearer
from starlette.routing import BaseRoute

from console.access import permitted
from console.audit.watch import Watched
from console.auth import Gate
from console.body_limit import BodyLimit
from console.described import with_keys
from console.errors import REFUSALS, add_error_handlers
from console.idempotency.middleware import Idempotency
from console.idempotency.store import KeyStore
from console.known_query import known_query
from console.middleware import SecurityHeaders, WhoAsks
from console.pages import accounts as accounts_page
from console.pages import agent_desk as agent_desk_page
from console.pages import audit as audit_page
from console.pages import call_backs as call_backs_page
from console.pages import (
    call_recording,
    campaign_import,
    campaign_parts,
    home,
    log_in,
    me,
    outbound_limits,
    setting_lists,
    shift_desk,
    spoken_texts,
    static_files,
)
from console.pages import calls as calls_pages
from console.pages import campaigns as campaigns_page
from console.pages import flows as flows_pages
from console.pages import reports as reports_page
from console.pages import reviews as reviews_page
from console.pages import settings as settings_page
from console.pages import tokens as tokens_page
from console.pages import wallboard as wallboard_page
from console.rate_limit import Buckets, RateLimit
from console.routes import (
    accounts,
    agent_desk,
    agents,
    audit,
    call_backs,
    calls,
    campaign_results,
    campaigns,
    deliveries,
    dialler,
    do_not_call,
    events,
    flows,
    health,
    missed_calls,
    notes,
    people,
    plans,
    previews,
    queues,
    recordings,
    reports,
    reviews,
    roster,
    roster_builds,
    rules,
    staffing,
    staffing_reports,
    statistics,
    talks,
    texts,
    tokens,
    trunks,
    wallboard,
)
from console.view import ConsoleView

API = "/api/v1"
ROUTES = (
    calls,
    notes,
    talks,
    queues,
    agents,
    agent_desk,
    people,
    roster,
    roster_builds,
    rules,
    texts,
    flows,
    missed_calls,
    call_backs,
    campaigns,
    campaign_results,
    dialler,
    do_not_call,
    reviews,
    deliveries,
    previews,
    recordings,
    statistics,
    staffing,
    staffing_reports,
    reports,
    plans,
    trunks,
    events,
    wallboard,
    accounts,
    tokens,
    audit,
)
PAGES = (
    log_in,
    home,
    wallboard_page,
    agent_desk_page,
    shift_desk,
    calls_pages,
    call_recording,
    call_backs_page,
    campaigns_page,
    campaign_parts,
    campaign_import,
    reviews_page,
    reports_page,
    flows_pages,
    settings_page,
    setting_lists,
    outbound_limits,
    spoken_texts,
    me,
    accounts_page,
    tokens_page,
    audit_page,
)
DESCRIPTION = """Calls, queues, agents, missed calls and recordings of a 12345 hotline.

Times are ISO 8601 in UTC, durations in seconds, telephone numbers in E.164 or as
short codes. Every refusal is JSON with a stable `error_id`."""


def create_app(view: ConsoleView) -> FastAPI:
    """The console of the service that `view` shows."""
    app = _app_with_routes()
    app.state.view = view
    health.add_registry(app, view)
    add_error_handlers(app)
    _add_middleware(app, view)
    return app


def description() -> dict[str, Any]:
    """The API in OpenAPI 3.1; the caller may change it."""
    return deepcopy(_described())


@asynccontextmanager
async def _warmed_up(app: FastAPI) -> AsyncIterator[None]:
    """Prepare the routes before the server listens.

    The framework would do it at the first request, and hold up the loop for 0.1 s.
    """
    app.openapi()
    yield


class _App(FastAPI):
    """Describes also what every command may have."""

    def openapi(self) -> dict[str, Any]:
        return _described()


def _app_with_routes() -> FastAPI:
    app = _App(
        title="Hotline",
        version="1",
        description=DESCRIPTION,
        lifespan=_warmed_up,
        openapi_url=f"{API}/openapi.json",
        # The pages of the framework load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"auto_configure": False, "tracing": False, "metrics": False},
    )
    app.router.routes.extend(_routes())
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Those of every console: working out what each takes and gives costs 0.3 s."""
    routes = APIRouter()
    for router in (_api(), _pages(), static_files.router, health.router):
        routes.include_router(router)
    return tuple(routes.routes)


@cache
def _described() -> dict[str, Any]:
    """What the framework says of the routes: it thinks about it for 0.3 s."""
    return with_keys(FastAPI.openapi(_app_with_routes()))


def _pages() -> APIRouter:
    pages = APIRouter(dependencies=[Depends(permitted)], include_in_schema=False)
    for routes in PAGES:
        pages.include_router(routes.router)
    return pages


def _api() -> APIRouter:
    bearer = HTTPBearer(
        auto_error=False, description="An API token, or that of the token file."
    )
    needed = [Security(bearer), Depends(permitted), Depends(known_query)]
    api = APIRouter(prefix=API, dependencies=needed, responses=REFUSALS)
    for routes in ROUTES:
        api.include_router(routes.router)
    return api


def _add_middleware(app: FastAPI, view: ConsoleView) -> None:
    """The last one added is the first to see a request."""
    api = view.api
    app.add_middleware(Watched, trail=view.audit)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        Idempotency, store=KeyStore(view.database), now=partial(datetime.now, UTC)
    )
    app.add_middleware(
        RateLimit, buckets=Buckets(api.requests_per_second, api.request_burst)
    )
    app.add_middleware(WhoAsks, gate=Gate(view.token), entrance=view.entrance)
    app.add_middleware(SecurityHeaders, tls=view.tls)
