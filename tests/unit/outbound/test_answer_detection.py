"""Who answers a call, from sounds that are made here: tones, syllables, silence."""

import numpy as np
import pytest

from ivr_flows.understanding.answers import AnswerLanguage
from ivr_flows.understanding.on_the_line import words_on_the_line
from outbound.answer_detection import RULES, AnswerDetector, AnsweredBy, Verdict
from telephony.speech.following import Reading
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


def read(text: str, up_to: float = 100, *, sure: bool = True) -> Reading:
    """Words of an utterance that has ended, or goes on when they are not `sure`."""
    words = tuple(text.split())
    confidences = (1.0,) * len(words) if sure else ()
    return Reading(words=words, confidences=confidences, read_seconds=up_to)


def listener(language: AnswerLanguage = "zh") -> AnswerDetector:
    return AnswerDetector(words=words_on_the_line(language))


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("zh", "您 拨打 的 电话 暂时 无法 接通", AnsweredBy.NETWORK_ANNOUNCEMENT),
        ("zh", "请 在 嘀 声 后 留言", AnsweredBy.MACHINE),
        ("en", "leave a message after the tone", AnsweredBy.MACHINE),
        ("ko", "거신 번호는 없는 번호 입니다", AnsweredBy.NETWORK_ANNOUNCEMENT),
        ("ko", "소리가 나 면 메시지를 남겨", AnsweredBy.MACHINE),
    ],
)
def test_words_that_no_person_says_win_over_sound(
    language: AnswerLanguage, text: str, who: AnsweredBy
) -> None:
    detector = listener(language)
    detector.answered()
    _feed(detector, (quiet(0.3), speech(1.5)), 160)
    assert detector.verdict is None
    detector.read(read(text))
    assert detector.verdict
    assert detector.verdict.answered_by is who
    assert detector.verdict.reason.startswith("words: ")


def test_words_before_there_was_speech_for_a_second_are_not_believed() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(0.6)), 160)
    detector.read(read("机主 不在 请 留言"))
    assert detector.verdict is None
    _feed(detector, (quiet(2),), 160)
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.HUMAN


def test_one_phrase_alone_may_be_misheard() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(2.5)), 160)
    detector.read(read("请 留言"))
    _feed(detector, (quiet(2),), 160)
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.HUMAN


def test_words_of_an_utterance_that_goes_on_must_stand() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(2)), 160)
    detector.read(read("机主 不在 请 留言", 1.5, sure=False))
    detector.read(read("请 讲", 1.7, sure=False))
    detector.read(read("机主 不在 请 留言", 1.9, sure=False))
    assert detector.verdict is None
    detector.read(read("机主 不在 请 留言", 2.3, sure=False))
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.MACHINE


def test_network_is_not_believed_of_who_began_like_a_person() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(1.5)), 160)
    detector.read(read("喂"))
    detector.read(read("您 拨打 的 用户 正忙"))
    assert detector.verdict is None


def test_somebody_who_asks_who_calls_may_speak_for_long() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(3)), 160)
    detector.read(read("请问 您 是 哪里"))
    _feed(detector, (speech(5, seed=1),), 160)
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.HUMAN
    assert "words: 您 是 哪里" in detector.verdict.reason


def _human_at(*readings: Reading | None) -> float:
    """When a word and silence is taken for a person."""
    detector = listener()
    detector.answered()
    for each in readings:
        detector.read(each)
    _feed(detector, (quiet(0.3), speech(0.6), quiet(3)), 160)
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.HUMAN
    return detector.verdict.at_seconds


def test_words_are_waited_for_no_longer_than_the_bound() -> None:
    by_sound = verdict(quiet(0.3), speech(0.6), quiet(3)).at_seconds
    assert _human_at() == pytest.approx(by_sound + RULES.words_wait_seconds, abs=0.03)
    assert _human_at(read("喂")) == by_sound
    assert _human_at(None) == by_sound


def test_announcement_after_the_answer_is_no_person_though_it_pauses() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (quiet(0.3), speech(2.5), quiet(1.0)), 160)
    assert detector.verdict is None
    detector.read(read("您 拨打 的 用户 正忙"))
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT


def test_words_before_the_answer_give_the_reason() -> None:
    detector = listener()
    detector.read(read("您 拨打 的 电话 已 关机"))
    _feed(detector, (speech(0.6),), 160)
    assert detector.verdict is None
    _feed(detector, (speech(0.6),), 160)
    assert detector.verdict
    assert detector.verdict.reason == "words: 您 拨打 的, 已 关机"
    assert detector.verdict.answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT


def test_words_that_come_after_the_sound_was_clear_add_the_reason_only() -> None:
    detector = listener()
    _feed(detector, (quiet(0.3), speech(4)), 160)
    assert detector.verdict
    clear_at = detector.verdict.at_seconds
    detector.read(read("是 空号"))
    assert detector.verdict.reason == "words: 是 空号"
    assert detector.verdict.at_seconds == clear_at


def test_who_answers_after_all_takes_back_words_too() -> None:
    """您拨打的用户正在通话中，请不要挂机 - and then he answers."""
    detector = listener()
    detector.read(read("正在 通话 中"))
    _feed(detector, (speech(3),), 160)
    assert detector.verdict
    detector.answered()
    assert detector.verdict is None
    _feed(detector, (quiet(0.3), speech(0.6), quiet(3)), 160)
    assert detector.finish().answered_by is AnsweredBy.HUMAN


def test_assistant_of_a_phone_is_a_machine_though_it_speaks_like_the_network() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (speech(2),), 160)
    detector.read(read("您 拨打 的 用户 已 开通 来电 助理"))
    assert detector.verdict
    assert detector.verdict.answered_by is AnsweredBy.MACHINE


def test_first_verdict_after_the_answer_stays() -> None:
    detector = listener()
    detector.answered()
    _feed(detector, (speech(9),), 160)
    first = detector.verdict
    detector.read(read("您 拨打 的"))
    assert first
    assert detector.finish() is first


def test_who_answers_after_all_takes_back_what_early_sound_said() -> None:
    found = verdict(quiet(0.3), speech(0.6), quiet(3), early=(speech(4), quiet(0.5)))
    assert found.answered_by is AnsweredBy.HUMAN


def test_call_that_ends_in_the_middle_of_a_word_is_unsure() -> None:
    found = verdict(quiet(0.5), speech(1))
    assert found.answered_by is AnsweredBy.UNSURE
