"""The summary of a demo: what was promised, how often it was kept, and every difference."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from acd.records.rows import CallRecord, CallRow
from hotline.demo.witness import LegStory
from telephony.numbers import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A row of the summary: how often something should be so, and how often it was."""

    what: str
    expected: int
    found: int

    @property
    def kept(self) -> bool:
        """Whether it was always so."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A citizen's call as the phones saw it, beside its record.

    `talk` is the leg of the agent who took the call, None when nobody did.
    """

    citizen: LegStory
    rings: tuple[LegStory, ...]
    talk: LegStory | None
    record: CallRecord

    @property
    def row(self) -> CallRow:
        """The call's row."""
        return self.record.call

    @property
    def name(self) -> str:
        """The call for people: the masked number, and its id in the records."""
        return f"call of {mask(self.citizen.number)} ({self.row.id})"


FaultsOf = Callable[[Pair], Iterable[str]]
"""What is wrong with a call, in words that follow its name."""


@dataclass(slots=True)
class Verdict:
    """The rows of the summary; every difference is a sentence that names its call.

    Warnings are what the hotline itself tells and nobody promised, such as audio that
    was lost because the machine stood still.
    """

    promises: list[Promise] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether everything that was promised happened."""
        return not self.differences and all(row.kept for row in self.promises)

    def count(self, what: str, expected: int, found: int) -> None:
        """Add a row."""
        self.promises.append(Promise(what=what, expected=expected, found=found))

    def differs(self, difference: str) -> None:
        """Add a difference."""
        self.differences.append(difference)

    def check_each(self, what: str, pairs: Iterable[Pair], faults_of: FaultsOf) -> None:
        """Add a row that counts the calls without a fault, and every fault."""
        total = good = 0
        for pair in pairs:
            faults = list(faults_of(pair))
            self.differences += [f"{pair.name}: {fault}" for fault in faults]
            total += 1
            good += not faults
        self.count(what, total, good)
