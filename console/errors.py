"""Every refusal in one form: JSON with a stable `error_id`; a page for people."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from acd.agent import AgentError, AgentLoggedOut, UnknownAgent
from acd.dispositions import DispositionUnknown
from acd.floor import CallNotWaiting, UnknownQueue
from acd.flow_versions.version import (
    FlowUnknown,
    FlowVersionError,
    VersionRefused,
    VersionUnknown,
)
from acd.people.archive import PersonUnknown
from acd.people.seal import NumberSealed
from acd.rosters.order import BuildError, BuildUnderWay, BuildUnknown
from acd.rule_changes.changes import RulesRefused
from acd.statistics.reporter import ReportError
from acd.talk_commands import (
    CallNotLive,
    SupervisorUnknown,
    TalkRefusal,
    TargetUnknown,
)
from config.database import DatabaseError
from console.accounts.account import (
    AccountError,
    AccountExists,
    AccountUnknown,
    NoAccount,
    SecondFactorThere,
)
from console.accounts.locks import LockedOut
from console.accounts.passwords import TooBusy
from console.asked import wants_page
from console.pages.rendering import page, translated
from console.words import N_
from ivr_flows.layout import PictureTooLarge
from ivr_flows.trial import TryRefused
from outbound.campaign import (
    CampaignEnded,
    CampaignError,
    CampaignExists,
    CampaignUnknown,
)
from outbound.deliveries.delivery import DeliveryError, DeliveryUnknown
from outbound.do_not_call.entry import NotListed
from outbound.previews import PreviewRefused
from outbound.reviews.review import ClipUnknown, ReviewError

logger = logging.getLogger(__name__)


class ErrorBody(BaseModel):
    """Why a request was refused.

    `error_id` is stable and for programs, `message` for people; `field` names the
    part of the request that was wrong, `line` and `column` where in a flow's text.
    """

    error_id: str
    message: str
    field: str | None = None
    line: int | None = None
    column: int | None = None


class ApiError(Exception):
    """A refusal with its HTTP status."""

    def __init__(
        self, status: int, error_id: str, message: str, field: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = ErrorBody(error_id=error_id, message=message, field=field)


def refusal(
    status: int,
    error_id: str,
    message: str,
    *,
    field: str | None = None,
    line: int | None = None,
    column: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that refuses."""
    body = ErrorBody(
        error_id=error_id, message=message, field=field, line=line, column=column
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=dict(headers or {})
    )


HTTP_ERROR_IDS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    416: "range_not_satisfiable",
}
AGENT_STATUS: dict[type[AgentError], int] = {UnknownAgent: 404, AgentLoggedOut: 409}
BUILD_STATUS: dict[type[BuildError], int] = {BuildUnknown: 404, BuildUnderWay: 409}
ACCOUNT_STATUS: dict[type[AccountError], int] = {
    AccountUnknown: 404,
    AccountExists: 409,
    NoAccount: 409,
    SecondFactorThere: 409,
    LockedOut: 429,
    TooBusy: 503,
}
FLOW_STATUS: dict[type[FlowVersionError], int] = {
    FlowUnknown: 404,
    VersionUnknown: 404,
    VersionRefused: 422,
}
TALK_STATUS: dict[type[TalkRefusal], int] = {
    CallNotLive: 404,
    TargetUnknown: 422,
    SupervisorUnknown: 422,
    DispositionUnknown: 422,
}
"""All other refusals of talks are 409: not now."""
CAMPAIGN_STATUS: dict[type[CampaignError], int] = {
    CampaignUnknown: 404,
    CampaignExists: 409,
    CampaignEnded: 409,
}

REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"model": ErrorBody, "description": "No token, or a wrong one"},
    422: {"model": ErrorBody, "description": "A part of the request is wrong"},
    "default": {"model": ErrorBody, "description": "Any other refusal"},
}


Handler = Callable[[Request, Any], Awaitable[JSONResponse]]


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of the app the one form."""
    for kind, handler in HANDLERS.items():
        app.exception_handler(kind)(_for_reader(handler))


def _for_reader(handler: Handler) -> Callable[[Request, Any], Awaitable[Response]]:
    """What a program gets as JSON, a browser that asks for a page gets as one."""

    async def handle(request: Request, error: Any) -> Response:
        response = await handler(request, error)
        return as_page(request, response) if wants_page(request) else response

    return handle


TITLES = {
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    500: N_("Something went wrong"),
}
OTHER_TITLE = N_("This cannot be done")


def as_page(request: Request, refused: JSONResponse) -> Response:
    """A refusal as a page."""
    body = json.loads(bytes(refused.body))
    title = TITLES.get(refused.status_code, OTHER_TITLE)
    return page(
        request,
        "error.html",
        refused.status_code,
        number=refused.status_code,
        title=translated(request, title),
        message=body["message"],
        error_id=body["error_id"],
    )


async def _account_error(_: Request, error: AccountError) -> JSONResponse:
    status = ACCOUNT_STATUS.get(type(error), 422)
    wait = (
        {"retry-after": str(error.wait_seconds)} if isinstance(error, LockedOut) else {}
    )
    return refusal(status, error.error_id, str(error), headers=wait)


async def _api_error(_: Request, error: ApiError) -> JSONResponse:
    body = error.body
    return refusal(error.status, body.error_id, body.message, field=body.field)


async def _agent_error(_: Request, error: AgentError) -> JSONResponse:
    return refusal(AGENT_STATUS.get(type(error), 409), error.error_id, str(error))


async def _unknown_queue(_: Request, error: UnknownQueue) -> JSONResponse:
    return refusal(404, error.error_id, str(error))


async def _call_not_waiting(_: Request, error: CallNotWaiting) -> JSONResponse:
    return refusal(409, error.error_id, str(error))


async def _rules_refused(_: Request, error: RulesRefused) -> JSONResponse:
    return refusal(422, error.error_id, str(error))


async def _person_unknown(_: Request, error: PersonUnknown) -> JSONResponse:
    return refusal(404, error.error_id, str(error))


async def _number_sealed(_: Request, error: NumberSealed) -> JSONResponse:
    return refusal(503, error.error_id, str(error))


async def _build_error(_: Request, error: BuildError) -> JSONResponse:
    status = BUILD_STATUS.get(type(error), 503)
    return refusal(status, error.error_id, str(error))


async def _talk_refusal(_: Request, error: TalkRefusal) -> JSONResponse:
    return refusal(TALK_STATUS.get(type(error), 409), error.error_id, str(error))


async def _report_error(_: Request, error: ReportError) -> JSONResponse:
    return refusal(503, error.error_id, str(error))


async def _campaign_error(_: Request, error: CampaignError) -> JSONResponse:
    status = CAMPAIGN_STATUS.get(type(error), 422)
    return refusal(status, error.error_id, str(error))


async def _preview_refused(_: Request, error: PreviewRefused) -> JSONResponse:
    return refusal(409, error.error_id, str(error))


async def _not_listed(_: Request, error: NotListed) -> JSONResponse:
    return refusal(404, error.error_id, str(error))


async def _review_error(_: Request, error: ReviewError) -> JSONResponse:
    status = 404 if isinstance(error, ClipUnknown) else 422
    return refusal(status, error.error_id, str(error))


async def _delivery_error(_: Request, error: DeliveryError) -> JSONResponse:
    status = 404 if isinstance(error, DeliveryUnknown) else 409
    return refusal(status, error.error_id, str(error))


async def _flow_version_error(_: Request, error: FlowVersionError) -> JSONResponse:
    status = FLOW_STATUS.get(type(error), 409)
    found = error.findings if isinstance(error, VersionRefused) else ()
    first = found[0] if found else None
    return refusal(
        status,
        error.error_id,
        str(error),
        line=first.line if first else None,
        column=first.column if first else None,
    )


async def _try_refused(_: Request, error: TryRefused) -> JSONResponse:
    return refusal(422, error.error_id, str(error), field=f"acts.{error.index}")


async def _picture_too_large(_: Request, error: PictureTooLarge) -> JSONResponse:
    return refusal(422, error.error_id, str(error))


async def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    messages = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not know {request.method}.",
    }
    return refusal(
        error.status_code,
        HTTP_ERROR_IDS.get(error.status_code, "http_error"),
        messages.get(error.status_code, str(error.detail)),
        headers=error.headers,
    )


async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    fault = error.errors()[0]
    place = [str(part) for part in fault["loc"][1:]]
    return refusal(
        422,
        "invalid_request",
        str(fault["msg"]).removeprefix("Value error, "),
        field=".".join(place) or None,
    )


async def _database_error(_: Request, error: DatabaseError) -> JSONResponse:
    return refusal(503, "database_unavailable", str(error))


async def _fault(_: Request, error: Exception) -> JSONResponse:
    words = N_("Something went wrong here; the log has the details.")
    return refusal(500, "internal_error", words)


HANDLERS: Mapping[type[Exception], Handler] = {
    ApiError: _api_error,
    AgentError: _agent_error,
    UnknownQueue: _unknown_queue,
    CallNotWaiting: _call_not_waiting,
    RulesRefused: _rules_refused,
    FlowVersionError: _flow_version_error,
    TryRefused: _try_refused,
    PictureTooLarge: _picture_too_large,
    PersonUnknown: _person_unknown,
    NumberSealed: _number_sealed,
    BuildError: _build_error,
    TalkRefusal: _talk_refusal,
    ReportError: _report_error,
    CampaignError: _campaign_error,
    NotListed: _not_listed,
    ReviewError: _review_error,
    DeliveryError: _delivery_error,
    PreviewRefused: _preview_refused,
    AccountError: _account_error,
    HTTPException: _http_error,
    RequestValidationError: _invalid,
    DatabaseError: _database_error,
    Exception: _fault,
}
