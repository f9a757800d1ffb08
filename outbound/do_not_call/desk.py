"""The do-not-call list as people change it: numbers in any form, a reason, a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.clock import LoopClock
from outbound.do_not_call.entry import NotListed
from outbound.do_not_call.store import DoNotCallStore
from telephony.numbers import NumberPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """What came of a list of numbers; `refused` are the places, from 1, of no numbers."""

    new: int
    known: int
    barred: int
    refused: tuple[int, ...]


class DoNotCallDesk:
    """Takes numbers in and out; a contact who waits is barred at once, in all campaigns."""

    def __init__(
        self, store: DoNotCallStore, numbers: NumberPlan, clock: LoopClock
    ) -> None:
        self._store, self._numbers, self._clock = store, numbers, clock

    async def add(self, given: Sequence[str], reason: str, by: str) -> ListReport:
        """No follow-up calls to these numbers any more."""
        read = [self._read(each) for each in given]
        good = [number for number in read if number]
        refused = tuple(place for place, number in enumerate(read, 1) if not number)
        done = await self._store.add(good, reason, by, self._clock.now())
        return ListReport(
            new=done.new, known=done.known, barred=done.barred, refused=refused
        )

    async def remove(self, given: str, reason: str, by: str) -> None:
        """The number may be called again; `NotListed` when it could be before.

        Contacts who were barred stay so: whoever shall be asked is imported anew.
        """
        number = self._read(given)
        now = self._clock.now()
        if not number or not await self._store.remove(number, reason, by, now):
            raise NotListed("the number is not on the do-not-call list")

    def _read(self, given: str) -> str:
        number = self._numbers.normalise(given)
        return number if number.startswith("+") else ""
