"""Accounts as an administrator's page: add, change, disable."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.accounts.account import AccountError, Role
from console.asked import tell
from console.pages.rendering import page
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=400)]
Turn = Literal["role", "person", "password", "disable", "enable", "no_second_factor"]
ROLES = {
    Role.AGENT: N_("agent"),
    Role.SHIFT_MANAGER: N_("shift manager"),
    Role.CAMPAIGN_MANAGER: N_("campaign manager"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMINISTRATOR: N_("administrator"),
}


@router.get("/accounts", operation_id="page_accounts")
async def accounts_page(request: Request, view: View) -> Response:
    """Everybody who can log in, and the form for another one."""
    return await _shown(request, view)


@router.post("/accounts", operation_id="page_add_account")
async def add_account(
    request: Request,
    view: View,
    name: Text,
    role: Annotated[Role, Form()],
    password: Text,
    person_id: Text = "",
) -> Response:
    """Add an account."""
    try:
        await view.accounts.add(name.strip(), role, password, person_id.strip())
    except AccountError as error:
        return await _shown(request, view, refused=error)
    return RedirectResponse("/accounts", 303)


@router.post("/accounts/{name}", operation_id="page_change_account")
async def change_account(
    request: Request,
    view: View,
    name: str,
    turn: Annotated[Turn, Form()],
    value: Text = "",
) -> Response:
    """Change one thing of an account; its sessions end."""
    tell(request, turn=turn, **({} if turn == "password" else {"value": value}))
    try:
        await _change(view, name, turn, value.strip())
    except (AccountError, ValueError) as error:
        return await _shown(request, view, refused=error)
    return RedirectResponse("/accounts", 303)


async def _change(view: ConsoleView, name: str, turn: Turn, value: str) -> None:
    match turn:
        case "role":
            await view.accounts.set_role(name, Role(value))
        case "person":
            await view.accounts.set_person(name, value)
        case "password":
            await view.accounts.set_password(name, value)
        case "disable":
            await view.accounts.disable(name)
        case "enable":
            await view.accounts.enable(name)
        case "no_second_factor":
            await view.accounts.remove_second_factor(name)


async def _shown(
    request: Request, view: ConsoleView, refused: Exception | None = None
) -> Response:
    accounts = await view.accounts.accounts()
    status = 422 if refused else 200
    return page(
        request,
        "accounts.html",
        status,
        accounts=accounts,
        roles=ROLES,
        refused=refused,
    )
