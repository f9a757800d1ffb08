"""What the console sees of a service that has no telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from acd.call_backs.book import NOTHING_OWED
from acd.call_backs.store import DebtStore
from acd.ledger.debt import Debt, DebtState
from config.database import Database
from console.view import Workers


@dataclass(slots=True)
class FakeLegs:
    """An endpoint's figures."""

    legs_allowed: int = 1000
    legs_in_use: int = 3


@dataclass(slots=True)
class FakeWriter:
    """A record writer's figures."""

    pending: int = 0
    lag_seconds: float = 0.0
    lost: int = 0


class FakeRecognisers:
    """One worker of Mandarin runs, of two."""

    def workers(self) -> Mapping[str, Workers]:
        """Those of each language."""
        return {"zh": Workers(running=1, wanted=2)}


@dataclass(slots=True)
class FakeBroker:
    """An MQTT publisher's figures."""

    connected: bool = True
    pending: int = 2
    dropped: int = 0
    refused: int = 0


class FakeCallBackDesk:
    """A desk without a queue: what is placed stays owed, and is remembered."""

    def __init__(self, database: Database) -> None:
        self._ledger = DebtStore(database)
        self.placed: list[str] = []
        self.counts = NOTHING_OWED
        self.under_way = 0
        self.oldest_seconds = 0.0

    async def fold(self) -> None:
        """Enter the missed calls that the records tell of."""
        await self._ledger.fold(datetime.now(UTC))
        self.counts = await self._ledger.counts()

    async def place(self, debt_id: str) -> Debt:
        """Pay a debt now."""
        self.placed.append(debt_id)
        return await self.retry(debt_id)

    async def retry(self, debt_id: str) -> Debt:
        """Let a debt be due now."""
        return await self._ledger.again(debt_id, datetime.now(UTC))

    async def cancel(self, debt_id: str, *, refused: bool) -> Debt:
        """End a debt."""
        state = DebtState.REFUSED if refused else DebtState.CANCELLED
        return await self._ledger.close(debt_id, state, "by_hand", datetime.now(UTC))
