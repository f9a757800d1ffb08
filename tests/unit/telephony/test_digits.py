"""Keys: each press once, in order, until read."""

import asyncio

import pytest

from telephony.calls import LegGone
from telephony.digits import ECHO_SECONDS, DigitBuffer, DigitFilter
from telephony.events import EndCause, LegEnded

RFC_4733, INFO = 0, 1


def _accepted(*presses: tuple[float, str, int]) -> str:
    keys = DigitFilter()
    return "".join(key for now, key, way in presses if keys.accepts(key, way, now))


def test_same_key_pressed_twice_counts_twice() -> None:
    assert _accepted((0, "1", RFC_4733), (0.2, "1", RFC_4733)) == "11"


def test_echo_by_the_other_method_is_dropped_whichever_comes_first() -> None:
    assert _accepted((0, "1", RFC_4733), (0.2, "1", INFO)) == "1"
    assert _accepted((0, "1", INFO), (0.1, "1", RFC_4733)) == "1"


def test_each_press_has_one_echo_at_most() -> None:
    presses = (
        (0.0, "1", RFC_4733),
        (0.1, "1", RFC_4733),
        (0.2, "1", INFO),
        (0.3, "1", INFO),
        (0.4, "1", INFO),
    )
    assert _accepted(*presses) == "111"


def test_echoes_of_different_keys_do_not_disturb_each_other() -> None:
    presses = (
        (0.0, "1", RFC_4733),
        (0.1, "2", RFC_4733),
        (0.2, "1", INFO),
        (0.3, "2", INFO),
    )
    assert _accepted(*presses) == "12"


def test_key_long_after_by_the_other_method_is_a_new_press() -> None:
    assert _accepted((0, "1", RFC_4733), (ECHO_SECONDS + 0.1, "1", INFO)) == "11"


@pytest.mark.parametrize("key", ["", "\r", "a", "12", "!", "E", "\x00", "١"])
def test_what_is_no_key_is_dropped(key: str) -> None:
    assert _accepted((0, key, INFO)) == ""


@pytest.mark.looptime
async def test_reader_waits_for_a_key_and_no_longer_than_told() -> None:
    buffer = DigitBuffer()
    loop = asyncio.get_running_loop()
    loop.call_later(2, buffer.put, "4")
    assert await buffer.read(5) == "4"
    assert loop.time() == pytest.approx(2)
    assert await buffer.read(5) is None
    assert loop.time() == pytest.approx(7)


@pytest.mark.looptime
async def test_waiting_key_is_read_without_any_time() -> None:
    buffer = DigitBuffer()
    buffer.put("4")
    assert await buffer.read(0) == "4"
    assert await buffer.read(0) is None


@pytest.mark.looptime
async def test_end_of_the_leg_wakes_the_reader() -> None:
    buffer = DigitBuffer()
    ended = LegEnded(cause=EndCause.PEER_HUNG_UP)
    asyncio.get_running_loop().call_later(1, buffer.close, ended)
    with pytest.raises(LegGone):
        await buffer.read(60)
    buffer.put("1")
    with pytest.raises(LegGone):
        await buffer.read(60)


@pytest.mark.looptime
async def test_cancelled_reader_loses_no_key() -> None:
    buffer = DigitBuffer()
    reading = asyncio.create_task(buffer.read(60))
    await asyncio.sleep(1)
    buffer.put("8")
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await buffer.read(0) == "8"


async def test_each_key_is_told_at_once_until_nobody_wants_to_know() -> None:
    told: list[str] = []
    keys = DigitBuffer()
    end = keys.on_digit(told.append)
    keys.put("9")
    keys.clear()
    assert told == ["9"]
    end()
    keys.put("1")
    assert told == ["9"]
    assert await keys.read(0) == "1"
