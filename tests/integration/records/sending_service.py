"""A process that delivers what is in a database, until somebody kills it.

`python -m tests.integration.records.sending_service DATABASE_URL ADDRESS SECRET`.
"""

import asyncio
import sys

from pydantic import SecretStr

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from outbound.deliveries.sender import DeliveryRules, DeliverySender
from outbound.deliveries.store import DeliveryStore


async def send(url: str, address: str, secret: str) -> None:
    """Deliver until the end."""
    rules = DeliveryRules(url=address, secret=SecretStr(secret))
    async with (
        Database(url) as database,
        DeliverySender(DeliveryStore(database), rules, EventBus(), LoopClock()),
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(send(*sys.argv[1:4]))
