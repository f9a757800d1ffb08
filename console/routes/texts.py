"""What the machine says: read, and reworded while calls come."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from acd.run_time.texts import LONGEST_TEXT, SpokenText
from console.routes.edits import By
from console.routes.parts import View
from ivr_flows.sentences import Language

router = APIRouter(prefix="/texts", tags=["flows"])
Key = Annotated[str, Path(max_length=60)]


class NewText(BaseModel):
    """What shall be said; "" is what the files have."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST_TEXT)


@router.get("/{language}", operation_id="list_texts")
async def list_texts(view: View, language: Language) -> list[SpokenText]:
    """Every sentence of the catalogue as it is said now in a language."""
    return view.texts.texts(language)


@router.put("/{language}/{key}", operation_id="reword_text")
async def reword_text(
    view: View, language: Language, key: Key, body: NewText, author: By
) -> SpokenText:
    """Say this from now on; it is synthesised first, and heard by the next caller."""
    return await view.texts.reword(key, language, body.text, author)
