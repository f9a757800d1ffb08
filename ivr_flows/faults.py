"""What is wrong with a flow, said so that its writer can mend it at once."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from ivr_flows.finding import FaultId, Finding
from ivr_flows.steps import KINDS
from ivr_flows.told import Told, Unfit, told
from ivr_flows.yaml_source import Place, Source

Worded = tuple[Told, Told | None]
"""What is wrong, and the hint."""

_WHOLE = told("%(name)s is a whole number")
_LINES = told("%(name)s wants lines of 'word: value' under it")
_PLAIN = {
    "missing": told("%(name)s is missing"),
    "bool_parsing": told("%(name)s is true or false"),
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": told("%(name)s is a number of seconds"),
    "string_type": told("%(name)s is text"),
    "dict_type": _LINES,
    "model_type": _LINES,
    "model_attributes_type": _LINES,
    "too_short": told("%(name)s has too few entries"),
}
_NO_NAME = told(
    "%(word)s is no name; names are small letters, digits and _, like 'to_person'"
)
_LIMITS = {
    "greater_than_equal": ("ge", told("%(name)s: it must be at least %(limit)s")),
    "less_than_equal": ("le", told("%(name)s: it must be at most %(limit)s")),
}

_IDS = {
    "extra_forbidden": FaultId.WORD_UNKNOWN,
    "union_tag_invalid": FaultId.KIND_UNKNOWN,
    "union_tag_not_found": FaultId.KIND_UNKNOWN,
    "missing": FaultId.VALUE_MISSING,
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that ends a message: the nearest known word, or all of them."""
    return str(hint_of(word, known))


def hint_of(word: str, known: Iterable[str]) -> Told:
    """The same, to be said in other languages, too."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if near:
        return told("did you mean %(near)s?", near=repr(near[0]))
    if words:
        return told("known: %(words)s", words=", ".join(words))
    return told("there is none")


def findings_of(
    error: ValidationError,
    values: dict[str, Any],
    source: Source,
    flow: type[BaseModel],
) -> Sequence[Finding]:
    """One finding for each fault that pydantic saw."""
    faults = error.errors(include_url=False)
    found = [_finding(fault, values, source, flow) for fault in faults]
    return list(dict.fromkeys(found))


def _finding(
    fault: Any, values: dict[str, Any], source: Source, flow: type[BaseModel]
) -> Finding:
    place = _place_in_file(fault["loc"])
    line, column = source.mark(place)
    words, hint = _words(fault, place, values, flow)
    return Finding(
        error_id=_IDS.get(fault["type"], FaultId.VALUE_INVALID),
        file=source.file,
        line=line,
        column=column,
        words=words,
        hint=hint,
    )


def _place_in_file(location: Place) -> Place:
    """Pydantic's location without the words that are not in the file."""
    inside_step = location[0] == "steps" and len(location) > 2
    bare = (*location[:2], *location[3:]) if inside_step else location
    return tuple(part for part in bare if part != "[key]")


def _words(
    fault: Any, place: Place, values: dict[str, Any], flow: type[BaseModel]
) -> Worded:
    kind = fault["type"]
    if kind == "extra_forbidden":
        return _unknown_word(place, values, flow)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(place, fault)
    return _plain(fault, place)


def _plain(fault: Any, place: Place) -> Worded:
    kind, name, given = fault["type"], place[-1], fault["input"]
    about = fault.get("ctx", {})
    if words := _PLAIN.get(kind):
        return words.of(name=name), None
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return words.of(name=name, limit=about[limit]), None
    if kind == "string_pattern_mismatch":
        return _NO_NAME.of(word=repr(given)), None
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", about["expected"])
        words = told("%(word)s is not known here", word=repr(given))
        return words, hint_of(str(given), known)
    if isinstance(why := about.get("error"), Unfit):
        return why.words, None
    reason = str(fault["msg"]).replace("Input should", "it must")
    return told("%(name)s: %(why)s", name=name, why=reason), None


def _unknown_word(
    place: Place, values: dict[str, Any], flow: type[BaseModel]
) -> Worded:
    word = str(place[-1])
    if len(place) == 1:
        words = told("%(word)s is no word of a flow", word=repr(word))
        return words, hint_of(word, flow.model_fields)
    kind = _kind_at(place, values)
    fields = [name for name in KINDS[kind].model_fields if name != "do"]
    if len(place) > 3:
        fields = ["workday", "day_off", "weekdays", "dates"]
    words = told("%(word)s is no word of %(kind)s", word=repr(word), kind=repr(kind))
    return words, hint_of(word, fields)


def _kind_at(place: Place, values: dict[str, Any]) -> str:
    return str(values["steps"][place[1]]["do"])


def _unknown_kind(place: Place, fault: Any) -> Worded:
    if fault["type"] == "union_tag_not_found":
        words = told(
            "step %(step)s does not say what it does: write do: and one of %(kinds)s",
            step=repr(place[-1]),
            kinds=", ".join(KINDS),
        )
        return words, None
    word = str(fault["ctx"]["tag"])
    return told("%(word)s is no kind of step", word=repr(word)), hint_of(word, KINDS)
