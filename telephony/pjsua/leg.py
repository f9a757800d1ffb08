"""A leg on the loop: the contract of `telephony.calls.Leg` over a line of the exchange."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from telephony.calls import Leg, LegGone, TelephonyError
from telephony.digits import DigitBuffer
from telephony.events import EndCause, Invitation, LegEnded
from telephony.pjsua.hearing import Prompt
from telephony.pjsua.line import Line
from telephony.pjsua.news import (
    Answered,
    Digit,
    Ended,
    Held,
    News,
    PromptEnded,
    Rang,
    RecordingClosed,
    Tried,
)
from telephony.pjsua.owner import OwnerThread

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class PjsuaLeg:
    """One call; see `telephony.calls.Leg` for what each method promises."""

    def __init__(self, line: Line, owner: OwnerThread, shown: str = "") -> None:
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._shown = shown
        self._line = line
        self._owner = owner
        self._digits = DigitBuffer()
        self._held = False
        self._prompt: Prompt | None = None
        self._prompt_over: asyncio.Future[bool] = loop.create_future()
        self._recording: asyncio.Future[None] | None = None
        self._tried: asyncio.Future[None] = loop.create_future()
        self._rang: asyncio.Future[None] = loop.create_future()
        self._answered: asyncio.Future[None] = loop.create_future()
        self._pressed_first: asyncio.Future[None] = loop.create_future()
        self._ended: asyncio.Future[LegEnded] = loop.create_future()
        self._transferred: asyncio.Future[Leg] = loop.create_future()
        line.listen(self._hear)

    @property
    def id(self) -> str:
        """A ULID."""
        return self._line.id

    @property
    def line(self) -> Line:
        """The leg on the owner's thread (for the bridge)."""
        return self._line

    @property
    def invitation(self) -> Invitation | None:
        """The INVITE of an incoming leg."""
        return self._line.invitation

    @property
    def shown(self) -> str:
        """What a leg over a trunk shows."""
        return self._shown

    @property
    def tried(self) -> asyncio.Future[None]:
        """Done at the first sign of life."""
        return self._tried

    @property
    def rang(self) -> asyncio.Future[None]:
        """Done at 180 or 183."""
        return self._rang

    @property
    def answered(self) -> asyncio.Future[None]:
        """Done when audio flows."""
        return self._answered

    @property
    def pressed(self) -> asyncio.Future[None]:
        """Done at the first key."""
        return self._pressed_first

    @property
    def ended(self) -> asyncio.Future[LegEnded]:
        """Done when the leg is over."""
        return self._ended

    @property
    def held(self) -> bool:
        """Whether the peer has put us on hold."""
        return self._held

    @property
    def transferred(self) -> asyncio.Future[Leg]:
        """Done with the new leg of a granted REFER."""
        return self._transferred

    # --- what the exchange tells --------------------------------------------------

    def _hear(self, news: News) -> None:
        match news:
            case Tried() | Rang() | Answered():
                self._came_closer(news)
            case Digit(digit):
                self._pressed(digit)
            case Held(held):
                self._held = held
            case PromptEnded(prompt, complete):
                if prompt is self._prompt:
                    _done(self._prompt_over, complete)
            case RecordingClosed():
                if self._recording:
                    _done(self._recording, None)
            case Ended(ended):
                self._digits.close(ended)
                _done(self._ended, ended)

    def _came_closer(self, news: Tried | Rang | Answered) -> None:
        _done(self._tried, None)
        if not isinstance(news, Tried):
            _done(self._rang, None)
        if isinstance(news, Answered):
            _done(self._answered, None)

    def _pressed(self, digit: str) -> None:
        self._digits.put(digit)
        _done(self._pressed_first, None)
        prompt = self._prompt
        if prompt and digit in prompt.interrupt_by:
            # The exchange has done so already, unless the key came before the prompt.
            self._owner.post(self._line.stop_prompt, prompt)

    # --- the contract -------------------------------------------------------------

    async def ring(self) -> None:
        """Answer 180."""
        await self._ask(self._line.ring)

    async def answer(self) -> None:
        """Answer 200 and wait until audio flows."""
        await self._ask(self._line.answer)
        await self._unless_over(self._answered)

    async def reject(self, code: int, *, retry_after_seconds: int = 0) -> None:
        """Refuse the leg."""
        if not self._ended.done():
            self._owner.post(self._line.reject, code, retry_after_seconds)
            await asyncio.shield(self._ended)

    async def hang_up(self, cause: EndCause = EndCause.WE_HUNG_UP) -> None:
        """End the leg."""
        if not self._ended.done():
            self._owner.post(self._line.hang_up, cause)
            await asyncio.shield(self._ended)

    async def play(self, files: Sequence[Path], *, interrupt_by: str = "") -> bool:
        """Play prompts to their end or until a key cuts them."""
        self.check_alive()
        if not files:
            return True
        if self._digits.holds_any_of(interrupt_by):
            return False
        _done(self._prompt_over, False)
        prompt = self._prompt = Prompt(tuple(files), interrupt_by)
        over = self._prompt_over = self._loop.create_future()
        try:
            await self._ask(self._line.play, prompt)
            return await self._unless_over(over)
        finally:
            if not over.done():
                self._owner.post(self._line.stop_prompt, prompt)

    async def read_digit(self, *, timeout_seconds: float) -> str | None:
        """Take or await one key."""
        self.check_alive()
        return await self._digits.read(timeout_seconds)

    def clear_digits(self) -> None:
        """Forget unread keys."""
        self._digits.clear()

    def on_digit(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Tell each key as it is pressed."""
        return self._digits.on_digit(told)

    async def press(self, digits: str) -> None:
        """Send keys to the peer (RFC 4733); returns before it has heard them all."""
        self.check_alive()
        await self._owner.do(self._line.press, digits)

    async def start_music(self, file: Path) -> None:
        """Play music until further notice."""
        await self._ask(self._line.start_music, file)

    async def stop_music(self) -> None:
        """Silence the music."""
        await self._ask(self._line.stop_music)

    async def start_recording(self, file: Path) -> None:
        """Record what the peer says."""
        self.check_alive()
        if self._recording and not self._recording.done():
            raise TelephonyError(f"leg {self.id} is being recorded already")
        closed = self._recording = self._loop.create_future()
        try:
            await self._ask(self._line.start_recording, file)
        except TelephonyError:
            _done(closed, None)
            raise

    async def pause_recording(self) -> None:
        """Record silence for what the peer says."""
        await self._ask(self._line.pause_recording, True)

    async def resume_recording(self) -> None:
        """Record the peer again."""
        await self._ask(self._line.pause_recording, False)

    async def stop_recording(self) -> None:
        """Return once the file is complete."""
        if self._recording:
            self._owner.post(self._line.stop_recording)
            await asyncio.shield(self._recording)

    def overhear(self, file: Path) -> None:
        """Write what the peer says to a file besides the recording."""
        self._owner.post(self._line.overhear, file)

    def stop_overhearing(self) -> None:
        """Write no more to it."""
        self._owner.post(self._line.stop_overhearing)

    def check_alive(self) -> None:
        """Raise `LegGone` when the leg is over."""
        if self._ended.done():
            raise LegGone(self._ended.result())

    async def _ask(self, work: Callable[[*Ts], object], /, *args: *Ts) -> None:
        """Let the exchange do something; `LegGone` when the leg ended meanwhile."""
        self.check_alive()
        await self._owner.do(work, *args)
        self.check_alive()

    async def _unless_over(self, future: asyncio.Future[T]) -> T:
        both: set[asyncio.Future[Any]] = {future, self._ended}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if future.done():
            return future.result()
        raise LegGone(self._ended.result())


def _done(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)
