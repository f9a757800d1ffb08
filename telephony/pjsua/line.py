"""One leg as the owner's thread knows it: its call in the library, its state, its audio."""

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from weakref import WeakMethod

import pjsua2 as pj

from telephony.calls import TelephonyError
from telephony.digits import DigitFilter
from telephony.events import EndCause, Invitation, LegEnded
from telephony.pjsua.end_causes import cause_of_refusal, final_code, reason_header
from telephony.pjsua.graveyard import Graveyard
from telephony.pjsua.hearing import Ear, Prompt
from telephony.pjsua.library import call_parameters
from telephony.pjsua.mixer import Mixer
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
from telephony.pjsua.outbox import Outbox
from telephony.pjsua.recorders import ClosingFiles, Recorder
from telephony.pjsua.sip_message import parse_message
from telephony.pjsua.vital_signs import Verdict, VitalSigns

logger = logging.getLogger(__name__)

Post = Callable[..., None]
"""Leaves a job for the owner's thread: `OwnerThread.post`."""


class Line:
    """Everything but `listen` belongs to the owner's thread.

    It plays no part in the life of the pjsua2 object: that dies on its own thread, even
    when somebody on the loop still holds the leg.
    """

    def __init__(
        self,
        leg_id: str,
        outbox: Outbox,
        *,
        invitation: Invitation | None = None,
        may_transfer: bool = False,
    ) -> None:
        self.id = leg_id
        self.invitation = invitation
        self.may_transfer = may_transfer
        self._listener: WeakMethod[Callable[[News], None]] | None = None
        self.call: pj.Call | None = None
        self.ear = Ear(reachable=False)
        self.redirected = False
        self.ended = False
        self.signs: VitalSigns | None = None
        self._outbox = outbox
        self._tried = False
        self._rang = False
        self._confirmed = False
        self._negotiated = False
        self._answered = False
        self._recorder: Recorder | None = None
        self._recording_paused = False
        self._overhearer: Recorder | None = None
        self._digits = DigitFilter()

    def plug_in(
        self,
        mixer: Mixer,
        graveyard: Graveyard,
        closing: ClosingFiles,
        post: Post,
        silence_seconds: float,
    ) -> None:
        """Connect the line to what it works with; once, before anything else."""
        self._mixer = mixer
        self._graveyard = graveyard
        self._closing = closing
        self._post = post
        self._silence_seconds = silence_seconds
        mixer.admit(self.ear, self.port)

    def listen(self, listener: Callable[[News], None]) -> None:
        """Give all news to this bound method of a leg; on the loop.

        The leg is not kept alive: each holds the other otherwise, and thousands of
        ended calls would wait for the garbage collector.
        """
        self._listener = WeakMethod(listener)

    def tell(self, news: News) -> None:
        """Let the loop know."""
        self._outbox.tell(self._hand_over, news)

    def _hand_over(self, news: News) -> None:
        listener = self._listener() if self._listener else None
        if listener:
            listener(news)

    def port(self) -> pj.AudioMedia | None:
        """The present place of this leg in the mixer; never to be kept."""
        if not self.call:
            return None
        try:
            return self.call.getAudioMedia(-1)
        except pj.Error:
            return None  # no audio is negotiated now

    # --- what our side asks -------------------------------------------------------

    def ring(self) -> None:
        """Send 180."""
        self._command(lambda call: call.answer(call_parameters(180)))

    def answer(self) -> None:
        """Send 200; `Answered` follows with the peer's ACK."""
        self._command(lambda call: call.answer(call_parameters(200)))

    def press(self, digits: str) -> None:
        """Send keys by RFC 4733."""
        self._command(lambda call: call.dialDtmf(digits))

    def _command(self, command: Callable[[pj.Call], object]) -> None:
        if not self.call or self.ended:
            return
        try:
            command(self.call)
        except pj.Error as error:
            raise TelephonyError(f"the call refused: {error.reason}") from None

    def reject(self, code: int, retry_after_seconds: int = 0) -> None:
        """Answer with a final code."""
        headers = []
        if retry_after_seconds:
            headers.append(("Retry-After", str(retry_after_seconds)))
        self._end(EndCause.REJECTED, code, headers)

    def hang_up(self, cause: EndCause) -> None:
        """Send BYE, CANCEL or a final code; the leg is over at once."""
        headers = [("Reason", reason_header(cause))]
        if self._confirmed:
            self._end(cause, 0, headers)
        else:
            self._end(cause, final_code(cause) if self.invitation else 487, headers)

    def _end(self, cause: EndCause, code: int, headers: list[tuple[str, str]]) -> None:
        if self.ended:
            return
        self.finish(cause, code or 200)
        if not self.call:
            return
        try:
            self.call.hangup(call_parameters(code, headers))
        except pj.Error as error:
            logger.info("leg %s had ended already: %s", self.id, error.reason)

    def play(self, prompt: Prompt) -> None:
        """Play prompts; `PromptEnded` follows."""
        if self.ended:
            return
        self._mixer.play(
            self.ear, prompt, lambda: self._post(self._prompt_over, prompt)
        )

    def stop_prompt(self, prompt: Prompt) -> None:
        """Cut this prompt, if it still runs."""
        if self.ear.prompt is prompt:
            self._mixer.stop_prompt(self.ear)
            self.tell(PromptEnded(prompt, complete=False))

    def cut_prompt(self) -> None:
        """Cut whatever prompt runs."""
        if self.ear.prompt:
            self.stop_prompt(self.ear.prompt)

    def _prompt_over(self, prompt: Prompt) -> None:
        if self.ear.prompt is prompt:
            self._mixer.stop_prompt(self.ear)
            self.tell(PromptEnded(prompt, complete=True))

    def start_music(self, file: Path) -> None:
        """Play music when nothing else sounds."""
        if not self.ended:
            self._mixer.start_music(self.ear, file)

    def stop_music(self) -> None:
        """Silence the music."""
        self._mixer.stop_music(self.ear)

    def start_recording(self, file: Path) -> None:
        """Record what the peer says."""
        if self.ended:
            self.tell(RecordingClosed())
            return
        self._recorder = Recorder(file, paused=self._recording_paused)
        self._link_recorders()

    def pause_recording(self, paused: bool) -> None:
        """Write silence for what the peer says, or its voice again."""
        self._recording_paused = paused
        if self._recorder:
            self._recorder.pause(self.port(), paused=paused)

    def stop_recording(self) -> None:
        """Give up the recorder; `RecordingClosed` follows when the file is complete."""
        recorder, self._recorder = self._recorder, None
        if recorder:
            self._graveyard.bury(recorder.release())
            self._closing.add(recorder.file, lambda: self.tell(RecordingClosed()))

    def overhear(self, file: Path) -> None:
        """Write what the peer says to a file that nobody waits for."""
        if self.ended:
            return
        self.stop_overhearing()
        try:
            self._overhearer = Recorder(file)
        except TelephonyError as error:
            logger.warning("leg %s is not overheard: %s", self.id, error)
            return
        self._link_recorders()

    def stop_overhearing(self) -> None:
        """Give that file up."""
        overhearer, self._overhearer = self._overhearer, None
        if overhearer:
            self._graveyard.bury(overhearer.release())

    def _link_recorders(self) -> None:
        voice = self.port()
        for recorder in (self._recorder, self._overhearer):
            if recorder and voice:
                recorder.listen(voice)

    # --- what the library tells ---------------------------------------------------

    @property
    def awaits_first_answer(self) -> bool:
        """Whether this is a placed leg whose peer has not answered anything yet."""
        return self.invitation is None and not self._tried

    def tried(self) -> None:
        """The peer answered our INVITE, for the first time."""
        if not self._tried:
            self._tried = True
            self.tell(Tried())

    def rang(self) -> None:
        """The peer answered 180 or 183."""
        if not self._rang:
            self._rang = True
            self.tell(Rang())

    def confirmed(self) -> None:
        """The dialog is confirmed: 200 and ACK."""
        self._confirmed = True
        self.signs = VitalSigns(self._silence_seconds, monotonic())
        self._tell_answered()

    def media_changed(self, *, reachable: bool, held: bool) -> None:
        """Audio was negotiated, anew or for the first time."""
        self._negotiated = True
        was_held, self.ear.held = self.ear.held, held
        self.ear.reachable = reachable and not self.ended
        self._mixer.relink(self.ear)
        self._link_recorders()
        if held != was_held:
            self.tell(Held(held))
        self._tell_answered()

    def _tell_answered(self) -> None:
        if self._confirmed and self._negotiated and not self._answered:
            self._answered = True
            self.tell(Answered())

    def media_failed(self) -> None:
        """No audio could be agreed on."""
        self.hang_up(EndCause.MEDIA_FAILED)

    def digit_pressed(self, digit: str, method: int) -> None:
        """The peer pressed a key: tell it, and stop a prompt that it may cut."""
        if self.ended or not self._digits.accepts(digit, method, monotonic()):
            logger.debug("leg %s sent a repeated or unknown key", self.id)
            return
        self.tell(Digit(digit))
        prompt = self.ear.prompt
        if prompt and digit in prompt.interrupt_by:
            self.stop_prompt(prompt)

    def disconnected(self, code: int, message: str) -> None:
        """The library has let go of the call; `message` is the last one, or ""."""
        if not self.ended:
            self.finish(self._cause(code, message), 302 if self.redirected else code)

    def _cause(self, code: int, message: str) -> EndCause:
        if self._confirmed:
            return _cause_of_end(code)
        if self.redirected:
            return EndCause.UNREACHABLE
        if not self.invitation:
            reason = parse_message(message).header("reason")
            return cause_of_refusal(code, reason, rang=self._rang)
        if code == 487:
            return EndCause.CANCELLED
        return EndCause.DEAD_PEER if code == 408 else EndCause.MEDIA_FAILED

    def finish(self, cause: EndCause, code: int) -> None:
        """The leg is over for us, whatever the library still has to send."""
        if self.ended:
            return
        self.ended = True
        self.tell(Ended(LegEnded(cause=cause, sip_code=code)))
        self._mixer.dismiss(self.ear)
        self.stop_recording()
        self.stop_overhearing()

    # --- is the peer alive? -------------------------------------------------------

    def check_signs(self) -> None:
        """Look at the packets that came, and ask or end a peer that is silent."""
        if self.ended or not self.call or not self.signs:
            return
        verdict = self.signs.check(
            self._counters(self.call), held=self.ear.held, now=monotonic()
        )
        if verdict is Verdict.ASK:
            self._ask(self.call)
        elif verdict is Verdict.DEAD:
            self.hang_up(EndCause.DEAD_PEER)

    def _counters(self, call: pj.Call) -> tuple[int, ...]:
        try:
            rtcp = call.getStreamStat(0).rtcp
        except pj.Error:
            return ()
        # txStat.updateCount counts the reports that came; rxStat's are those we sent.
        return rtcp.rxStat.pkt, rtcp.txStat.updateCount

    def _ask(self, call: pj.Call) -> None:
        question = pj.CallSendRequestParam()
        question.method = "OPTIONS"
        try:
            call.sendRequest(question)
        except pj.Error as error:
            logger.info("leg %s cannot be asked: %s", self.id, error.reason)

    def asked_and_answered(self, code: int) -> None:
        """The peer answered our OPTIONS: only 408 and 481 say that it is gone."""
        if code in (408, 481):
            self.hang_up(EndCause.DEAD_PEER)
        elif self.signs:
            self.signs.sign_of_life(monotonic())


def _cause_of_end(code: int) -> EndCause:
    """Why a confirmed leg ended that we did not hang up; a peer's BYE leaves 200."""
    if code in (408, 481):
        return EndCause.DEAD_PEER
    return EndCause.MEDIA_FAILED if code >= 400 else EndCause.PEER_HUNG_UP
