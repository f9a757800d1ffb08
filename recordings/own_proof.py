"""The proof of one recording: its file, its entry, and those before and behind it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from recordings.chain import GENESIS, link
from recordings.entry import Recording
from recordings.joining import digest
from recordings.store import RecordingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProof:
    """What was proved of one recording; None where there is nothing to prove.

    `file_unchanged`: its audio has the hash that was stored. `entry_follows`: its facts
    and the entry before it give its place in the chain. `next_follows`: so does the
    entry behind it, so that both would have to be forged. `previous` is the hash that
    its own is made with.
    """

    call_id: str
    sequence: int | None
    sha256: str
    chain: str
    previous: str
    file_unchanged: bool | None
    entry_follows: bool | None
    next_follows: bool | None

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts it, and it has a place in the chain."""
        told = (self.file_unchanged, self.entry_follows, self.next_follows)
        return False not in told and self.entry_follows is True


async def prove(store: RecordingStore, file: Path | None, entry: Recording) -> OwnProof:
    """Prove one recording; the whole chain is proved by `hotline recordings verify`."""
    number = entry.sequence or 0
    around = await store.chained(number - 2, 3) if number else []
    by_number = {one.sequence: one for one in around}
    before, behind = by_number.get(number - 1), by_number.get(number + 1)
    previous = before.chain if before else GENESIS if number == 1 else ""
    return OwnProof(
        call_id=entry.call_id,
        sequence=entry.sequence,
        sha256=entry.sha256,
        chain=entry.chain,
        previous=previous,
        file_unchanged=await asyncio.to_thread(_unchanged, file, entry.sha256),
        entry_follows=link(previous, entry) == entry.chain if number else None,
        next_follows=link(entry.chain, behind) == behind.chain if behind else None,
    )


def _unchanged(file: Path | None, sha256: str) -> bool | None:
    if file is None:
        return None
    try:
        return digest(file) == sha256
    except OSError:
        return False
