"""The event bus: what has happened, told to whoever wants to know.

Events are frozen dataclasses in the past tense. They are delivered in the order of
publication, on the loop, before `publish` returns. Subscribers must not block; one
that raises is logged and the others still hear.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

logger = logging.getLogger(__name__)
E = TypeVar("E")


class EventBus:
    """Delivers each event to every subscriber of its class or of a base class."""

    def __init__(self) -> None:
        self._subscribers: list[tuple[type[Any], Callable[[Any], None]]] = []

    def subscribe(
        self, kind: type[E], subscriber: Callable[[E], None]
    ) -> Callable[[], None]:
        """Call `subscriber` for each event of `kind`; returns how to stop that."""
        entry = (kind, subscriber)
        self._subscribers.append(entry)
        return lambda: self._subscribers.remove(entry)

    def publish(self, event: object) -> None:
        """Tell the event to its subscribers."""
        for kind, subscriber in tuple(self._subscribers):
            if isinstance(event, kind):
                self._deliver(event, subscriber)

    @staticmethod
    def _deliver(event: object, subscriber: Callable[[Any], None]) -> None:
        try:
            subscriber(event)
        except Exception:
            logger.exception("subscriber failed on %s", type(event).__name__)
