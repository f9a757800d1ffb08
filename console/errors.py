"""Every refusal of the API in one form: JSON with a stable `error_id`."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from acd.agent import AgentError, AgentLoggedOut, UnknownAgent
from acd.dispositions import DispositionUnknown
from acd.floor import CallNotWaiting, UnknownQueue
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
from outbound.campaign import CampaignError, CampaignUnknown
from outbound.deliveries.delivery import DeliveryError, DeliveryUnknown
from outbound.do_not_call.entry import NotListed
from outbound.previews import PreviewRefused
from outbound.reviews.review import ClipUnknown, ReviewError

logger = logging.getLogger(__name__)


class ErrorBody(BaseModel):
    """Why a request was refused.

    `error_id` is stable and for programs, `message` for people; `field` names the
    part of the request that was wrong.
    """

    error_id: str
    message: str
    field: str | None = None


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
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that refuses."""
    body = ErrorBody(error_id=error_id, message=message, field=field)
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
TALK_STATUS: dict[type[TalkRefusal], int] = {
    CallNotLive: 404,
    TargetUnknown: 422,
    SupervisorUnknown: 422,
    DispositionUnknown: 422,
}
"""All other refusals of talks are 409: not now."""

REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"model": ErrorBody, "description": "No token, or a wrong one"},
    422: {"model": ErrorBody, "description": "A part of the request is wrong"},
    "default": {"model": ErrorBody, "description": "Any other refusal"},
}


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of the app the one form."""
    app.exception_handler(ApiError)(_api_error)
    app.exception_handler(AgentError)(_agent_error)
    app.exception_handler(UnknownQueue)(_unknown_queue)
    app.exception_handler(CallNotWaiting)(_call_not_waiting)
    app.exception_handler(RulesRefused)(_rules_refused)
    app.exception_handler(PersonUnknown)(_person_unknown)
    app.exception_handler(NumberSealed)(_number_sealed)
    app.exception_handler(BuildError)(_build_error)
    app.exception_handler(TalkRefusal)(_talk_refusal)
    app.exception_handler(ReportError)(_report_error)
    app.exception_handler(CampaignError)(_campaign_error)
    app.exception_handler(NotListed)(_not_listed)
    app.exception_handler(ReviewError)(_review_error)
    app.exception_handler(DeliveryError)(_delivery_error)
    app.exception_handler(PreviewRefused)(_preview_refused)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(DatabaseError)(_database_error)
    app.exception_handler(Exception)(_fault)


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
    status = 404 if isinstance(error, CampaignUnknown) else 422
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
    return refusal(
        500, "internal_error", "Something went wrong here; the log has the details."
    )
