"""Calls that nobody answered, remembered until their number can no longer redial."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from acd.statistics.counted_call import REDIAL, CallFacts


@dataclass(slots=True, weakref_slot=True, eq=False)
class Try:
    """An unanswered call, as it counts now."""

    call: CallFacts


class Redials:
    """Finds the unanswered calls that a new call of the same number makes redialled.

    Bounded by the calls of five minutes and those that are here.
    """

    def __init__(self) -> None:
        self._by_number: dict[str, list[Try]] = {}
        self._by_end: deque[Try] = deque()
        self._by_id: WeakValueDictionary[str, Try] = WeakValueDictionary()
        self._before: dict[str, tuple[Try, ...]] = {}

    def remember(self, call: CallFacts) -> None:
        """A call has ended; one that was answered, or withheld its number, is no try."""
        if call.met_a_person or not call.caller or not call.asked_for_a_person:
            return
        tried = Try(call)
        self._by_number.setdefault(call.caller, []).append(tried)
        self._by_end.append(tried)
        self._by_id[call.id] = tried

    def arrives(self, call: CallFacts) -> None:
        """A call is here: the tries before it are those of its number."""
        self._forget_old(call.arrived_at)
        if tries := self._by_number.get(call.caller):
            self._before[call.id] = tuple(tries)

    def asks(self, call: CallFacts) -> Iterator[tuple[CallFacts, CallFacts]]:
        """A call asks for a person: how its tries counted, and how they do from now."""
        for tried in self._before.get(call.id, ()):
            old = tried.call
            new = replace(old, called_again_at=call.arrived_at)
            if new.redialled and not old.redialled:
                tried.call = new
                yield old, new

    def leaves(self, call_id: str) -> None:
        """A call is over."""
        self._before.pop(call_id, None)

    def exclude(self, call: CallFacts, excluded: bool) -> tuple[CallFacts, CallFacts]:
        """How a call counted, and how it does once it is excluded, or no longer so."""
        tried = self._by_id.get(call.id, Try(call))
        old, tried.call = tried.call, replace(tried.call, excluded=excluded)
        return old, tried.call

    def _forget_old(self, now: datetime) -> None:
        while self._by_end and _is_old(self._by_end[0].call, now):
            tried = self._by_end.popleft()
            tries = self._by_number[tried.call.caller]
            tries.remove(tried)
            if not tries:
                del self._by_number[tried.call.caller]


def _is_old(call: CallFacts, now: datetime) -> bool:
    assert call.ended_at is not None, "only calls that ended are remembered"
    return call.ended_at + REDIAL < now
