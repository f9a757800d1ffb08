"""Telephone numbers in an answer, masked for those who need not know them."""

import json
import re
from collections.abc import Callable
from typing import Any

from console.accounts.account import Identity
from console.permissions import sees_numbers
from telephony.numbers import mask

NUMBER = re.compile(r"(?<![A-Za-z0-9_.-])\+?[0-9]{7,15}(?![A-Za-z0-9_-])")


def masked_json(body: bytes) -> bytes:
    """JSON with every number of seven digits or more masked; ids stay whole."""
    value = masked(json.loads(body))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def masked(value: Any, key: str = "") -> Any:
    """The value with masked numbers, all the way down."""
    match value:
        case dict():
            return {name: masked(inner, name) for name, inner in value.items()}
        case list():
            return [masked(inner, key) for inner in value]
        case str() if not _is_id(key):
            return masked_text(value)
    return value


def masked_text(text: str) -> str:
    """The text with masked numbers."""
    return NUMBER.sub(lambda found: mask(found[0]), text)


def plain_for(identity: Identity, operation: str) -> Callable[[str], str]:
    """What shows a text to him: as it is, or with masked numbers."""
    return str if sees_numbers(identity, operation) else masked_text


def _is_id(key: str) -> bool:
    return key in ("id", "ids") or key.endswith(("_id", "_ids"))
