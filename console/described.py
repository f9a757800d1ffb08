"""What the API's description says besides its routes: keys that any command may have."""

from typing import Any

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same command with the same key is carried out once in 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
COMMANDS = ("post", "put", "patch", "delete")


def with_keys(description: dict[str, Any]) -> dict[str, Any]:
    """The description in which every command takes a key."""
    for operations in description["paths"].values():
        for method in COMMANDS:
            if method in operations:
                operations[method].setdefault("parameters", []).append(KEY)
    return description
