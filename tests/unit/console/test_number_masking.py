"""Telephone numbers in JSON are masked, and nothing else is."""

import pytest

from console.number_masking import masked, masked_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("053112345678", "053****5678"),
        ("sip:13812345678@192.0.2.1", "sip:138****5678@192.0.2.1"),
        ("call 13812345678 back.", "call 138****5678 back."),
        ("12345", "12345"),
        ("110", "110"),
        ("2026-03-01T08:00:00.123456Z", "2026-03-01T08:00:00.123456Z"),
        ("01KB4Y5ZK8M2V7W3X9C6B1D0EF", "01KB4Y5ZK8M2V7W3X9C6B1D0EF"),
        ("2026/01JNQ.flac", "2026/01JNQ.flac"),
    ],
)
def test_numbers_are_masked_and_other_words_stay(text: str, shown: str) -> None:
    assert masked({"caller": text}) == {"caller": shown}


def test_ids_and_figures_stay_whole() -> None:
    value = {"order_id": "20260301000123", "ids": ["20260301000123"], "n": 13812345678}
    assert masked(value) == value


def test_all_of_a_document_is_masked() -> None:
    body = '{"items":[{"legs":[{"number":"13812345678"}],"note":"回拨13812345678"}]}'
    assert masked_json(body.encode()).decode() == (
        '{"items":[{"legs":[{"number":"138****5678"}],"note":"回拨138****5678"}]}'
    )
