"""Who answers a call that we place: pure, from audio in early media and after the answer.

The clock starts at the onset of speech, not at the answer: the silence of a network is
no human. A short utterance and then silence is a human; one that goes on and on, or is
followed by a beep, is a machine; speech before the answer is the network's announcement.
Ring-back, busy tones and melodies (彩铃) are no speech. Words, where a recogniser reads
them, tell more, and sooner; without them sound alone decides.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from ivr_flows.understanding.on_the_line import LineWords
from outbound.line_sound import LineSound, Sound
from outbound.words_heard import Said, WordsHeard
from telephony.speech.following import Reading
from telephony.speech.levels import FRAME_SAMPLES, FRAME_SECONDS, Pcm


class AnsweredBy(StrEnum):
    """Who answered."""

    HUMAN = "human"
    MACHINE = "machine"
    NETWORK_ANNOUNCEMENT = "network_announcement"
    NO_SPEECH = "no_speech"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Who it is, after how many seconds of audio, and why."""

    answered_by: AnsweredBy
    at_seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRules:
    """The limits, in seconds; tuned on synthetic calls."""

    onset_seconds: float = 0.1
    human_pause_seconds: float = 0.9
    short_seconds: float = 3.2
    long_pause_seconds: float = 1.6
    machine_seconds: float = 6.0
    beep_seconds: float = 0.16
    beep_after_seconds: float = 1.5
    early_speech_seconds: float = 1.2
    early_window_seconds: float = 4.0
    no_speech_seconds: float = 6.0
    limit_seconds: float = 14.0
    words_after_seconds: float = 1.0
    phrases: int = 2
    words_wait_seconds: float = 0.4


RULES: Final = DetectionRules()
BEEP_HERTZ: Final = (600.0, 2200.0)


class AnswerDetector:
    """Follows one call. Feed what is heard, tell when it is answered, read `verdict`.

    The first verdict stays, but for one: who answers after all takes back what was said of
    the network before. Times are in the audio that was fed. With `words` it also takes
    what a recogniser reads.
    """

    def __init__(
        self, rules: DetectionRules = RULES, words: LineWords | None = None
    ) -> None:
        self._rules, self._words = rules, words
        self._read = WordsHeard(words) if words else None
        self._line = LineSound()
        self._rest: Pcm = np.zeros(0, np.int16)
        self._frames = 0
        self._answered_at: float | None = None
        self._talk = _Talk()
        self._early: list[float] = []
        self._last_sound = 0.0
        self.verdict: Verdict | None = None

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return self._frames * FRAME_SECONDS

    @property
    def quiet_seconds(self) -> float:
        """For how long nothing has sounded."""
        return self.seconds - self._last_sound

    def answered(self) -> None:
        """From now on somebody, or something, has answered."""
        self._answered_at = self.seconds
        self._talk = _Talk()
        self.verdict = None
        if self._words and self._read:
            self._read = WordsHeard(self._words)
        self._line.forget()

    def feed(self, samples: Pcm) -> Verdict | None:
        """The next samples, any number of them; the verdict once there is one."""
        whole = np.concatenate([self._rest, samples])
        used = len(whole) // FRAME_SAMPLES * FRAME_SAMPLES
        for frame in whole[:used].reshape(-1, FRAME_SAMPLES):
            self._frames += 1
            self._take(self._line.hears(frame))
        self._rest = whole[used:]
        return self.verdict

    def read(self, reading: Reading | None) -> None:
        """What a recogniser reads in the audio since the answer or, before it, in all.

        None: it reads no more, and sound alone is left.
        """
        if self._read and reading:
            self._read.take(reading)
            self._by_words()
        elif self._read:
            self._read.read_seconds = float("inf")

    def finish(self) -> Verdict:
        """The call is over, or the patience; there is always a verdict."""
        if self._answered_at is None or self._talk.began is None:
            self._decide(AnsweredBy.NO_SPEECH, "nobody spoke until the end")
        self._decide(AnsweredBy.UNSURE, "it ended before it was clear")
        assert self.verdict
        return self.verdict

    def _take(self, sound: Sound) -> None:
        if sound is not Sound.QUIET:
            self._last_sound = self.seconds
        if self._answered_at is None:
            self._before_answer(sound)
        else:
            self._talk.take(sound, self.seconds, self._rules.onset_seconds)
            self._after_answer(sound, self.seconds - self._answered_at)

    def _before_answer(self, sound: Sound) -> None:
        rules, now = self._rules, self.seconds
        if sound is Sound.SPEECH:
            self._early.append(now)
        self._early = [
            at for at in self._early if at > now - rules.early_window_seconds
        ]
        spoken = len(self._early) * FRAME_SECONDS
        self._by_words()
        if spoken >= rules.early_speech_seconds:
            self._announced(f"{spoken:.1f} s of speech before the answer")

    def _announced(self, reason: str) -> None:
        """Words tell more than sound, but it was clear when it was."""
        self._decide(AnsweredBy.NETWORK_ANNOUNCEMENT, reason)
        if self.verdict and reason.startswith("words"):
            self.verdict = replace(self.verdict, reason=reason)

    def _after_answer(self, sound: Sound, waited: float) -> None:
        talk, rules = self._talk, self._rules
        if talk.began is None:
            if waited >= rules.no_speech_seconds:
                self._decide(AnsweredBy.NO_SPEECH, f"no speech for {waited:.1f} s")
            return
        length = talk.length
        self._by_words()
        if self.verdict is None:
            self._by_sound(sound, length, waited)

    def _by_words(self) -> None:
        """Before an answer one phrase tells; after it two do, for one may be misheard."""
        rules, said = self._rules, self._said
        words = f"words: {', '.join(said.by_nobody)}"
        if self._answered_at is None:
            spoken = len(self._early) * FRAME_SECONDS
            if said.by_nobody and spoken >= rules.words_after_seconds:
                self._announced(words)
        elif self._talk.length >= rules.words_after_seconds:
            machine, network = AnsweredBy.MACHINE, AnsweredBy.NETWORK_ANNOUNCEMENT
            if len(said.by_nobody) >= rules.phrases:
                self._decide(machine if said.machine else network, words)

    def _by_sound(self, sound: Sound, length: float, waited: float) -> None:
        rules, quiet = self._rules, self.seconds - self._talk.ended
        if sound is Sound.TONE and self._beeps(length):
            reason = f"a beep of {self._line.tone_hertz:.0f} Hz after {length:.1f} s"
            self._decide(AnsweredBy.MACHINE, reason)
        elif length >= rules.machine_seconds:
            self._decide(*self._speaks_on(length))
        elif quiet >= self._pause_after(length):
            self._pauses(length, quiet)
        elif waited >= rules.limit_seconds:
            self._decide(AnsweredBy.UNSURE, f"not clear after {waited:.1f} s")

    def _speaks_on(self, length: float) -> tuple[AnsweredBy, str]:
        """A machine, but for somebody who asks who calls."""
        long = f"speaks for {length:.1f} s on end"
        if human := self._said.human:
            return AnsweredBy.HUMAN, f"words: {human[0]}; {long}"
        return AnsweredBy.MACHINE, long

    def _pauses(self, length: float, quiet: float) -> None:
        """A person, unless the words are still being read; they are not waited for long."""
        late = self._read and self._read.read_seconds < self._talk.ended
        patience = self._pause_after(length) + self._rules.words_wait_seconds
        if late and quiet < patience:
            return
        human = self._said.human
        words = f"words: {human[0]}; " if human else ""
        reason = f"{words}{length:.1f} s of speech, then {quiet:.1f} s of silence"
        self._decide(AnsweredBy.HUMAN, reason)

    @property
    def _said(self) -> Said:
        return self._read.said if self._read else Said()

    def _beeps(self, length: float) -> bool:
        low, high = BEEP_HERTZ
        long_enough = length >= self._rules.beep_after_seconds
        return long_enough and low <= self._line.tone_hertz <= high

    def _pause_after(self, length: float) -> float:
        """A long utterance may be a greeting whose beep is still to come."""
        rules = self._rules
        short = length <= rules.short_seconds
        return rules.human_pause_seconds if short else rules.long_pause_seconds

    def _decide(self, answered_by: AnsweredBy, reason: str) -> None:
        if self.verdict is None:
            self.verdict = Verdict(
                answered_by=answered_by,
                at_seconds=round(self.seconds, 2),
                reason=reason,
            )


class _Talk:
    """The first utterance after the answer: from its onset to its last sound."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.ended = 0.0
        self._run = 0

    @property
    def length(self) -> float:
        """In seconds, so far."""
        return 0.0 if self.began is None else self.ended - self.began

    def take(self, sound: Sound, now: float, onset_seconds: float) -> None:
        """The next frame; single frames neither begin nor prolong speech."""
        self._run = self._run + 1 if sound is Sound.SPEECH else 0
        if self._run * FRAME_SECONDS >= onset_seconds - 1e-9:
            if self.began is None:
                self.began = now - self._run * FRAME_SECONDS
            self.ended = now
