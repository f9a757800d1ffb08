"""The emergency plans, as the dialler hears of them."""

from collections.abc import Callable

from acd.events import PlanLevelChanged
from config.bus import EventBus


class PlanLevel:
    """The level of the plans, from the bus: 0 is normal; `on_change` is told of each."""

    def __init__(
        self, bus: EventBus, on_change: Callable[[], None], level: int = 0
    ) -> None:
        self._level, self._on_change = level, on_change
        self.close = bus.subscribe(PlanLevelChanged, self._changed)
        """Hear no more."""

    @property
    def is_normal(self) -> bool:
        """Whether follow-up calls may be placed: every hand is needed otherwise."""
        return self._level == 0

    def _changed(self, event: PlanLevelChanged) -> None:
        self._level = event.level
        self._on_change()
