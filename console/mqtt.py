"""Events to the MQTT broker, in order, and none forgotten while it is away.

A message leaves the queue only after the broker's PUBACK (MQTT 5, QoS 1), so after a
lost connection the last few may come twice, never in another order. `PENDING_MOST`
messages are kept; then the oldest go, counted in `dropped`.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Self

from aiomqtt import MqttError
from ulid import ULID

from acd import events as e
from acd.distributor import Distributor, QueueView
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import MqttSection
from console.mqtt_broker import IN_FLIGHT, Connection, parse_url
from console.mqtt_topics import (
    EVENTS,
    Message,
    agent_state,
    message_of,
    queue_gone,
    queue_status,
    status_message,
)
from telephony.trunk_state import TrunkChanged

logger = logging.getLogger(__name__)

PENDING_MOST = 100_000
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 30.0
QUEUE_STATUS_SECONDS = 0.25
DROP_LOG_SECONDS = 60.0
STOP_SECONDS = 8.0

CHANGES_QUEUES = (
    e.CallerEntered,
    e.CallConnected,
    e.CallAbandoned,
    e.CallBackPromised,
    e.CallRequeued,
    e.TalkEnded,
    e.AgentStateChanged,
    e.QueueRulesChanged,
)


class MqttPublisher:
    """Tells the broker what the bus tells, inside the `async with` block.

    It never holds up a publisher, and the service runs on without the broker. Leaving
    sends what is pending and `offline`, for at most `STOP_SECONDS`. `SettingsError`
    when the URL is wrong. `removed` queues are gone since an earlier run, of which the
    broker may still keep what it was told.
    """

    def __init__(
        self,
        settings: MqttSection,
        bus: EventBus,
        distributor: Distributor,
        clock: LoopClock,
        *,
        removed: Iterable[str] = (),
        pending_most: int = PENDING_MOST,
    ) -> None:
        self._url, self._prefix = parse_url(settings.url), settings.topic_prefix
        self._bus, self._distributor, self._clock = bus, distributor, clock
        self._run_id, self._sequence = str(ULID()), 0
        self._pending: deque[Message] = deque()
        self._pending_most = pending_most
        self._some, self._stopping = asyncio.Event(), asyncio.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._told_queues: dict[str, QueueView] = {}
        self._kept_queues = set(removed)
        self._trunks: dict[str, TrunkChanged] = {}
        self._queue_timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._quiet_until = 0.0
        self.connected = False
        self.dropped = 0
        self.refused = 0

    @property
    def pending(self) -> int:
        """Messages that the broker has not taken yet."""
        return len(self._pending)

    async def __aenter__(self) -> Self:
        self._unsubscribe = [self._bus.subscribe(kind, self._hear) for kind in EVENTS]
        self._task = asyncio.create_task(self._publish(), name="mqtt publisher")
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._queue_timer:
            self._queue_timer.cancel()
        self._stopping.set()
        self._some.set()
        task, self._task = self._task, None
        if task is None:
            return
        try:
            await asyncio.wait({task}, timeout=STOP_SECONDS)
        finally:
            task.cancel()
            await asyncio.wait({task})
        if self._pending:
            logger.warning("%s events did not reach the broker", self.pending)

    # What happens here

    def _hear(self, event: object) -> None:
        self._tell(event)
        if isinstance(event, TrunkChanged):
            self._trunks[event.trunk] = event
        if isinstance(event, CHANGES_QUEUES) and self._queue_timer is None:
            loop = asyncio.get_running_loop()
            self._queue_timer = loop.call_later(QUEUE_STATUS_SECONDS, self._tell_queues)

    def _tell(self, event: Any) -> None:
        self._sequence += 1
        self._add(
            message_of(
                event, prefix=self._prefix, run=self._run_id, sequence=self._sequence
            )
        )

    def _add(self, message: Message) -> None:
        if len(self._pending) >= self._pending_most:
            self._drop_oldest()
        self._pending.append(message)
        self._some.set()

    def _drop_oldest(self) -> None:
        self._pending.popleft()
        self.dropped += 1
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + DROP_LOG_SECONDS
            logger.error(
                "the MQTT broker has been away for too long: %s events are lost so far",
                self.dropped,
            )

    def _tell_states(self) -> None:
        """What a broker that was started anew no longer knows."""
        for agent in self._distributor.agents():
            self._tell(agent_state(agent))
        for trunk in self._trunks.values():
            self._tell(trunk)
        self._told_queues = {}
        self._tell_queues()

    def _tell_queues(self) -> None:
        self._queue_timer = None
        # Without a broker these would only push out events; they are told on return.
        if not self.connected:
            return
        queues = self._distributor.queues()
        self._take_back(self._kept_queues - {queue.name for queue in queues})
        for queue in queues:
            known = self._told_queues.get(queue.name)
            if known is None or _differ(known, queue):
                self._told_queues[queue.name] = queue
                self._kept_queues.add(queue.name)
                self._tell(queue_status(queue, self._clock.now()))

    def _take_back(self, removed: set[str]) -> None:
        """The broker shall keep nothing of queues that were removed."""
        for name in sorted(removed):
            self._kept_queues.remove(name)
            self._told_queues.pop(name, None)
            self._add(queue_gone(name, prefix=self._prefix))

    # The broker

    async def _publish(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._session()
            except* MqttError as errors:
                self._note_lost(errors)
            except* Exception:
                logger.exception("publishing to MQTT failed; it is tried again")
            finally:
                self.connected = False
            await self._pause()

    async def _session(self) -> None:
        """One connection: greet, publish all that comes, take leave."""
        connection = Connection(
            self._url,
            identifier=f"hotline-{self._run_id}",
            will=self._status("offline"),
            on_refused=self._note_refused,
        )
        async with connection:
            await connection.send(self._status("online"))
            self._note_connected()
            async with asyncio.TaskGroup() as tasks:
                lost = tasks.create_task(connection.until_lost(), name="mqtt loss")
                await self._send_pending(connection)
                lost.cancel()
            await connection.send(self._status("offline"))

    async def _send_pending(self, connection: Connection) -> None:
        while self._pending or not self._stopping.is_set():
            await self._some.wait()
            await self._send_some(connection)
            if not self._pending and not self._stopping.is_set():
                self._some.clear()

    async def _send_some(self, connection: Connection) -> None:
        """A few at once, so that the distance to the broker costs little."""
        async with asyncio.TaskGroup() as tasks:
            for message in list(islice(self._pending, IN_FLIGHT)):
                tasks.create_task(self._send(connection, message), name="mqtt message")

    async def _send(self, connection: Connection, message: Message) -> None:
        await connection.send(message)
        # PUBACKs come in order (MQTT 5, 4.6), so this is the first, or was dropped.
        if self._pending and self._pending[0] is message:
            self._pending.popleft()

    async def _pause(self) -> None:
        longest = FIRST_RETRY_SECONDS * 2 ** min(self._failures, 10)
        seconds = min(longest, LONGEST_RETRY_SECONDS) * random.uniform(0.5, 1)
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            self._failures += 1

    def _status(self, status: str) -> Message:
        return status_message(status, prefix=self._prefix, run=self._run_id)

    def _note_connected(self) -> None:
        logger.info("connected to the MQTT broker at %s", self._url)
        self.connected, self._failures = True, 0
        self._tell_states()

    def _note_lost(self, errors: ExceptionGroup[MqttError]) -> None:
        if self._failures == 0 and not self._stopping.is_set():
            logger.warning(
                "the MQTT broker at %s cannot be reached (%s); events wait until it can",
                self._url,
                # Not the error itself: whoever keeps the record would keep its socket.
                str(_first(errors)),
            )

    def _note_refused(self, reason: str) -> None:
        self.refused += 1
        if self.refused == 1:
            logger.warning("the MQTT broker refuses an event: %s", reason)


def _differ(one: QueueView, other: QueueView) -> bool:
    return (one.waiting, one.talking, one.agents) != (
        other.waiting,
        other.talking,
        other.agents,
    )


def _first(errors: BaseExceptionGroup[MqttError]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
