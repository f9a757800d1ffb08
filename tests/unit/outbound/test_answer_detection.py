"""Who answers a call, from sounds that are made here: tones, syllables, silence."""

import numpy as np
import pytest

from outbound.answer_detection import AnswerDetector, AnsweredBy, Verdict
from telephony.speech.levels import Pcm

RATE = 8000


def speech(seconds: float, seed: int = 0) -> Pcm:
    """Syllables of 150 ms, each a buzz of another pitch and colour, with short gaps."""
    random = np.random.default_rng(seed)
    made: list[Pcm] = []
    while sum(map(len, made)) < seconds * RATE:
        time = np.arange(round(0.15 * RATE)) / RATE
        pitch, colour = random.uniform(100, 220), random.uniform(400, 2400)
        glide = pitch * time * (1 + random.uniform(-1, 1) * time)
        waves = sum(
            np.exp(-(((k * pitch - colour) / 500) ** 2)) * np.sin(2 * np.pi * k * glide)
            for k in range(1, 16)
        )
        made += [_pcm(0.2 * waves / (np.abs(waves).max() + 1e-9)), quiet(0.04)]
    return np.concatenate(made)[: round(seconds * RATE)]


def tone(seconds: float, hertz: float) -> Pcm:
    time = np.arange(round(seconds * RATE)) / RATE
    return _pcm(0.12 * np.sin(2 * np.pi * hertz * time))


def quiet(seconds: float) -> Pcm:
    random = np.random.default_rng(1)
    return _pcm(0.0005 * random.standard_normal(round(seconds * RATE)))


def _pcm(samples: object) -> Pcm:
    return (np.asarray(samples) * 32767).astype(np.int16)


def verdict(*parts: Pcm, early: tuple[Pcm, ...] = (), block: int = 160) -> Verdict:
    detector = AnswerDetector()
    _feed(detector, early, block)
    detector.answered()
    _feed(detector, parts, block)
    return detector.finish()


def _feed(detector: AnswerDetector, parts: tuple[Pcm, ...], block: int) -> None:
    for part in parts:
        for at in range(0, len(part), block):
            detector.feed(part[at : at + block])


@pytest.mark.parametrize("block", [160, 333, 4096])
def test_short_word_and_silence_is_a_human(block: int) -> None:
    found = verdict(quiet(0.5), speech(0.6), quiet(3), block=block)
    assert found.answered_by is AnsweredBy.HUMAN
    assert "then" in found.reason


def test_clock_starts_at_the_onset_not_at_the_answer() -> None:
    found = verdict(quiet(4), speech(0.6), quiet(3))
    assert found.answered_by is AnsweredBy.HUMAN


def test_speech_that_goes_on_is_a_machine() -> None:
    found = verdict(quiet(0.5), speech(9), quiet(3))
    assert found.answered_by is AnsweredBy.MACHINE
    assert "on end" in found.reason


def test_beep_after_a_greeting_is_a_machine() -> None:
    found = verdict(quiet(0.3), speech(3.5), quiet(0.5), tone(0.4, 1000), quiet(3))
    assert found.answered_by is AnsweredBy.MACHINE
    assert "beep" in found.reason


def test_silence_is_never_a_human() -> None:
    for line in (quiet(10), np.zeros(10 * RATE, np.int16)):
        assert verdict(line).answered_by is AnsweredBy.NO_SPEECH


def test_speech_before_the_answer_is_the_network() -> None:
    detector = AnswerDetector()
    _feed(detector, (quiet(0.5), speech(4)), 160)
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT
    assert detector.verdict.at_seconds < 3


def test_ring_back_before_the_answer_is_nobody() -> None:
    rings = (tone(1, 450), quiet(4)) * 3
    detector = AnswerDetector()
    _feed(detector, rings, 160)
    assert detector.verdict is None
    assert detector.finish().answered_by is AnsweredBy.NO_SPEECH


def test_human_after_ring_back_is_a_human() -> None:
    rings = (tone(1, 450), quiet(2))
    found = verdict(quiet(0.3), speech(0.6), quiet(3), early=rings)
    assert found.answered_by is AnsweredBy.HUMAN


def test_words_win_over_sound() -> None:
    for words, who in (
        ("您 拨打 的 电话 暂时 无法 接通", AnsweredBy.NETWORK_ANNOUNCEMENT),
        ("请 在 嘀 声 后 留言", AnsweredBy.MACHINE),
        ("please leave a message", AnsweredBy.MACHINE),
    ):
        found = AnswerDetector().words(words)
        assert found
        assert found.answered_by is who
    assert AnswerDetector().words("喂 你好") is None


def test_first_verdict_stays() -> None:
    detector = AnswerDetector()
    first = detector.words("无法 接通")
    detector.answered()
    _feed(detector, (speech(9),), 160)
    assert detector.words("留言") is first
    assert detector.finish() is first


def test_who_answers_after_all_takes_back_what_early_sound_said() -> None:
    found = verdict(quiet(0.3), speech(0.6), quiet(3), early=(speech(4), quiet(0.5)))
    assert found.answered_by is AnsweredBy.HUMAN


def test_answer_takes_no_words_back() -> None:
    detector = AnswerDetector()
    detector.words("您 拨打 的 电话 已 关机")
    detector.answered()
    assert detector.verdict


def test_assistant_of_a_phone_is_a_machine_though_it_speaks_like_the_network() -> None:
    found = AnswerDetector().words("您 呼叫 的 用户 已 开通 来电 助理")
    assert found
    assert found.answered_by is AnsweredBy.MACHINE


def test_call_that_ends_in_the_middle_of_a_word_is_unsure() -> None:
    found = verdict(quiet(0.5), speech(1))
    assert found.answered_by is AnsweredBy.UNSURE
