"""Lines, windows, tries and caps of follow-up calls as a form."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from acd.rule_changes.store import changes_page
from console.access import Asking
from console.accounts.account import Identity
from console.errors import ApiError
from console.pages.rendering import page
from console.pages.setting_forms import OUTBOUND, FormFault, given, texts
from console.pages.settings import BACK, KINDS, differences, said_fault
from console.permissions import permits
from console.routes.edits import By, edit
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
PATH = "/settings/outbound-limits"
TITLE = N_("Limits of follow-up calls")


@router.get(PATH, operation_id="page_outbound_limits")
async def limits_page(request: Request, view: View, identity: Asking) -> Response:
    """The limits, to be changed."""
    return await _shown(request, view, identity)


@router.post(PATH, operation_id="page_change_outbound_limits")
async def change_limits(
    request: Request, view: View, identity: Asking, author: By
) -> Response:
    """Change them; they bind from the next call on."""
    form = await request.form()
    written = {key: value for key, value in form.items() if isinstance(value, str)}
    try:
        await view.run_time.outbound.change(edit(given(OUTBOUND, written)), author)
    except FormFault as error:
        told = said_fault(request, error)
        return await _shown(request, view, identity, told, written)
    except ApiError as error:
        return await _shown(request, view, identity, error, written)
    return RedirectResponse(f"{PATH}?saved=yes", 303)


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    refused: Exception | None = None,
    written: Mapping[str, str] | None = None,
) -> Response:
    limits, all_settings = view.run_time.outbound, permits(identity, "page_settings")
    return page(
        request,
        "setting.html",
        422 if refused else 200,
        title=TITLE,
        name="",
        hint=N_(
            "They bind every campaign from the next call on. A call that goes on is not "
            "cut; a contact keeps the moment for which he was put off, and whether he "
            "may be called is looked at again then."
        ),
        back=BACK if all_settings else ("/campaigns", N_("Campaigns")),
        history_linked=all_settings,
        groups=OUTBOUND,
        values={**texts(OUTBOUND, limits.now.model_dump()), **(written or {})},
        warnings=(),
        refused=refused,
        saved="saved" in request.query_params,
        may_change=permits(identity, "page_change_outbound_limits"),
        changes=await changes_page(view.database, limit=5, name=limits.name),
        kinds=KINDS,
        differences=differences,
    )
