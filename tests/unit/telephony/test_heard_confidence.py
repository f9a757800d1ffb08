"""How sure heard words are: their least sure one, and how much of the voice they cover."""

from typing import Any

from telephony.speech.vosk_stream import confidence


def word(start: float, end: float, conf: float = 1.0) -> dict[str, Any]:
    return {"word": "네", "start": start, "end": end, "conf": conf}


def test_words_that_cover_the_voice_are_as_sure_as_their_least_sure_one() -> None:
    words = [word(0, 0.4), word(0.4, 0.8, 0.7)]
    assert confidence(words, voiced_seconds=0.9) == 0.7


def test_short_word_in_a_long_utterance_is_not_sure() -> None:
    """What espeak-ng's 불만족 gave: 네, heard in half of it, with confidence 1."""
    assert confidence([word(0.72, 1.11)], voiced_seconds=0.7) < 0.6


def test_no_word_is_no_confidence() -> None:
    assert confidence([], voiced_seconds=1) == 0
