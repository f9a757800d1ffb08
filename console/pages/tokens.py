"""API tokens as an administrator's page: what programs may do here."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access import Asking
from console.accounts.account import AccountError, Role
from console.pages.accounts import ROLES
from console.pages.rendering import page
from console.permissions import OPERATIONS
from console.routes.parts import View
from console.routes.wallboard import NewScreen, add_screen
from console.view import ConsoleView

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=400)]
MOST_DAYS = 3660


@router.get("/tokens", operation_id="page_tokens")
async def tokens_page(request: Request, view: View) -> Response:
    """Every token, and the form for another one."""
    return await _shown(request, view)


@router.post("/tokens", operation_id="page_add_token")
async def add_token(
    request: Request,
    view: View,
    identity: Asking,
    title: Annotated[str, Form(min_length=1, max_length=80)],
    roles: Annotated[list[Role] | None, Form(max_length=10)] = None,
    operations: Text = "",
    person_id: Text = "",
    days: Annotated[int | None, Form(ge=1, le=MOST_DAYS)] = 365,
) -> Response:
    """Make a token; the answer shows its secret, once."""
    scopes = [*(role.value for role in roles or ()), *operations.split()]
    try:
        _, secret = await view.accounts.add_token(
            title,
            scopes,
            identity.name,
            list(OPERATIONS),
            person_id=person_id.strip(),
            days=days,
        )
    except AccountError as error:
        return await _shown(request, view, refused=error)
    return await _shown(request, view, secret=secret)


@router.post("/tokens/screens", operation_id="page_add_screen")
async def add_wall_screen(
    request: Request,
    view: View,
    identity: Asking,
    title: Annotated[str, Form(min_length=1, max_length=80)],
) -> Response:
    """Make a wall screen; the answer shows its link, once."""
    made = await add_screen(view, NewScreen(title=title, days=None), identity)
    link = f"{request.url.scheme}://{request.url.netloc}{made.path}"
    return await _shown(request, view, link=link)


@router.post("/tokens/{token_id}/revoke", operation_id="page_revoke_token")
async def revoke_token(view: View, token_id: str) -> Response:
    """It opens nothing from now on."""
    await view.accounts.revoke_token(token_id)
    return RedirectResponse("/tokens", 303)


async def _shown(
    request: Request,
    view: ConsoleView,
    *,
    refused: AccountError | None = None,
    secret: str = "",
    link: str = "",
) -> Response:
    tokens = await view.accounts.tokens()
    return page(
        request,
        "tokens.html",
        422 if refused else 200,
        tokens=tokens,
        roles=ROLES,
        refused=refused,
        secret=secret,
        link=link,
    )
