"""What the machine says: listed by language, and each text in a form."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.store import changes_page
from acd.run_time.texts import LONGEST_TEXT, TEXTS
from console.access import Asking
from console.accounts.account import Identity
from console.pages.rendering import page
from console.pages.settings import KINDS, differences
from console.permissions import permits
from console.routes.edits import By
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_
from ivr_flows.sentences import LANGUAGES, Language

router = APIRouter(prefix="/settings/texts", include_in_schema=False)
Key = Annotated[str, Path(max_length=60)]
Text = Annotated[str, Form(max_length=LONGEST_TEXT)]
TONGUES: dict[Language, str] = {
    "zh": N_("Mandarin"),
    "en": N_("English"),
    "ko": N_("Korean"),
}


@router.get("", operation_id="page_texts")
async def texts_page(
    request: Request, view: View, language: Annotated[Language, Query()] = "zh"
) -> Response:
    """All texts of a language."""
    return page(
        request,
        "texts.html",
        texts=view.texts.texts(language),
        language=language,
        languages={each: TONGUES[each] for each in LANGUAGES},
    )


@router.get("/{language}/{key}", operation_id="page_text")
async def text_page(
    request: Request, view: View, identity: Asking, language: Language, key: Key
) -> Response:
    """One text, to be changed."""
    return await _shown(request, view, identity, language, key)


@router.post("/{language}/{key}", operation_id="page_reword_text")
async def reword_text(
    request: Request,
    view: View,
    identity: Asking,
    author: By,
    language: Language,
    key: Key,
    text: Text = "",
) -> Response:
    """Say it from now on; the next caller hears it."""
    try:
        await view.texts.reword(key, language, text, author)
    except RulesRefused as error:
        return await _shown(request, view, identity, language, key, text, error)
    return RedirectResponse(f"{request.url.path}?saved=yes", 303)


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    language: Language,
    key: str,
    written: str | None = None,
    refused: Exception | None = None,
) -> Response:
    spoken = view.texts.text(key, language)
    return page(
        request,
        "text.html",
        422 if refused else 200,
        spoken=spoken,
        written=spoken.text if written is None else written,
        language=language,
        tongue=TONGUES[language],
        longest=LONGEST_TEXT,
        refused=refused,
        saved="saved" in request.query_params,
        may_change=permits(identity, "page_reword_text"),
        changes=await changes_page(view.database, limit=5, name=TEXTS.name),
        kinds=KINDS,
        differences=differences,
    )
