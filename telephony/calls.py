"""What the house knows of a telephone call: a leg, a bridge, the endpoint.

Everything here lives on the asyncio loop. The endpoint on PJSIP (`telephony.pjsua`)
and the fake one of the tests keep the same contract; one test file runs on both.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from telephony.events import EndCause, Invitation, InvitationRefused, LegEnded

DIGITS = "0123456789*#ABCD"


class LegGone(Exception):
    """The leg has ended: what was asked of it can no longer be done."""

    def __init__(self, ended: LegEnded) -> None:
        super().__init__(f"the leg has ended: {ended.cause} (SIP {ended.sip_code})")
        self.ended = ended


class TelephonyError(Exception):
    """The endpoint cannot do what was asked; the message says why and what to do."""


class Leg(Protocol):
    """One SIP dialog with its audio: a citizen, an agent or a third party.

    Every coroutine raises `LegGone` when the leg has ended or ends meanwhile, except
    `hang_up` and `reject`, which then do nothing, and the futures.
    """

    @property
    def id(self) -> str:
        """Unique for the life of the process and between restarts (a ULID)."""

    @property
    def invitation(self) -> Invitation | None:
        """The INVITE that made an incoming leg; None for a leg that we placed."""

    @property
    def shown(self) -> str:
        """The caller number that a leg over a trunk shows, as its list has it; else ""."""

    @property
    def tried(self) -> asyncio.Future[None]:
        """Done at a placed leg's first sign of life: 100, 18x or 200.

        A refusal is none, nor is a transport that failed: they end the leg.
        """

    @property
    def rang(self) -> asyncio.Future[None]:
        """Done when the peer of a placed leg has answered 180 or 183."""

    @property
    def answered(self) -> asyncio.Future[None]:
        """Done when the leg is answered (200 and ACK) and its audio flows."""

    @property
    def pressed(self) -> asyncio.Future[None]:
        """Done when the peer presses its first key: only a person does."""

    @property
    def ended(self) -> asyncio.Future[LegEnded]:
        """Done when the leg is over; never cancelled, never an exception."""

    @property
    def held(self) -> bool:
        """Whether the peer has put us on hold (re-INVITE with sendonly or inactive)."""

    @property
    def transferred(self) -> asyncio.Future["Leg"]:
        """Done with the new, still ringing leg when the peer's REFER was granted.

        Only legs placed with `may_transfer` can be granted one.
        """

    async def ring(self) -> None:
        """Answer 180 Ringing."""

    async def answer(self) -> None:
        """Answer 200 and wait until audio flows."""

    async def reject(self, code: int, *, retry_after_seconds: int = 0) -> None:
        """Refuse an incoming leg with a final SIP code, and Retry-After when not 0."""

    async def hang_up(self, cause: EndCause = EndCause.WE_HUNG_UP) -> None:
        """End the leg with BYE, CANCEL or a final code, as its state needs.

        `cause` becomes the cause in `ended`, and the RFC 3326 Reason header.
        """

    async def play(self, files: Sequence[Path], *, interrupt_by: str = "") -> bool:
        """Play 8 kHz mono WAV files one after the other without a gap.

        Returns true at the end; false when a digit of `interrupt_by` (any of
        0-9*#A-D) cut it within a frame (barge-in). The digit stays readable. If such
        a digit is already waiting unread nothing is played. Music is silent meanwhile
        and comes back; while the peer holds us the prompt waits. A file that cannot be played raises `TelephonyError`, which
        names it; the leg stays up. Cancelling the coroutine stops the sound. A second `play`
        while one runs replaces it, and the first returns false.
        """

    async def read_digit(self, *, timeout_seconds: float) -> str | None:
        """Take the oldest unread digit, or wait for one; None after the time-out."""

    def clear_digits(self) -> None:
        """Forget digits that nobody has read."""

    def on_digit(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Tell each digit as it is pressed, read or not; returns what ends that."""

    async def start_music(self, file: Path) -> None:
        """Play one WAV file in a loop (music on hold) until `stop_music` or a bridge."""

    async def stop_music(self) -> None:
        """Silence the music; nothing happens when there is none."""

    async def start_recording(self, file: Path) -> None:
        """Write what the peer says to a mono 16-bit 8 kHz WAV file from now on.

        Silence is written while the peer sends nothing, so the file's length is the
        time since the start. One recording at a time.
        """

    async def pause_recording(self) -> None:
        """Write silence in place of what the peer says, until `resume_recording`.

        Without a recording it holds for the one that is started next.
        """

    async def resume_recording(self) -> None:
        """Write what the peer says again."""

    async def stop_recording(self) -> None:
        """Return once the file is complete; also done when the leg ends.

        Unlike the rest it may be called after the end, to wait for the last bytes.
        """

    def overhear(self, file: Path) -> None:
        """Also write what the peer says to a file of its own, before the answer too.

        Besides the recording, in its form, from the peer's first sound on (early media)
        until `stop_overhearing` or the end; who reads it need not wait for its end. What
        cannot be written is logged. Returns at once.
        """

    def stop_overhearing(self) -> None:
        """Write no more to that file; nothing happens when there is none."""


class Bridge(Protocol):
    """Two or more legs that hear each other.

    A leg put on hold by its peer hears nothing from us. Until it comes back, music is
    what those hear who have nobody else to hear. Music that a leg was given in the
    bridge (a ringing tone) sounds while it has nobody to hear.
    """

    async def add(self, leg: Leg) -> None:
        """Let one more leg take part."""

    async def remove(self, leg: Leg) -> None:
        """Let a leg go; it stays up and hears nothing."""

    async def hold(self, leg: Leg) -> None:
        """Put a leg on hold from our side: it hears music, and nobody hears it.

        Its peer is not told (no re-INVITE). A leg that is no part of this bridge is
        left as it is, here and below.
        """

    async def unhold(self, leg: Leg) -> None:
        """Take a leg back from hold."""

    async def mute(self, leg: Leg) -> None:
        """Let nobody hear a leg; it hears the others."""

    async def unmute(self, leg: Leg) -> None:
        """Let a leg be heard again."""

    async def listen(self, leg: Leg) -> None:
        """Let a supervisor's leg hear all, and nobody hear it.

        This, `whisper` and `barge` add a leg that is not here yet, and may follow each
        other in any order.
        """

    async def whisper(self, leg: Leg, *, to: Leg) -> None:
        """Let a supervisor's leg hear all, and `to` alone hear it."""

    async def barge(self, leg: Leg) -> None:
        """Let a supervisor's leg hear all, and all hear it."""


class Endpoint(Protocol):
    """The SIP endpoint: takes calls in, places calls out, bridges legs."""

    on_call: Callable[[Leg], None]
    """Called on the loop for each incoming INVITE of a trusted peer; must not block."""

    on_refused: Callable[[InvitationRefused], None]
    """Called on the loop for each INVITE that the endpoint itself refused."""

    @property
    def legs_allowed(self) -> int:
        """How many legs the loaded library allows at once."""

    @property
    def legs_in_use(self) -> int:
        """How many legs exist now."""

    async def originate(
        self,
        target: str,
        *,
        from_user: str,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        may_transfer: bool = False,
        trunk: str = "",
    ) -> Leg:
        """Send an INVITE to the SIP URI `target` and return the new leg at once.

        Over a `trunk` (its name) the call takes its credentials and its next hop.

        `from_user` is the user part of From (the citizen's number, or a mask). A
        target that cannot be called raises `TelephonyError`; a peer that does not
        answer ends the leg, with the cause in `ended`.
        """

    def bridge(self, *legs: Leg, music: Path) -> AbstractAsyncContextManager[Bridge]:
        """Let the legs hear each other inside the `async with` block.

        Prompts and music on them stop. `music` is what the others hear while one is
        held by its peer. A leg that ends simply falls out.
        """


class Cut:
    """Whether a block was cut."""

    happened = False


@asynccontextmanager
async def cut_by(future: asyncio.Future[Any]) -> AsyncIterator[Cut]:
    """Cancel the body when the future is done; the block then ends quietly."""
    body = asyncio.current_task()
    assert body is not None
    cut, inside, cancelled_before = Cut(), True, body.cancelling()

    def cancel(_: asyncio.Future[Any]) -> None:
        if inside:
            cut.happened = True
            body.cancel()

    future.add_done_callback(cancel)
    try:
        yield cut
    except asyncio.CancelledError:
        if not cut.happened or body.cancelling() > cancelled_before + 1:
            raise
    finally:
        inside = False
        future.remove_done_callback(cancel)
        if cut.happened:
            body.uncancel()


@asynccontextmanager
async def while_alive(leg: Leg) -> AsyncIterator[None]:
    """Cancel the body when the leg ends, and raise `LegGone` in its place."""
    if leg.ended.done():
        raise LegGone(leg.ended.result())
    async with cut_by(leg.ended) as cut:
        yield
    if cut.happened:
        raise LegGone(leg.ended.result())


async def end_of(leg: Leg) -> LegEnded:
    """Wait for the end of a leg.

    Awaiting `leg.ended` itself would cancel it for everybody when the waiter is
    cancelled.
    """
    await asyncio.wait({leg.ended})
    return leg.ended.result()
