"""One's own account: who one is here, one's password and second factor."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access import Asking
from console.accounts.account import (
    AccountError,
    CodeRefused,
    Identity,
    PasswordRefused,
)
from console.accounts.enrolment import Enrolment
from console.accounts.second_factor import picture
from console.errors import ACCOUNT_STATUS
from console.pages.accounts import ROLES
from console.pages.rendering import page
from console.routes.accounts import OwnNewPassword, change_own_password
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
Password = Annotated[str, Form(max_length=400)]


@router.get("/me", operation_id="page_me")
async def me_page(request: Request, view: View, identity: Asking) -> Response:
    """What the account is, and whether a code is asked for."""
    return await _shown(request, view, identity)


@router.post("/me/second-factor", operation_id="page_begin_second_factor")
async def begin(request: Request, view: View, identity: Asking) -> Response:
    """The picture for the authenticator, and the form for its first code."""
    try:
        enrolment = await view.enrolling.begin(identity)
    except AccountError as error:
        return await _shown(request, view, identity, refused=error)
    return _pictured(request, enrolment)


@router.post("/me/second-factor/code", operation_id="page_confirm_second_factor")
async def confirm(
    request: Request,
    view: View,
    identity: Asking,
    pending: Annotated[str, Form(max_length=400)],
    code: Annotated[str, Form(max_length=20)],
) -> Response:
    """From now on a code is asked for; or the picture again."""
    try:
        await view.enrolling.confirm(identity, pending, code)
    except AccountError as error:
        return await _again(request, view, identity, pending, error)
    return RedirectResponse("/me", 303)


@router.post("/me/password", operation_id="page_change_own_password")
async def change_password(
    request: Request,
    view: View,
    identity: Asking,
    old: Password,
    new: Password,
    again: Password,
) -> Response:
    """Another password from now on; or the form again."""
    try:
        if new != again:
            raise PasswordRefused(N_("The new password was not repeated alike."))
        body = OwnNewPassword(old_password=old, new_password=new)
        await change_own_password(request, view, identity, body)
    except AccountError as error:
        return await _shown(request, view, identity, refused=error)
    return RedirectResponse("/me?password=changed", 303)


async def _again(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    pending: str,
    error: AccountError,
) -> Response:
    try:
        enrolment = view.enrolling.again(identity, pending)
    except CodeRefused:
        return await _shown(request, view, identity, refused=error)
    return _pictured(request, enrolment, error)


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    refused: AccountError | None = None,
) -> Response:
    account = await view.enrolling.account(identity)
    return page(
        request,
        "me.html",
        ACCOUNT_STATUS.get(type(refused), 422) if refused else 200,
        account=account,
        roles=ROLES,
        refused=refused,
        changed="password" in request.query_params,
    )


def _pictured(
    request: Request, enrolment: Enrolment, refused: AccountError | None = None
) -> Response:
    return page(
        request,
        "second_factor.html",
        422 if refused else 200,
        enrolment=enrolment,
        picture=picture(enrolment.address),
        refused=refused,
    )
