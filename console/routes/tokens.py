"""API tokens: what a program may do here, and until when."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from console.access import Asking
from console.accounts.account import ApiToken
from console.permissions import OPERATIONS
from console.routes.parts import View

router = APIRouter(prefix="/tokens", tags=["accounts"])
Scope = Annotated[str, Field(max_length=60)]


class NewToken(BaseModel):
    """What a program needs: roles, or single operations by their ids.

    With the role agent it acts as the agent that `person_id` names.
    """

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=80)
    scopes: list[Scope] = Field(min_length=1, max_length=100)
    person_id: str = Field("", max_length=40)
    days: int | None = Field(None, ge=1, le=3660)


class MadeToken(BaseModel):
    """A token, and its secret, which is shown only now."""

    token: ApiToken
    secret: str


@router.get("", operation_id="list_tokens")
async def list_tokens(view: View) -> list[ApiToken]:
    """Every token, the newest first; no secret is in it."""
    return await view.accounts.tokens()


@router.post("", operation_id="add_token", status_code=201)
async def add_token(view: View, body: NewToken, identity: Asking) -> MadeToken:
    """Make a token; `days` is how long it opens, null for ever."""
    token, secret = await view.accounts.add_token(
        body.title,
        body.scopes,
        identity.name,
        list(OPERATIONS),
        person_id=body.person_id,
        days=body.days,
    )
    return MadeToken(token=token, secret=secret)


@router.delete("/{token_id}", operation_id="revoke_token")
async def revoke_token(
    view: View, token_id: Annotated[str, Path(max_length=40)]
) -> ApiToken:
    """It opens nothing from now on."""
    return await view.accounts.revoke_token(token_id)
