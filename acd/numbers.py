"""Which telephone numbers are on the line now, and which wait to be called back."""

from collections import Counter

from acd.messages import CallerEnters


class Numbers:
    """Calls by number; withheld ones are nobody's."""

    def __init__(self) -> None:
        self._live: Counter[str] = Counter()
        self._owed: dict[str, dict[str, None]] = {}

    def add(self, wish: CallerEnters) -> None:
        """The call waits, or talks."""
        if wish.call_back_id:
            self._owed.setdefault(wish.caller, {})[wish.call_id] = None
        elif wish.caller:
            self._live[wish.caller] += 1

    def remove(self, wish: CallerEnters) -> None:
        """The call neither waits nor talks any more."""
        if wish.call_back_id:
            owed = self._owed[wish.caller]
            del owed[wish.call_id]
            if not owed:
                del self._owed[wish.caller]
        elif wish.caller:
            self._live[wish.caller] -= 1
            if not self._live[wish.caller]:
                del self._live[wish.caller]

    def is_live(self, number: str) -> bool:
        """Whether somebody with this number waits or talks."""
        return number in self._live

    def call_backs(self, number: str) -> list[str]:
        """The call-backs to this number that wait or are talked, by call."""
        return list(self._owed.get(number, ()))
