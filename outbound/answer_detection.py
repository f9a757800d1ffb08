"""Who answers a call that we place: pure, from audio in early media and after the answer.

The clock starts at the onset of speech, not at the answer: the silence of a network is
no human. A short utterance and then silence is a human; one that goes on and on, or is
followed by a beep, is a machine; speech before the answer is the network's announcement.
Ring-back, busy tones and melodies (彩铃) are no speech. Words, where somebody reads them, are
taken as they come; in calls nobody does yet.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from outbound.line_sound import LineSound, Sound
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


RULES: Final = DetectionRules()
BEEP_HERTZ: Final = (600.0, 2200.0)
NETWORK_WORDS: Final = (
    *("无法接通", "正忙", "关机", "空号", "停机", "不在服务区", "暂停服务", "通话中"),
    *("来电提醒", "稍后再拨", "不存在", "您拨打的"),
)
MACHINE_WORDS: Final = (
    *("留言", "嘀声", "滴声", "提示音", "语音信箱", "来电助理", "秘书", "录音"),
    *("leave a message", "after the tone", "voicemail"),
)


class AnswerDetector:
    """Follows one call. Feed what is heard, tell when it is answered, read `verdict`.

    The first verdict stays, but for one: who answers after all takes back what sound
    alone said of the network before. Times are in the audio that was fed.
    """

    def __init__(self, rules: DetectionRules = RULES) -> None:
        self._rules = rules
        self._line = LineSound()
        self._rest: Pcm = np.zeros(0, np.int16)
        self._frames = 0
        self._answered_at: float | None = None
        self._talk = _Talk()
        self._early: list[float] = []
        self._by_early_sound = False
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
        if self._by_early_sound:
            self.verdict, self._by_early_sound = None, False
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

    def words(self, text: str) -> Verdict | None:
        """What a recogniser wrote so far; some words are said by no human."""
        joined = text.replace(" ", "") + text.casefold()
        for words, who in (
            (MACHINE_WORDS, AnsweredBy.MACHINE),
            (NETWORK_WORDS, AnsweredBy.NETWORK_ANNOUNCEMENT),
        ):
            if found := next((word for word in words if word in joined), None):
                self._decide(who, f"says {found}")
                break
        return self.verdict

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
        if spoken >= rules.early_speech_seconds:
            reason = f"{spoken:.1f} s of speech before the answer"
            self._by_early_sound |= self.verdict is None
            self._decide(AnsweredBy.NETWORK_ANNOUNCEMENT, reason)

    def _after_answer(self, sound: Sound, waited: float) -> None:
        talk, rules = self._talk, self._rules
        if talk.began is None:
            if waited >= rules.no_speech_seconds:
                self._decide(AnsweredBy.NO_SPEECH, f"no speech for {waited:.1f} s")
            return
        length, quiet = talk.ended - talk.began, self.seconds - talk.ended
        if sound is Sound.TONE and self._beeps(length):
            reason = f"a beep of {self._line.tone_hertz:.0f} Hz after {length:.1f} s"
            self._decide(AnsweredBy.MACHINE, reason)
        elif length >= rules.machine_seconds:
            self._decide(AnsweredBy.MACHINE, f"speaks for {length:.1f} s on end")
        elif quiet >= self._pause_after(length):
            reason = f"{length:.1f} s of speech, then {quiet:.1f} s of silence"
            self._decide(AnsweredBy.HUMAN, reason)
        elif waited >= rules.limit_seconds:
            self._decide(AnsweredBy.UNSURE, f"not clear after {waited:.1f} s")

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

    def take(self, sound: Sound, now: float, onset_seconds: float) -> None:
        """The next frame; single frames neither begin nor prolong speech."""
        self._run = self._run + 1 if sound is Sound.SPEECH else 0
        if self._run * FRAME_SECONDS >= onset_seconds - 1e-9:
            if self.began is None:
                self.began = now - self._run * FRAME_SECONDS
            self.ended = now
