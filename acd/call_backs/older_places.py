"""Citizens who called again and took their old places back, for as long as they are here."""

from dataclasses import replace
from datetime import datetime

from acd.call_backs.wish import Wish
from acd.events import CallEnded, PlaceTakenBack
from config.bus import EventBus


class OlderPlaces:
    """Since when a call has its place, when that is longer than it has been here."""

    def __init__(self, bus: EventBus) -> None:
        self._since: dict[str, datetime] = {}
        bus.subscribe(PlaceTakenBack, self._taken_back)
        bus.subscribe(CallEnded, self._ended)

    def place_of(self, wish: Wish) -> Wish:
        """The wish, at the place that its call really has."""
        since = self._since.get(wish.call_id, wish.since)
        return replace(wish, since=min(since, wish.since))

    def _taken_back(self, event: PlaceTakenBack) -> None:
        self._since[event.call_id] = event.since

    def _ended(self, event: CallEnded) -> None:
        self._since.pop(event.call_id, None)
