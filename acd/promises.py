"""Promises of call-backs, each counted from the moment in which it is given."""

from collections import Counter
from collections.abc import Iterable, Set


class Promises:
    """The ledger's counts, and what was promised since: a count is always a little old.

    A promise is given, then noted in the ledger; a later count has it, and tells so.
    """

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}
        self._given: dict[str, str] = {}
        self._noted: dict[str, str] = {}

    def owed(self, queue: str) -> int:
        """How many are promised to callers of a queue, never too few."""
        since = Counter([*self._given.values(), *self._noted.values()])
        return self._counted.get(queue, 0) + since[queue]

    def give(self, call_id: str, queue: str) -> None:
        """The caller is about to be promised a call-back."""
        self._given[call_id] = queue

    def note(self, call_id: str, queue: str) -> None:
        """The promise stands in the ledger; "": of the queue that it was given in."""
        if queue := self._given.pop(call_id, queue):
            self._noted[call_id] = queue

    def withdraw(self, call_id: str) -> None:
        """What was not noted is not promised after all."""
        self._given.pop(call_id, None)

    def count(self, queue: str, owed: int, noted: Set[str]) -> None:
        """The ledger owes so many to callers of a queue, these calls' promises included."""
        self._counted[queue] = owed
        for call_id in self._of(queue, noted):
            del self._noted[call_id]

    def _of(self, queue: str, calls: Iterable[str]) -> list[str]:
        return [call for call in calls if self._noted.get(call) == queue]
