"""What is wrong with a flow, said so that its writer can mend it at once."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from ivr_flows.finding import FaultId, Finding
from ivr_flows.steps import KINDS
from ivr_flows.yaml_source import Place, Source

_PLAIN = {
    "missing": "{name} is missing",
    "bool_parsing": "{name} is true or false",
    "int_parsing": "{name} is a whole number",
    "int_from_float": "{name} is a whole number",
    "float_parsing": "{name} is a number of seconds",
    "string_type": "{name} is text",
    "dict_type": "{name} wants lines of 'word: value' under it",
    "model_type": "{name} wants lines of 'word: value' under it",
    "model_attributes_type": "{name} wants lines of 'word: value' under it",
    "too_short": "{name} has too few entries",
    "string_pattern_mismatch": "{input!r} is no name; names are small letters, digits and _, like 'to_person'",
}

_IDS = {
    "extra_forbidden": FaultId.WORD_UNKNOWN,
    "union_tag_invalid": FaultId.KIND_UNKNOWN,
    "union_tag_not_found": FaultId.KIND_UNKNOWN,
    "missing": FaultId.VALUE_MISSING,
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that ends a message: the nearest known word, or all of them."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(words)}" if words else "there is none"


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
    return Finding(
        error_id=_IDS.get(fault["type"], FaultId.VALUE_INVALID),
        file=source.file,
        line=line,
        column=column,
        message=_message(fault, place, values, flow),
    )


def _place_in_file(location: Place) -> Place:
    """Pydantic's location without the words that are not in the file."""
    inside_step = location[0] == "steps" and len(location) > 2
    bare = (*location[:2], *location[3:]) if inside_step else location
    return tuple(part for part in bare if part != "[key]")


def _message(
    fault: Any, place: Place, values: dict[str, Any], flow: type[BaseModel]
) -> str:
    kind = fault["type"]
    if kind == "extra_forbidden":
        return _unknown_word(place, values, flow)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(place, fault)
    return _plain(fault, place)


def _plain(fault: Any, place: Place) -> str:
    if template := _PLAIN.get(fault["type"]):
        return template.format(name=place[-1], input=fault["input"])
    if fault["type"] == "literal_error":
        known = re.findall(r"'([^']+)'", fault["ctx"]["expected"])
        return f"{fault['input']!r} is not known here; {nearest(str(fault['input']), known)}"
    message = str(fault["msg"])
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ")
    return f"{place[-1]}: {message.replace('Input should', 'it must')}"


def _unknown_word(place: Place, values: dict[str, Any], flow: type[BaseModel]) -> str:
    word = str(place[-1])
    if len(place) == 1:
        return f"{word!r} is no word of a flow; {nearest(word, flow.model_fields)}"
    kind = _kind_at(place, values)
    fields = [name for name in KINDS[kind].model_fields if name != "do"]
    if len(place) > 3:
        fields = ["workday", "day_off", "weekdays", "dates"]
    return f"{word!r} is no word of {kind!r}; {nearest(word, fields)}"


def _kind_at(place: Place, values: dict[str, Any]) -> str:
    return str(values["steps"][place[1]]["do"])


def _unknown_kind(place: Place, fault: Any) -> str:
    if fault["type"] == "union_tag_not_found":
        kinds = ", ".join(KINDS)
        return f"step {place[-1]!r} does not say what it does: write do: and one of {kinds}"
    word = str(fault["ctx"]["tag"])
    return f"{word!r} is no kind of step; {nearest(word, KINDS)}"
