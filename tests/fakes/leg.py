"""A fake leg: what our side asks of it, and what the test lets its peer do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ulid import ULID

from telephony.audio_files import length_seconds
from telephony.calls import Leg, LegGone, TelephonyError
from telephony.digits import DigitBuffer, DigitFilter
from telephony.events import EndCause, Invitation, LegEnded
from telephony.pjsua.end_causes import cause_of_refusal, final_code
from telephony.pjsua.hearing import Ear, Prompt, Room, sources
from tests.fakes.recording import FakeRecording

CLOCK_SECONDS = 1e-6
"""What virtual time counts in: a shorter rest of a file never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A prompt file that began to sound in the peer's ear, at a time of the loop."""

    file: Path
    at_seconds: float


class FakeLeg:
    """One call; the `press` and `peer_...` methods play the other side."""

    def __init__(
        self,
        invitation: Invitation | None,
        *,
        prompt_seconds: float | None = None,
        may_transfer: bool = False,
        transfer_to: Callable[[str], "FakeLeg"] | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.id = str(ULID())
        self.invitation = invitation
        self.shown = ""
        self.tried: asyncio.Future[None] = self._loop.create_future()
        self.rang: asyncio.Future[None] = self._loop.create_future()
        self.answered: asyncio.Future[None] = self._loop.create_future()
        self.pressed: asyncio.Future[None] = self._loop.create_future()
        self.ended: asyncio.Future[LegEnded] = self._loop.create_future()
        self.transferred: asyncio.Future[Leg] = self._loop.create_future()
        self.heard: list[Heard] = []
        self.sent_ringing = False
        self.retry_after_seconds = 0
        self._prompt_seconds = prompt_seconds
        self._transfer_to = transfer_to if may_transfer else None
        self._digits = DigitBuffer()
        self._filter = DigitFilter()
        self.ear = Ear(reachable=False)
        self._hold_changed = asyncio.Event()
        self._cut: asyncio.Future[LegEnded | None] | None = None
        self._recording: FakeRecording | None = None
        self._recording_paused = False
        self._overheard: FakeRecording | None = None

    # --- what the peer does -------------------------------------------------------

    def press(self, digits: str, *, method: int = 0) -> None:
        """The peer presses keys; `method` 0 is RFC 4733, 1 is SIP INFO."""
        for digit in digits:
            if self._filter.accepts(digit, method, self._loop.time()):
                self._digits.put(digit)
                if not self.pressed.done():
                    self.pressed.set_result(None)
                prompt = self.ear.prompt
                if prompt and digit in prompt.interrupt_by:
                    self._stop_prompt()

    def peer_tries(self) -> None:
        """The peer answers 100."""
        if not self.ended.done() and not self.tried.done():
            self.tried.set_result(None)

    def peer_rings(self) -> None:
        """The peer answers 180."""
        self.peer_tries()
        if not self.ended.done() and not self.rang.done():
            self.rang.set_result(None)

    def peer_answers(self) -> None:
        """The peer picks up."""
        if not self.ended.done():
            self._connect()

    def peer_refuses(self, code: int, reason: str = "") -> None:
        """The peer refuses with a final code and perhaps a Reason header."""
        cause = cause_of_refusal(code, reason, rang=self.rang.done())
        self.finish(cause, code)

    def peer_hangs_up(self) -> None:
        """The peer sends BYE, or CANCEL before the answer."""
        if self.answered.done():
            self.finish(EndCause.PEER_HUNG_UP, 200)
        else:
            self.finish(EndCause.CANCELLED, 487)

    def peer_dies(self) -> None:
        """The peer is found to be gone."""
        self.finish(EndCause.DEAD_PEER, 408)

    def peer_holds(self) -> None:
        """The peer puts us on hold."""
        self._hold(True)

    def peer_resumes(self) -> None:
        """The peer takes us back."""
        self._hold(False)

    def _hold(self, held: bool) -> None:
        self.ear.held = held
        self._hold_changed.set()

    def peer_refers(self, target: str) -> bool:
        """The peer sends REFER; whether it was granted."""
        if not self._transfer_to or self.ended.done() or self.transferred.done():
            return False
        self.transferred.set_result(self._transfer_to(target))
        return True

    def finish(self, cause: EndCause, sip_code: int) -> None:
        """End the leg once, as the library would tell it."""
        if self.ended.done():
            return
        ended = LegEnded(cause=cause, sip_code=sip_code)
        self.ear.leave()
        self.ear.reachable = False
        self.ear.music = None
        if self._recording:
            self._recording.close(self._loop.time())
            self._recording = None
        self.stop_overhearing()
        self._digits.close(ended)
        self.ended.set_result(ended)
        if self._cut and not self._cut.done():
            self._cut.set_result(ended)

    # --- what the test can see ----------------------------------------------------

    @property
    def hears(self) -> frozenset[object]:
        """What sounds in the peer's ear: `Ear`s of other legs, prompt and music files."""
        now = sources(self.ear)
        return frozenset(
            self.heard[-1].file if isinstance(source, Prompt) else source
            for source in now
        )

    def hears_voice_of(self, other: "FakeLeg") -> bool:
        """Whether this peer hears that one."""
        return other.ear in self.hears

    @property
    def playing(self) -> Path | None:
        """The prompt file that sounds now."""
        return self.heard[-1].file if self.ear.prompt and self.heard else None

    # --- the contract -------------------------------------------------------------

    @property
    def held(self) -> bool:
        """Whether the peer has put us on hold."""
        return self.ear.held

    def _connect(self) -> None:
        if not self.answered.done():
            self.peer_rings()
            self.answered.set_result(None)
            self.ear.reachable = True

    async def ring(self) -> None:
        """Answer 180."""
        self.check_alive()
        self.sent_ringing = True

    async def answer(self) -> None:
        """Answer 200; the fake peer's ACK comes at once."""
        self.check_alive()
        self._connect()

    async def reject(self, code: int, *, retry_after_seconds: int = 0) -> None:
        """Refuse an incoming leg."""
        self.retry_after_seconds = retry_after_seconds
        self.finish(EndCause.REJECTED, code)

    async def hang_up(self, cause: EndCause = EndCause.WE_HUNG_UP) -> None:
        """End the leg."""
        if self.answered.done():
            self.finish(cause, 200)
        else:
            self.finish(cause, final_code(cause) if self.invitation else 487)

    async def play(self, files: Sequence[Path], *, interrupt_by: str = "") -> bool:
        """Play files for as long as they last."""
        self.check_alive()
        lengths = [self._length(file) for file in files]
        if self._digits.holds_any_of(interrupt_by):
            return False
        self._stop_prompt()
        prompt = self.ear.prompt = Prompt(tuple(files), interrupt_by)
        cut: asyncio.Future[LegEnded | None] = self._loop.create_future()
        self._cut = cut
        try:
            for file, seconds in zip(files, lengths, strict=True):
                self.heard.append(Heard(file=file, at_seconds=self._loop.time()))
                await self._sound(cut, seconds)
                if cut.done():
                    return self._cut_short(cut.result())
            return True
        finally:
            if self.ear.prompt is prompt:
                self.ear.prompt = None

    async def _sound(
        self, cut: asyncio.Future[LegEnded | None], seconds: float
    ) -> None:
        """Let time pass until the file is over or cut; it waits while we are held."""
        while seconds > CLOCK_SECONDS and not cut.done():
            held, began = self.held, self._loop.time()
            self._hold_changed.clear()
            changed = asyncio.ensure_future(self._hold_changed.wait())
            either: set[asyncio.Future[Any]] = {cut, changed}
            await asyncio.wait(
                either,
                timeout=None if held else seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            changed.cancel()
            seconds -= 0 if held else self._loop.time() - began

    def _cut_short(self, ended: LegEnded | None) -> bool:
        if ended:
            raise LegGone(ended)
        return False

    def _length(self, file: Path) -> float:
        if self._prompt_seconds is not None:
            return self._prompt_seconds
        return length_seconds(file)

    def _stop_prompt(self) -> None:
        self.ear.prompt = None
        if self._cut and not self._cut.done():
            self._cut.set_result(None)

    async def read_digit(self, *, timeout_seconds: float) -> str | None:
        """Take the oldest unread digit, or wait for one."""
        self.check_alive()
        return await self._digits.read(timeout_seconds)

    def clear_digits(self) -> None:
        """Forget digits that nobody has read."""
        self._digits.clear()

    def on_digit(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Tell each digit as it is pressed."""
        return self._digits.on_digit(told)

    async def start_music(self, file: Path) -> None:
        """Play one file in a loop."""
        self.check_alive()
        self._length(file)
        self.ear.music = file

    async def stop_music(self) -> None:
        """Silence the music."""
        self.check_alive()
        self.ear.music = None

    async def start_recording(self, file: Path) -> None:
        """Begin a WAV file: a short tone, then silence for as long as it runs."""
        self.check_alive()
        if self._recording:
            raise TelephonyError(f"leg {self.id} is being recorded already")
        self._recording = FakeRecording(file, self._loop.time())
        if self._recording_paused:
            self._recording.pause(self._loop.time())

    async def pause_recording(self) -> None:
        """Silence from now on."""
        self.check_alive()
        self._recording_paused = True
        if self._recording:
            self._recording.pause(self._loop.time())

    async def resume_recording(self) -> None:
        """The tone again."""
        self.check_alive()
        self._recording_paused = False
        if self._recording:
            self._recording.resume(self._loop.time())

    async def stop_recording(self) -> None:
        """Close the file."""
        if self._recording:
            self._recording.close(self._loop.time())
            self._recording = None

    def overhear(self, file: Path) -> None:
        """Begin a file of the same kind besides it."""
        if not self.ended.done():
            self._overheard = FakeRecording(file, self._loop.time())

    def stop_overhearing(self) -> None:
        """Close that file."""
        if self._overheard:
            self._overheard.close(self._loop.time())
            self._overheard = None

    def enter(self, room: Room, audience: frozenset[Ear] | None = None) -> None:
        """Take part in a bridge (for the fake bridge)."""
        self.check_alive()
        self._stop_prompt()
        self.ear.enter(room, audience)

    def leave(self, room: Room) -> None:
        """Leave a bridge (for the fake bridge)."""
        if self.ear.room is room:
            self.ear.leave()

    def check_alive(self) -> None:
        """Raise `LegGone` when the leg is over."""
        if self.ended.done():
            raise LegGone(self.ended.result())
