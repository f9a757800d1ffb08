"""The desk of deliveries: what people may do with results that were not taken."""

from collections.abc import Callable

from config.clock import LoopClock
from outbound.deliveries.delivery import Delivery
from outbound.deliveries.store import DeliveryStore


class DeliveryDesk:
    """Sends again what is dead; `on_change` is called when something became due."""

    def __init__(self, store: DeliveryStore, clock: LoopClock) -> None:
        self._store, self._clock = store, clock
        self.on_change: Callable[[], None] = lambda: None

    async def send_again(self, delivery_id: str) -> Delivery:
        """Let one be due now; `DeliveryUnknown`, or `DeliveryTaken` when it was."""
        delivery = await self._store.send_again(delivery_id, self._clock.now())
        self.on_change()
        return delivery

    async def send_dead_again(self) -> int:
        """Let all dead ones be due now; how many."""
        count = await self._store.send_dead_again(self._clock.now())
        self.on_change()
        return count
