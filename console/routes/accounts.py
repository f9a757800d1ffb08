"""Accounts: who may log in, and as what."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from console.access import Asking
from console.accounts.account import Account, AccountError, Role, Way
from console.accounts.enrolment import Enrolment
from console.accounts.log_in_links import LogInLink
from console.asked import tell
from console.caller import peer_of
from console.permissions import OPERATIONS, permits
from console.routes.parts import View

router = APIRouter(tags=["accounts"])
Name = Annotated[str, Path(max_length=40)]
Password = Annotated[str, Field(max_length=400)]


class NewAccount(BaseModel):
    """Somebody who shall be able to log in. `person_id` names him in the people table."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40)
    role: Role
    password: Password
    person_id: str = Field("", max_length=40)


class AccountChange(BaseModel):
    """What shall change; what is not given stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    person_id: str | None = Field(None, max_length=40)
    disabled: bool | None = None


class NewPassword(BaseModel):
    """The password from now on."""

    model_config = ConfigDict(extra="forbid")

    password: Password


class OwnNewPassword(BaseModel):
    """Your password until now, and the one from now on."""

    model_config = ConfigDict(extra="forbid")

    old_password: Password
    new_password: Password


class WhoIAm(BaseModel):
    """Who asks, and which operations he may do."""

    name: str
    way: Way
    roles: list[Role]
    person_id: str
    operations: list[str]


class FirstCode(BaseModel):
    """A code of the authenticator that was set up as `pending` tells."""

    model_config = ConfigDict(extra="forbid")

    pending: str = Field(max_length=400)
    code: str = Field(max_length=20)


class LinkWanted(BaseModel):
    """How long the link is good for."""

    model_config = ConfigDict(extra="forbid")

    minutes: int = Field(10, ge=1, le=60)


class SecondFactor(BaseModel):
    """The address that an authenticator reads; it is shown only now."""

    address: str


@router.get("/me", operation_id="get_identity")
async def get_identity(identity: Asking) -> WhoIAm:
    """Who you are here, and what you may do."""
    return WhoIAm(
        name=identity.name,
        way=identity.way,
        roles=sorted(identity.roles),
        person_id=identity.person_id,
        operations=[name for name in OPERATIONS if permits(identity, name)],
    )


@router.post("/me/second-factor", operation_id="begin_second_factor")
async def begin_second_factor(view: View, identity: Asking) -> Enrolment:
    """What your authenticator reads; it counts when its first code comes back."""
    return await view.enrolling.begin(identity)


@router.put("/me/second-factor", operation_id="confirm_second_factor")
async def confirm_second_factor(
    view: View, identity: Asking, body: FirstCode
) -> Account:
    """You are asked for a code from now on; your other sessions end."""
    return await view.enrolling.confirm(identity, body.pending, body.code)


@router.put("/me/password", operation_id="change_own_password")
async def change_own_password(
    request: Request, view: View, identity: Asking, body: OwnNewPassword
) -> Account:
    """Change your password; your other sessions end. A wrong old one counts as a failed log-in."""
    peer = peer_of(request.scope)
    try:
        return await view.own_password.change(
            identity, body.old_password, body.new_password, peer
        )
    except AccountError as error:
        tell(request, refused=error.error_id)
        raise


@router.get("/accounts", operation_id="list_accounts")
async def list_accounts(view: View) -> list[Account]:
    """Every account, by name; no secret is in it."""
    return await view.accounts.accounts()


@router.post("/accounts", operation_id="add_account", status_code=201)
async def add_account(view: View, body: NewAccount) -> Account:
    """Add an account."""
    return await view.accounts.add(body.name, body.role, body.password, body.person_id)


@router.patch("/accounts/{name}", operation_id="change_account")
async def change_account(
    request: Request, view: View, name: Name, body: AccountChange
) -> Account:
    """Change role or person, disable or enable; his sessions end."""
    tell(request, **body.model_dump(exclude_none=True, mode="json"))
    if body.role is not None:
        await view.accounts.set_role(name, body.role)
    if body.person_id is not None:
        await view.accounts.set_person(name, body.person_id)
    if body.disabled is not None:
        change = view.accounts.disable if body.disabled else view.accounts.enable
        await change(name)
    return await view.accounts.account(name)


@router.put("/accounts/{name}/password", operation_id="set_account_password")
async def set_password(view: View, name: Name, body: NewPassword) -> Account:
    """Set a password; his sessions end."""
    return await view.accounts.set_password(name, body.password)


@router.post("/accounts/{name}/second-factor", operation_id="add_second_factor")
async def add_second_factor(view: View, name: Name) -> SecondFactor:
    """Ask him for a code at each log-in; a new secret replaces the old one."""
    return SecondFactor(address=await view.accounts.add_second_factor(name))


@router.delete("/accounts/{name}/second-factor", operation_id="remove_second_factor")
async def remove_second_factor(view: View, name: Name) -> Account:
    """Ask him for no code any more."""
    return await view.accounts.remove_second_factor(name)


@router.post(
    "/accounts/{name}/log-in-link", operation_id="add_log_in_link", status_code=201
)
async def add_log_in_link(view: View, name: Name, wanted: LinkWanted) -> LogInLink:
    """Make a link that logs the account in once, in a browser on this very machine."""
    return await view.entrance.make_link(name, timedelta(minutes=wanted.minutes))
