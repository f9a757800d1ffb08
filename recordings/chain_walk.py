"""Walking the chain, entry by entry, to see where it breaks (pure)."""

from dataclasses import dataclass
from enum import StrEnum

from recordings.chain import GENESIS, Head, link
from recordings.entry import Recording

MOST_COMPARED = 500
"""Broken links that are compared with each other to tell a moved entry."""


class FaultKind(StrEnum):
    """What is wrong. Those in `WARNINGS` were told when they happened."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    OUT_OF_ORDER = "out_of_order"
    HEAD_DIFFERS = "head_differs"
    HEAD_MISSING = "head_missing"
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_SHORT = "file_short"
    DELETED_EARLY = "deleted_early"
    SILENT_CITIZEN = "silent_citizen"
    SILENT_AGENT = "silent_agent"
    TRUNCATED = "truncated"
    NOT_RECORDED = "not_recorded"
    PENDING = "pending"


WARNINGS = {
    FaultKind.SILENT_CITIZEN,
    FaultKind.SILENT_AGENT,
    FaultKind.TRUNCATED,
    FaultKind.NOT_RECORDED,
    FaultKind.PENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; `call_id` is "" when no entry is left to blame."""

    kind: FaultKind
    call_id: str = ""
    sequence: int | None = None
    detail: str

    @property
    def is_warning(self) -> bool:
        """Whether the proof holds all the same."""
        return self.kind in WARNINGS


class ChainWalk:
    """Takes the entries in the order of their numbers; remembers only what is broken.

    `heads` are ends of the chain that were noted elsewhere and must be met.
    """

    def __init__(self, heads: tuple[Head, ...] = ()) -> None:
        self.head = Head()
        self._heads = {head for head in heads if head.sequence}
        self._previous: str | None = GENESIS
        self._broken: list[tuple[Recording, str]] = []

    def step(self, entry: Recording) -> tuple[Fault, ...]:
        """Go on to the next entry; faults that are certain at once."""
        number = entry.sequence or 0
        gap = self._gap(number)
        faults = (*gap, *self._unmet(entry, number))
        if self._previous is not None and link(self._previous, entry) != entry.chain:
            self._broken.append((entry, self._previous))
        self._previous = entry.chain
        self.head = Head(sequence=number, chain=entry.chain)
        return faults

    def end(self) -> tuple[Fault, ...]:
        """The chain is over: what its broken links and its end tell."""
        cut = tuple(
            Fault(
                kind=FaultKind.ENTRY_MISSING,
                sequence=head.sequence,
                detail=f"the chain once had {head.sequence} entries or more and now "
                f"ends after {self.head.sequence}",
            )
            for head in sorted(self._heads, key=lambda head: head.sequence)
        )
        return (*(self._why(entry) for entry, _ in self._broken), *cut)

    def _gap(self, number: int) -> tuple[Fault, ...]:
        first, last = self.head.sequence + 1, number - 1
        if last < first:
            return ()
        self._previous = None
        which = f"entry {first} is" if first == last else f"entries {first}-{last} are"
        return (
            Fault(
                kind=FaultKind.ENTRY_MISSING, sequence=first, detail=f"{which} missing"
            ),
        )

    def _unmet(self, entry: Recording, number: int) -> tuple[Fault, ...]:
        here = {head for head in self._heads if head.sequence <= number}
        self._heads -= here
        wrong = {head for head in here if head.sequence == number}
        if all(head.chain == entry.chain for head in wrong):
            return ()
        return (
            Fault(
                kind=FaultKind.HEAD_DIFFERS,
                call_id=entry.call_id,
                sequence=number,
                detail="the chain's hash here is not the one that was noted when it "
                "was the end: entries up to this one were replaced",
            ),
        )

    def _why(self, entry: Recording) -> Fault:
        kind = FaultKind.OUT_OF_ORDER if self._moved(entry) else FaultKind.ENTRY_CHANGED
        detail = {
            FaultKind.OUT_OF_ORDER: "the entry does not stand behind the one it was "
            "stored behind: entries have changed places",
            FaultKind.ENTRY_CHANGED: "the entry's facts are not the ones that were "
            "stored, or the entry before it was taken out",
        }[kind]
        return Fault(
            kind=kind, call_id=entry.call_id, sequence=entry.sequence, detail=detail
        )

    def _moved(self, entry: Recording) -> bool:
        broken = self._broken[:MOST_COMPARED]
        befores = {previous for _, previous in broken}
        befores |= {other.chain for other, _ in broken}
        return any(link(before, entry) == entry.chain for before in befores)
