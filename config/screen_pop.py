"""The address of the city's order system for a call: a template, checked and filled in."""

from string import Formatter
from urllib.parse import quote, urlsplit

PLACES = ("number", "call_id", "agent_id")
SCHEMES = ("http", "https")
_TRIED = dict.fromkeys(PLACES, "0")


def checked_template(template: str) -> str:
    """The template itself; `ValueError` says what is wrong with it."""
    for place in places_in(template):
        if place not in PLACES:
            known = ", ".join(f"{{{name}}}" for name in PLACES)
            raise ValueError(f"there is no place {{{place}}}; known: {known}")
    address = urlsplit(template.format_map(_TRIED))
    if address.scheme not in SCHEMES or not address.hostname:
        raise ValueError(
            'write a whole address, like "https://orders.example/{number}"'
        )
    if "{" in template.split("://", 1)[1].split("/", 1)[0]:
        raise ValueError("the host of the address is fixed; places come after it")
    return template


def places_in(template: str) -> tuple[str, ...]:
    """The places that are filled in; `ValueError` when a brace is alone."""
    parts = list(Formatter().parse(template))
    if any(form or conversion for _, _, form, conversion in parts):
        raise ValueError("write places plainly, like {number}")
    return tuple(name for _, name, _, _ in parts if name is not None)


def address_for(template: str, *, number: str, call_id: str, agent_id: str) -> str:
    """The address for one call; "" without a template, or when it asks for a number
    that is not known."""
    if not template or ("number" in places_in(template) and not number):
        return ""
    values = {"number": number, "call_id": call_id, "agent_id": agent_id}
    return template.format_map({k: quote(v, safe="") for k, v in values.items()})
