"""The check before every route: may he who asks do this, and did he mean to?"""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from acd.records.archive import talks_in
from console.accounts.account import Identity
from console.asked import SAFE, identity_of, operation_of
from console.errors import ApiError
from console.permissions import PERMISSIONS, only_his_own, permits
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"
OPAQUE = "null"
"""The origin that browsers tell of a form of ours, as we want no referrer (Fetch, 3.2)."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def asking(request: Request) -> Identity:
    """Who asks, behind a log-in."""
    identity = identity_of(request)
    if identity is None:
        raise ApiError(401, "log_in_required", "Log in first.")
    return identity


Asking = Annotated[Identity, Depends(asking)]


async def permitted(request: Request, view: View) -> None:
    """Refuse who may not, and what a foreign page lets a browser send."""
    operation, identity = operation_of(request), identity_of(request)
    if PERMISSIONS[operation].to_nobody:
        _require_own_page(request)
        return
    if identity is None:
        raise ApiError(401, "log_in_required", "Log in first.")
    await _require_meant(request, identity)
    if not permits(identity, operation):
        raise _forbidden(N_("Your role does not allow this."))
    if only_his_own(identity, operation):
        await _require_own(view, identity, request.path_params)


def own_agent(request: Request, identity: Asking) -> str:
    """The agent as whom alone he may act; "" when he may act for all."""
    return identity.person_id if only_his_own(identity, operation_of(request)) else ""


OwnAgent = Annotated[str, Depends(own_agent)]


def _require_own_page(request: Request) -> None:
    if request.method not in SAFE and not came_from_here(request, unknown=False):
        raise _foreign()


async def _require_meant(request: Request, identity: Identity) -> None:
    """A browser sends the cookie by itself; only our pages know the token beside it."""
    if request.method in SAFE or not identity.csrf:
        return
    given = request.headers.get(CSRF_HEADER) or await _form_token(request)
    right = hmac.compare_digest(given.encode(), identity.csrf.encode())
    if not right or not came_from_here(request, unknown=True):
        raise _foreign()


async def _form_token(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(FORMS):
        return ""
    return str((await request.form()).get(CSRF_FIELD, ""))


def came_from_here(request: Request, *, unknown: bool) -> bool:
    """Whether a browser says that our own page sent it; `unknown` when it says nothing."""
    site, origin = (request.headers.get(n) for n in ("sec-fetch-site", "origin"))
    if site and site not in ("same-origin", "none"):
        return False
    if origin and origin != OPAQUE:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return bool(site) or unknown


async def _require_own(
    view: ConsoleView, identity: Identity, of: dict[str, str]
) -> None:
    person = identity.person_id
    agent_is_own = person and of.get("agent_id", person) == person
    if not agent_is_own or not await _call_is_own(view, person, of.get("call_id")):
        raise _forbidden(
            N_("You may do this only as your own agent, to your own calls.")
        )


async def _call_is_own(view: ConsoleView, person: str, call_id: str | None) -> bool:
    """Whether the agent is, or was, in the call; also true when there is none to be in."""
    if call_id is None:
        return True
    here = {agent.id: agent.call_id for agent in view.distributor.agents()}
    if here.get(person) == call_id:
        return True
    return person in {talk.agent_id for talk in await talks_in(view.database, call_id)}


def _forbidden(words: str) -> ApiError:
    return ApiError(403, "forbidden", words)


def _foreign() -> ApiError:
    words = N_("The request did not come from this console's own page; load it anew.")
    return ApiError(403, "csrf_refused", words)
