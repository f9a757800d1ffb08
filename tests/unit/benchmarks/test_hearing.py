"""What the benchmarks call good audio, on packets made by hand."""

import numpy as np
import pytest

from benchmarks.hearing import Ear, Heard
from benchmarks.rtp import FRAME, PCMA, Bytes, basis, head, levels, tone_payload

SECOND = 1_000_000_000
FRAME_NS = 20_000_000


def stream(count: int, *, hz: int = 400, first: int = 0) -> Bytes:
    """So many packets in a row."""
    packets = (
        head(PCMA, number, number * FRAME) + b"\0\0\0\1" + tone_payload(hz)
        for number in range(first, first + count)
    )
    return np.frombuffer(b"".join(packets), np.uint8).reshape(count, -1)


def heard(packets: Bytes, times: np.ndarray, *, hz: int = 400) -> Heard:
    """What an ear that listened for a second says of them."""
    ear = Ear()
    ear.begin(0)
    ear.expect(hz)
    half = len(times) // 2
    ear.hear(packets[:half], times[:half])
    ear.hear(packets[half:], times[half:])
    return ear.tell(SECOND)


def every_20_ms(count: int) -> np.ndarray:
    return np.arange(count) * FRAME_NS


@pytest.mark.parametrize("hz", [300, 950, 3300])
def test_tone_is_found_in_any_packet_and_no_other_one_is(hz: int) -> None:
    payloads = np.frombuffer(tone_payload(hz), np.uint8).reshape(1, -1)
    assert levels(payloads, basis(hz))[0] == pytest.approx(0.3, abs=0.02)
    assert levels(payloads, basis(600))[0] < 0.02


def test_steady_stream_of_the_right_voice_is_good() -> None:
    result = heard(stream(50), every_20_ms(50))
    assert result.complaint == ""
    assert (result.packets, result.lost, result.late, result.toned) == (50, 0, 0, 50)


def test_strangers_voice_is_bad() -> None:
    assert heard(stream(50, hz=650), every_20_ms(50)).complaint == "tone"


def test_silence_is_bad() -> None:
    assert heard(stream(50, hz=0), every_20_ms(50)).complaint == "tone"


def test_first_sound_is_the_first_packet_that_is_no_silence() -> None:
    packets = np.concatenate([stream(30, hz=0), stream(20, first=30)])
    assert heard(packets, every_20_ms(50)).first_sound_at == 30 * FRAME_NS
    assert heard(stream(50, hz=0), every_20_ms(50)).first_sound_at == 0


def test_missing_packets_are_counted_by_their_numbers() -> None:
    kept = np.delete(np.arange(50), [10, 11, 30])
    result = heard(stream(50)[kept], every_20_ms(50)[kept])
    assert result.lost == 3
    assert result.complaint == "packets"


def test_packets_across_the_turn_of_the_sequence_number_are_not_lost() -> None:
    assert heard(stream(50, first=65_520), every_20_ms(50)).lost == 0


def test_long_gap_is_bad_even_when_every_packet_comes() -> None:
    times = every_20_ms(50)
    times[25:] += SECOND // 4
    result = heard(stream(50), times)
    assert result.complaint == "gap"
    assert result.longest_gap_seconds == pytest.approx(0.27)


def test_nothing_heard_is_bad() -> None:
    assert heard(stream(50)[:0], every_20_ms(0)).complaint == "packets"
