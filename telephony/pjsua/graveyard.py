"""Where pjsua2 objects wait until they may be destroyed, on the owner's thread."""

from collections import deque
from time import monotonic
from typing import Final

PLAYER_REST_SECONDS: Final = 0.12
"""A player that reached its end calls back from another thread; destroyed sooner it
would be called when it is gone (this crashes the library)."""


class Graveyard:
    """Keeps objects alive for their rest, then drops the last reference to them."""

    def __init__(self) -> None:
        self._calls: list[object] = []
        self._players: deque[tuple[float, object]] = deque()

    def bury(self, thing: object) -> None:
        """Destroy at the next `tidy`, when no callback of it runs any more."""
        self._calls.append(thing)

    def bury_player(self, player: object) -> None:
        """Destroy an unlinked player after its rest."""
        self._players.append((monotonic() + PLAYER_REST_SECONDS, player))

    def tidy(self) -> None:
        """Destroy what has rested; runs between polls."""
        self._calls.clear()
        now = monotonic()
        while self._players and self._players[0][0] <= now:
            self._players.popleft()

    @property
    def players(self) -> int:
        """How many players rest here."""
        return len(self._players)

    @property
    def empty(self) -> bool:
        """Whether nothing rests here."""
        return not self._calls and not self._players
