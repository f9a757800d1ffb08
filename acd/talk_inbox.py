"""What happens in a talk, in one order: legs that end, answers, keys, commands."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

from acd.placing import PlacedCall
from acd.talk_commands import CallNotTalking, TalkCommand
from telephony.calls import Leg

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LegOver:
    """A leg of the talk has ended."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that the talk placed has come to its answer; `task` says which."""

    task: asyncio.Task[PlacedCall]


@dataclass(frozen=True, slots=True)
class Referred:
    """The agent's phone sent REFER, and this leg rings."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Keyed:
    """The agent asked for something by keys."""

    command: TalkCommand


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """Somebody else asked for something and waits for the answer."""

    command: TalkCommand
    answer: asyncio.Future[T]

    def refuse(self, refusal: Exception) -> None:
        """Say no, if anybody still waits."""
        if not self.answer.done():
            self.answer.set_exception(refusal)

    def grant(self, result: T) -> None:
        """Say what it is like now, if anybody still waits."""
        if not self.answer.done():
            self.answer.set_result(result)


Happening = LegOver | Placed | Referred | Keyed | Asked[T]


class TalkInbox(Generic[T]):
    """Callbacks put happenings in; the talk's coroutine alone takes them out."""

    def __init__(self) -> None:
        self._happenings: asyncio.Queue[Happening[T]] = asyncio.Queue()
        self._closed = False

    def put(self, happening: Happening[T]) -> None:
        """Let the talk know; what is asked after its end is refused."""
        if not self._closed:
            self._happenings.put_nowait(happening)
        elif isinstance(happening, Asked):
            happening.refuse(CallNotTalking("The talk is over."))

    async def get(self) -> Happening[T]:
        """What happened next."""
        return await self._happenings.get()

    def watch(self, leg: Leg) -> None:
        """Tell when this leg ends."""
        leg.ended.add_done_callback(lambda _: self.put(LegOver(leg)))

    def watch_transfer(self, leg: Leg) -> None:
        """Tell when this leg's phone sends REFER."""

        def referred(new: asyncio.Future[Leg]) -> None:
            if not new.cancelled():
                self.put(Referred(new.result()))

        leg.transferred.add_done_callback(referred)

    def close(self) -> None:
        """The talk is over: whoever still waits for an answer is refused."""
        self._closed = True
        while not self._happenings.empty():
            self.put(self._happenings.get_nowait())
