"""What happens to deliveries."""

from dataclasses import dataclass
from datetime import datetime

from outbound.deliveries.delivery import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTried:
    """A try to deliver is over; `state` is what the delivery is after it."""

    at: datetime
    delivery_id: str
    state: DeliveryState
