"""Wall screens: a browser that shows the wallboard for as long as nobody revokes it.

It has no account and no role, but an API token that may do these operations and no
other. A token that may do more opens nothing here, for browsers send cookies by
themselves. Elsewhere the browser is a stranger's, so that a person can still log in.
"""

from console.accounts.account import Identity
from console.accounts.entrance import Entrance

OPERATIONS = frozenset(
    {"page_wallboard", "get_wallboard", "get_wallboard_curve", "follow_wallboard"}
)
PATH = "/wallboard/screen"
PLACES = frozenset(
    {
        "/wallboard",
        *("/api/v1/wallboard", "/api/v1/wallboard/curve", "/api/v1/wallboard/events"),
    }
)
"""Where the cookie counts: the paths of the operations."""


async def screen_of(entrance: Entrance, secret: str) -> Identity | None:
    """The wall screen with a secret; None when it is none (any more)."""
    found = await entrance.by_token(secret)
    if found is None or found.roles or not found.operations <= OPERATIONS:
        return None
    return found
