"""Changes of rules as they are asked for: who asks, and a part of the whole."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Body, Depends, Query, Request
from pydantic import BaseModel, ValidationError

from acd.rule_changes.rows import Author
from config.setting_errors import in_words
from console.access import Asking
from console.accounts.account import Identity, Way
from console.caller import peer_of
from console.errors import ApiError

M = TypeVar("M", bound=BaseModel)

Given = Annotated[
    dict[str, Any],
    Body(description="The settings to change, by name; lists and tables are replaced."),
]


class Removed(BaseModel):
    """What was removed."""

    name: str


def author_of(
    request: Request,
    identity: Asking,
    by: Annotated[
        str,
        Query(
            max_length=80,
            description="Who asks, for the list of changes; an account is named itself.",
        ),
    ] = "",
) -> Author:
    """Who asks for a change, and from where."""
    return Author(name=named(identity, by), peer=peer_of(request.scope))


def named(identity: Identity, given: str) -> str:
    """Who did it: the account or token; whom this machine's owner names."""
    return given if identity.way is Way.MACHINE else identity.name


By = Annotated[Author, Depends(author_of)]


def edit(given: dict[str, Any]) -> Callable[[M], M]:
    """What puts the given values into a whole; refuses with 422 what does not fit."""

    def edited(old: M) -> M:
        try:
            return type(old).model_validate(old.model_dump() | given)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise ApiError(
                422,
                "invalid_request",
                in_words(fault, type(old)),
                field=".".join(map(str, fault["loc"])) or None,
            ) from None

    return edited
