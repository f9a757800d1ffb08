"""The publisher to the MQTT broker, with what an earlier run may have left there."""

from acd.distributor import Distributor
from acd.people.archive import removed_queues
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import MqttSection
from console.mqtt import MqttPublisher


async def publisher_of(
    settings: MqttSection,
    database: Database,
    bus: EventBus,
    distributor: Distributor,
    clock: LoopClock,
) -> MqttPublisher | None:
    """The publisher, to be entered; None where no broker is set."""
    if not settings.url:
        return None
    removed = await removed_queues(database)
    return MqttPublisher(settings, bus, distributor, clock, removed=removed)
