"""Delivers results to the order system, each at least once, a few at a time.

What it takes is asked anew of the database in each round, so that nothing is forgotten
by a service that is killed: a delivery that was taken but not noted comes again, with
the same id.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import httpx
from pydantic import SecretStr

from config.bus import EventBus
from config.clock import LoopClock
from config.database import DatabaseError
from outbound.deliveries import delivery as rules_of
from outbound.deliveries.delivery import Delivery, DeliveryState
from outbound.deliveries.events import DeliveryTried
from outbound.deliveries.signature import headers
from outbound.deliveries.store import DeliveryStore
from outbound.events import FollowUpResult

logger = logging.getLogger(__name__)

LONGEST_REST_SECONDS = 60.0
RETRY_SECONDS = 5.0
TIDY_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRules:
    """Where results go and how long it is tried; delivered ones are kept for a while."""

    url: str
    secret: SecretStr
    timeout_seconds: float = 10
    most_age: timedelta = timedelta(hours=72)
    at_once: int = 4
    kept: timedelta = timedelta(days=30)


class DeliverySender:
    """Sends what is due; an async context manager. Leaving cuts off what is under way."""

    def __init__(
        self,
        store: DeliveryStore,
        rules: DeliveryRules,
        bus: EventBus,
        clock: LoopClock,
    ) -> None:
        self._store, self._rules, self._bus, self._clock = store, rules, bus, clock
        self._wake = asyncio.Event()
        self._tidied_at: datetime | None = None
        self._is_down = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    async def __aenter__(self) -> Self:
        self._unsubscribe = self._bus.subscribe(FollowUpResult, lambda _: self.look())
        self._task = asyncio.create_task(self._run(), name="delivery sender")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait({task})

    def look(self) -> None:
        """Something may have become due."""
        self._wake.set()

    async def _run(self) -> None:
        async with httpx.AsyncClient(
            timeout=self._rules.timeout_seconds,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            while True:
                self._wake.clear()
                rest = await self._round_or_rest(client)
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest):
                        await self._wake.wait()

    async def _round_or_rest(self, client: httpx.AsyncClient) -> float:
        try:
            return await self._round(client)
        except* DatabaseError as errors:
            logger.warning(
                "deliveries cannot be read or kept: %s", errors.exceptions[0]
            )
        except* Exception:  # the next round may go well: nothing is to be forgotten
            logger.exception("a round of deliveries failed")
        return RETRY_SECONDS

    async def _round(self, client: httpx.AsyncClient) -> float:
        """Send what is due; returns the seconds until the next is."""
        await self._tidy()
        while due := await self._store.due(self._clock.now(), self._rules.at_once):
            await self._send_all(client, due)
        return self._seconds_until(await self._store.next_due())

    async def _send_all(
        self, client: httpx.AsyncClient, due: Sequence[Delivery]
    ) -> None:
        async with asyncio.TaskGroup() as tasks:
            for delivery in due:
                tasks.create_task(
                    self._try(client, delivery), name=f"delivery {delivery.id}"
                )

    async def _try(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        why_not = await self._send(client, delivery)
        now = self._clock.now()
        if why_not:
            after = rules_of.failed(
                delivery,
                why_not,
                now,
                most=self._rules.most_age,
                spread=random.random(),
            )
        else:
            after = rules_of.taken(delivery, now)
        self._note(after)
        await self._store.save(after)
        self._bus.publish(
            DeliveryTried(at=now, delivery_id=delivery.id, state=after.state)
        )

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery) -> str:
        """Why it was not taken; "" when it was. What the answer says is not read."""
        body = delivery.body.encode()
        signed = headers(
            self._rules.secret.get_secret_value().encode(),
            delivery.id,
            int(self._clock.now().timestamp()),
            body,
        )
        try:
            async with (
                asyncio.timeout(self._rules.timeout_seconds),
                client.stream(
                    "POST", self._rules.url, content=body, headers=signed
                ) as response,
            ):
                return "" if response.is_success else f"HTTP {response.status_code}"
        except (TimeoutError, httpx.TimeoutException):
            return "no answer in time"
        except httpx.HTTPError as error:
            return type(error).__name__

    def _note(self, after: Delivery) -> None:
        if after.state is DeliveryState.DEAD:
            logger.error(
                "delivery %s is dead after %s tries (%s); to send it again: hotline campaigns deliveries again",
                after.id,
                after.tries,
                after.why_not,
            )
        elif after.why_not and not self._is_down:
            logger.warning(
                "the order system does not take results (%s); they are sent until it does",
                after.why_not,
            )
        elif self._is_down and not after.why_not:
            logger.info("the order system takes results again")
        self._is_down = bool(after.why_not)

    async def _tidy(self) -> None:
        now = self._clock.now()
        if self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = now
            await self._store.remove_delivered(now - self._rules.kept)

    def _seconds_until(self, due: datetime | None) -> float:
        if due is None:
            return LONGEST_REST_SECONDS
        seconds = (due - self._clock.now()).total_seconds()
        return min(max(0.0, seconds), LONGEST_REST_SECONDS)
