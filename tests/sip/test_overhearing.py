"""What a phone that we call says is overheard, before it answers and after."""

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from telephony.speech.growing_file import GrowingFile
from tests.sip.conftest import Desk
from tests.sip.tones import RATE, Samples, level_of, steady_level
from tests.sip.waits import until

pytestmark = pytest.mark.sip

EARLY_HZ, LATE_HZ = 1500.0, 900.0


async def heard_in(file: Path, hz: float, seconds: float = 60) -> Samples:
    """What is in the file once its last quarter of a second holds a tone."""
    async with asyncio.timeout(seconds):
        while True:
            if file.exists():
                with GrowingFile(file, from_seconds=0) as audio:
                    samples = audio.read(60)
                if level_of(samples[-RATE // 4 :], hz) > 0.05:
                    return samples
            await asyncio.sleep(0.05)


async def test_early_media_and_voice_are_in_one_file_in_their_true_time(
    desk: Desk, tmp_path: Path
) -> None:
    phone = await desk.phone("127.0.0.3", hz=EARLY_HZ)
    leg = await desk.endpoint.originate(phone.uri, from_user="1")
    file = tmp_path / "leg.wav"
    leg.overhear(file)
    call = await phone.expect_call()
    began = time.monotonic()
    call.progress()
    assert not leg.answered.done()
    early = await heard_in(file, EARLY_HZ)
    call.answer()
    await leg.answered
    call.voice.hz = LATE_HZ
    late = await heard_in(file, LATE_HZ)
    assert len(late) > len(early)
    assert len(late) / RATE < time.monotonic() - began + 0.1
    await leg.hang_up()


async def test_leg_is_overheard_beside_its_recording_until_that_is_stopped(
    desk: Desk, tmp_path: Path
) -> None:
    phone = await desk.phone("127.0.0.3", hz=EARLY_HZ)
    leg = await desk.endpoint.originate(phone.uri, from_user="1")
    overheard, recorded = tmp_path / "overheard.wav", tmp_path / "recorded.wav"
    leg.overhear(overheard)
    (await phone.expect_call()).answer()
    await leg.answered
    await leg.start_recording(recorded)
    await heard_in(overheard, EARLY_HZ)
    leg.stop_overhearing()
    await until(lambda: overheard.read_bytes()[4:8] != bytes(4))  # it is complete
    size, before = overheard.stat().st_size, recorded.stat().st_size
    await until(lambda: recorded.stat().st_size > before + RATE)
    assert overheard.stat().st_size == size
    await leg.hang_up()
    await leg.stop_recording()
    samples = np.frombuffer(recorded.read_bytes()[44:], "<i2")
    assert steady_level(samples[-RATE // 2 :], EARLY_HZ) > 0.05


async def test_file_that_cannot_be_written_leaves_the_call_alone(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = await desk.phone("127.0.0.3")
    leg = await desk.endpoint.originate(phone.uri, from_user="1")
    leg.overhear(tmp_path / "nowhere" / "leg.wav")
    (await phone.expect_call()).answer()
    await leg.answered
    assert "is not overheard" in caplog.text
    await leg.hang_up()
