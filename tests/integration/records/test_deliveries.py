"""Results delivered to a real HTTP server that fails, hangs, dies and comes back."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from outbound.deliveries import delivery as delivery_module
from outbound.deliveries.delivery import Delivery, DeliveryState
from outbound.deliveries.desk import DeliveryDesk
from outbound.deliveries.events import DeliveryTried
from outbound.deliveries.sender import DeliveryRules, DeliverySender
from outbound.deliveries.store import DeliveryStore, ResultBook, deliveries_page
from outbound.events import FollowUpResult
from outbound.store import CampaignStore
from tests.fakes.order_system import SECRET, OrderSystem
from tests.integration.records.test_campaign_store import MONDAY, RULES
from tests.integration.records.test_result_book import Kept

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
DELIVERED, DEAD = DeliveryState.DELIVERED, DeliveryState.DEAD


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon; the pauses as such are tested elsewhere."""
    monkeypatch.setattr(delivery_module, "FIRST_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(delivery_module, "LONGEST_RETRY_SECONDS", 0.1)


class Sending:
    """A database with results, and senders of them."""

    def __init__(self, database: Database) -> None:
        self.database, self.bus = database, EventBus()
        self.kept = Kept(database)
        self.bus.subscribe(FollowUpResult, self.kept.told.append)
        book = ResultBook(database, self.bus.publish, delivers=True)
        self.kept.store = CampaignStore(database, book)
        self.tried: list[DeliveryTried] = []
        self.bus.subscribe(DeliveryTried, self.tried.append)

    async def results(self, *names: str) -> None:
        """A result of a campaign of each name."""
        for name in names:
            await self.kept.try_him(campaign=name)
            await asyncio.sleep(0)

    @asynccontextmanager
    async def to(
        self,
        orders: OrderSystem,
        *,
        age: timedelta = timedelta(days=3),
        timeout_seconds: float = 60,
    ) -> AsyncIterator[DeliverySender]:
        """A sender to this order system."""
        rules = DeliveryRules(
            url=orders.url,
            secret=SecretStr(SECRET),
            timeout_seconds=timeout_seconds,
            most_age=age,
        )
        # The results are of another day: the clock of the sender is that of theirs.
        store, clock = DeliveryStore(self.database), LoopClock(MONDAY)
        async with DeliverySender(store, rules, self.bus, clock) as sender:
            yield sender

    async def until(self, state: DeliveryState, count: int) -> list[Delivery]:
        """Wait for so many deliveries in a state."""
        async with asyncio.timeout(60):
            while True:
                found = await deliveries_page(self.database, state=state)
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.01)


@pytest.fixture
async def sending(database: Database) -> Sending:
    return Sending(database)


@pytest.fixture
def orders() -> OrderSystem:
    return OrderSystem()


async def test_result_is_delivered_signed_as_soon_as_it_is_there(
    sending: Sending, orders: OrderSystem
) -> None:
    async with orders.running(), sending.to(orders):
        await sending.results("a", "b")
        await sending.until(DELIVERED, 2)
    assert {got.result["campaign"] for got in orders.got} == {"a", "b"}
    assert all(got.is_ours for got in orders.got)
    assert {got.headers["idempotency-key"] for got in orders.got} == {
        got.result["id"] for got in orders.got
    }
    stamps = [int(got.headers["hotline-timestamp"]) for got in orders.got]
    assert all(abs(at - MONDAY.timestamp()) < 60 for at in stamps)


@pytest.mark.parametrize("status", [500, 503, 404, 429, 301, 204])
async def test_only_a_2xx_is_taken(
    sending: Sending, orders: OrderSystem, status: int
) -> None:
    orders.status = status
    await sending.results("a")
    async with orders.running(), sending.to(orders):
        await orders.until(1 if status == 204 else 3)
        orders.status = 200
        (delivery,) = await sending.until(DELIVERED, 1)
    assert len({got.id for got in orders.got}) == 1
    assert len({got.body for got in orders.got}) == 1
    assert delivery.tries == len(orders.got) == len(sending.tried)


async def test_redirect_is_not_followed(sending: Sending, orders: OrderSystem) -> None:
    elsewhere = OrderSystem()
    orders.status, orders.location = 307, elsewhere.url
    await sending.results("a")
    async with orders.running(), elsewhere.running(), sending.to(orders):
        await orders.until(3)
        (waiting,) = await deliveries_page(sending.database)
    assert elsewhere.got == []
    assert waiting.why_not == "HTTP 307"


async def test_order_system_that_hangs_is_asked_again(
    sending: Sending, orders: OrderSystem
) -> None:
    orders.hangs = True
    await sending.results("a")
    async with orders.running(), sending.to(orders, timeout_seconds=0.3):
        await orders.until(2)
        (waiting,) = await deliveries_page(sending.database)
        assert waiting.why_not == "no answer in time"
        orders.hangs = False
        await sending.until(DELIVERED, 1)
    assert len({got.id for got in orders.got}) == 1


async def test_order_system_that_is_away_gets_all_when_it_is_back(
    sending: Sending, orders: OrderSystem
) -> None:
    async with sending.to(orders):
        async with orders.running():
            await sending.results("a")
            await sending.until(DELIVERED, 1)
        await sending.results("b", "c", "d", "e", "f", "g")
        async with asyncio.timeout(60):
            while len(sending.tried) < 9:
                await asyncio.sleep(0.01)
        async with orders.running():
            await sending.until(DELIVERED, 7)
    assert {got.result["campaign"] for got in orders.got} == set("abcdefg")


async def test_result_that_grows_too_old_is_dead_until_it_is_sent_again(
    sending: Sending, orders: OrderSystem
) -> None:
    await sending.results("a")
    async with sending.to(orders, age=timedelta(seconds=0.2)) as sender:
        (dead,) = await sending.until(DEAD, 1)
        assert (dead.why_not, dead.due_at) == ("ConnectError", None)
        async with orders.running():
            desk = DeliveryDesk(DeliveryStore(sending.database), LoopClock(MONDAY))
            desk.on_change = sender.look
            await desk.send_again(dead.id)
            await sending.until(DELIVERED, 1)
    assert [got.id for got in orders.got] == [dead.id]
    assert sending.tried[-1].state is DELIVERED


async def test_sender_stops_at_once_while_the_order_system_hangs(
    sending: Sending, orders: OrderSystem
) -> None:
    orders.hangs = True
    await sending.results("a")
    async with orders.running():
        async with sending.to(orders):
            await orders.until(1)
        (waiting,) = await deliveries_page(sending.database)
    assert (waiting.state, waiting.tries) == (DeliveryState.PENDING, 0)


# kill -9


async def start_sender(url: str, orders: OrderSystem) -> asyncio.subprocess.Process:
    """A process of its own that delivers."""
    module = "tests.integration.records.sending_service"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, url, orders.url, SECRET, cwd=ROOT
    )


async def kill(process: asyncio.subprocess.Process) -> None:
    """End it as a power cut would."""
    process.kill()
    assert await process.wait() == -signal.SIGKILL


async def test_kill_in_the_midst_of_deliveries_loses_none_and_keeps_their_ids(
    sending: Sending, orders: OrderSystem, url: str
) -> None:
    names = [f"c{n:02}" for n in range(12)]
    await sending.results(*names)
    entered = {each.id for each in await deliveries_page(sending.database)}
    async with orders.running():
        orders.hangs = True  # asked, and not answered: nobody knows whether it took it
        process = await start_sender(url, orders)
        await orders.until(4)
        await kill(process)
        orders.hangs = False
        for taken in (6, 9):
            process = await start_sender(url, orders)
            await orders.until(taken)
            await kill(process)
        process = await start_sender(url, orders)
        await sending.until(DELIVERED, len(names))
        await kill(process)
    assert {got.id for got in orders.got} == entered
    assert {got.result["campaign"] for got in orders.got} == set(names)
    assert len(orders.got) > len(names)


async def test_try_that_was_killed_is_delivered_after_the_next_start(
    sending: Sending, orders: OrderSystem
) -> None:
    contact = await sending.kept.enter()
    await sending.kept.store.lease(contact.id, "call-a", MONDAY, RULES)
    async with orders.running(), sending.to(orders):
        await sending.kept.store.recover(MONDAY, RULES)
        await orders.until(1)
    assert orders.got[0].result["reason"] == "service_killed"
