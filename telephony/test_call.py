"""A test call as its caller: is it answered, and is anything heard?"""

import asyncio
import math
import wave
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from telephony.calls import Endpoint, Leg, LegGone, TelephonyError, end_of
from telephony.events import EndCause, LegEnded
from telephony.test_marks import HEADER

FROM_USER = "hotline-test"
FRAME_SECONDS = 0.02
LOUD_DBFS = -45.0
LEAST_SOUND_SECONDS = 0.5
"""So much of what is heard must be louder than a line's noise."""
_FULL_SCALE = 32768.0
LEAST_FINAL, TIMED_OUT = 300, 408


class CallTestFault(StrEnum):
    """Why a test call failed: the first that is so.

    `NOT_PLACED`: not even sent, for a reason of our own. `UNREACHABLE`: nothing came
    back. `REFUSED`: with a final code (over TCP and TLS also 503 when nobody listens).
    `NO_ANSWER`: it rang, or less, for too long.
    `HUNG_UP`: before anything could be heard. `SILENT`: answered, and nothing was heard.
    """

    NOT_PLACED = "not_placed"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    HUNG_UP = "hung_up"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTestOrder:
    """Whom to call, with which mark, and how long to wait and to listen."""

    target: str
    mark: str
    ring_seconds: float
    listen_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTestResult:
    """What came of it; `fault` is None when a voice was heard.

    `answer_seconds` is from the INVITE to the answer, 0 without one. `sound_seconds` is
    how much of what was heard was loud. `words` tell why it was not placed.
    """

    fault: CallTestFault | None = None
    sip_code: int = 0
    answer_seconds: float = 0.0
    sound_seconds: float = 0.0
    words: str = ""


async def placed(
    endpoint: Endpoint, order: CallTestOrder, folder: Path
) -> CallTestResult:
    """Call, listen, hang up; the audio lies in `folder` for as long as that takes."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        leg = await endpoint.originate(
            order.target, from_user=FROM_USER, headers={HEADER: order.mark}
        )
    except TelephonyError as error:
        return CallTestResult(fault=CallTestFault.NOT_PLACED, words=str(error))
    try:
        fault = await _answered(leg, order.ring_seconds)
        if fault:
            return CallTestResult(fault=fault, sip_code=await _code(leg))
        answer_seconds = loop.time() - began
        sound = await _heard(leg, order.listen_seconds, folder / "heard.wav")
        fault = _fault_of(sound, leg)
    finally:
        await leg.hang_up()
    return CallTestResult(
        fault=fault,
        sip_code=200,
        answer_seconds=round(answer_seconds, 3),
        sound_seconds=round(sound, 2),
    )


async def _answered(leg: Leg, seconds: float) -> CallTestFault | None:
    """Wait for the answer; why there is none."""
    either: set[asyncio.Future[Any]] = {leg.answered, leg.ended}
    first = asyncio.FIRST_COMPLETED
    await asyncio.wait(either, timeout=seconds, return_when=first)
    if leg.answered.done() and not leg.answered.cancelled():
        return None
    if leg.ended.done():
        return _why(leg.ended.result())
    alive = leg.tried.done()
    return CallTestFault.NO_ANSWER if alive else CallTestFault.UNREACHABLE


def _why(ended: LegEnded) -> CallTestFault:
    if ended.cause is EndCause.NO_ANSWER:
        return CallTestFault.NO_ANSWER
    final = ended.sip_code >= LEAST_FINAL and ended.sip_code != TIMED_OUT
    return CallTestFault.REFUSED if final else CallTestFault.UNREACHABLE


async def _code(leg: Leg) -> int:
    """The last SIP code: 0 for a call that we ended ourselves."""
    if not leg.ended.done():
        return 0
    return (await end_of(leg)).sip_code


async def _heard(leg: Leg, seconds: float, file: Path) -> float:
    """Seconds of sound in what the other side says from now on."""
    try:
        await leg.start_recording(file)
    except LegGone:
        return 0.0
    await asyncio.wait({leg.ended}, timeout=seconds)
    await leg.stop_recording()
    return await asyncio.to_thread(sound_seconds, file)


def _fault_of(sound: float, leg: Leg) -> CallTestFault | None:
    if sound >= LEAST_SOUND_SECONDS:
        return None
    gone = leg.ended.done()
    return CallTestFault.HUNG_UP if gone else CallTestFault.SILENT


def sound_seconds(file: Path) -> float:
    """How much of a mono 16-bit WAV file is louder than a line's noise."""
    with wave.open(str(file), "rb") as audio:
        rate, data = audio.getframerate(), audio.readframes(audio.getnframes())
    samples = np.frombuffer(data, dtype="<i2").astype(float) / _FULL_SCALE
    size = round(rate * FRAME_SECONDS)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    loud = np.sqrt((frames**2).mean(axis=1)) > math.pow(10, LOUD_DBFS / 20)
    return float(loud.sum()) * FRAME_SECONDS
