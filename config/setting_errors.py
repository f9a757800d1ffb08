"""Wrong settings, said so that a person can mend them."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError


class SettingsError(Exception):
    """The settings cannot be used; the message names the place and the mend."""


def explain(error: ValidationError, model: type[BaseModel], file: Path) -> str:
    """One line for each fault: file, place, what is wrong, the nearest word."""
    lines = [f"{file}: {in_words(fault, model)}" for fault in error.errors()]
    return "\n".join(lines)


def in_words(fault: Any, model: type[BaseModel]) -> str:
    """One of pydantic's errors: the place, what is wrong, the nearest word."""
    place = fault["loc"]
    if fault["type"] == "extra_forbidden":
        return _unknown(place, model)
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{_named(place)}: {message}" if place else message


def _unknown(place: Sequence[str | int], model: type[BaseModel]) -> str:
    *parents, key = place
    fields = _model_at(parents, model).model_fields
    known = [field.alias or name for name, field in fields.items()]
    near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return f"{_named(place)} is not a setting; {hint}"


def _named(place: Sequence[str | int]) -> str:
    words = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in place)
    return words.lstrip(".")


def _model_at(place: Sequence[str | int], model: type[BaseModel]) -> type[BaseModel]:
    for part in place:
        if isinstance(part, str):
            model = _inner_model(model.model_fields[part].annotation)
    return model


def _inner_model(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if argument is not Ellipsis:
            return _inner_model(argument)
    raise TypeError(f"{annotation} holds no section")
