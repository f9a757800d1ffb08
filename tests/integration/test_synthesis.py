"""Speech of espeak-ng, made in its own process: what callers hear, and its failures."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from config.settings import Settings
from ivr_flows.actions import Play
from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.interpreter import FlowContext, begin
from ivr_flows.prompts import Prompts
from telephony.speech.audio import active_level, read_wav
from telephony.speech.synthesis import Synthesiser, SynthesisError
from tests.unit.ivr_flows.flows import CATALOGUE, NOW

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
    ),
]
MANDARIN = "sit/cmn-latn-pinyin"
GREETING_SECONDS = 5.0
HANGS = ("-c", "import time; time.sleep(60)")
DIES = ("-c", "raise SystemExit(1)")
TALKS_NONSENSE = ("-c", "input(); print('hello')")


@pytest.fixture
async def voice() -> AsyncIterator[Synthesiser]:
    async with Synthesiser() as synthesiser:
        yield synthesiser


def seconds(file: Path) -> float:
    samples, rate = read_wav(file)
    return len(samples) / rate


async def test_sentence_is_telephone_audio_at_an_even_level(
    voice: Synthesiser, tmp_path: Path
) -> None:
    for name, text, speaker in (
        ("zh", "您前面还有三位，请稍候。", MANDARIN),
        ("en", "Three callers are before you.", "gmw/en-us"),
    ):
        file = tmp_path / f"{name}.wav"
        await voice.speak(text, file, voice=speaker)
        samples, rate = read_wav(file)
        assert rate == 8000
        assert 1 < len(samples) / rate < 5
        assert 20 * np.log10(active_level(samples, rate)) == pytest.approx(-20.5, abs=1)
        assert np.abs(samples).max() <= 0.71
        assert _share_of_sounding_frames(samples) > 0.5


def _share_of_sounding_frames(
    samples: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> float:
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return float((np.sqrt((frames**2).mean(axis=1)) > 0.003).mean())


async def test_greeting_is_said_in_five_seconds(tmp_path: Path) -> None:
    flow = load_flow(BUILT_IN / "citizen.yaml")
    async with Prompts(Settings(), tmp_path) as prompts:
        for language in ("zh", "en"):
            context = FlowContext(variables={"language": language})
            _, action = begin(flow, context, NOW)
            assert isinstance(action, Play)
            said = [seconds(file) for file in await prompts.speech(action.sentences)]
            assert 2 < said[0] <= GREETING_SECONDS
        _, action = begin(flow, FlowContext(), NOW)
        assert isinstance(action, Play)
        said = [seconds(file) for file in await prompts.speech(action.sentences)]
        assert sum(said) <= GREETING_SECONDS


async def test_voice_that_spells_characters_in_english_is_replaced(
    voice: Synthesiser, tmp_path: Path
) -> None:
    """espeak-ng 1.51's `sit/cmn` takes twice as long: it says "hao three"."""
    for name, speaker in (("a", "sit/cmn"), ("b", MANDARIN)):
        await voice.speak("您好", tmp_path / f"{name}.wav", voice=speaker)
    assert seconds(tmp_path / "a.wav") == pytest.approx(
        seconds(tmp_path / "b.wav"), rel=0.1
    )


def test_every_mandarin_text_is_read_as_mandarin() -> None:
    texts = [
        re.sub(r"\{[a-z]+\}", "三", CATALOGUE.text(key, "zh"))
        for key in CATALOGUE.keys("zh")
    ]
    spoken = subprocess.run(
        ["espeak-ng", "-q", "-x", "-v", MANDARIN, "\n".join(texts)],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout
    assert "(en)" not in spoken
    assert spoken.count("_|") > sum(map(len, texts)) / 2


async def test_unknown_voice_is_told_with_where_to_look(
    voice: Synthesiser, tmp_path: Path
) -> None:
    with pytest.raises(
        SynthesisError, match=r"no voice 'sit/cnm'; did you mean 'sit/cmn'\? Set speech"
    ):
        await voice.speak("您好", tmp_path / "a.wav", voice="sit/cnm")
    await voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.wav"]


async def test_text_without_a_sound_is_a_fault(
    voice: Synthesiser, tmp_path: Path
) -> None:
    with pytest.raises(SynthesisError, match="speech synthesis failed"):
        await voice.speak("，", tmp_path / "a.wav", voice=MANDARIN)
    assert list(tmp_path.iterdir()) == []


async def test_folder_that_is_not_there_is_a_fault(
    voice: Synthesiser, tmp_path: Path
) -> None:
    with pytest.raises(SynthesisError, match="No such file"):
        await voice.speak("您好", tmp_path / "no" / "a.wav", voice=MANDARIN)


async def test_many_at_once_take_turns_in_one_process(
    voice: Synthesiser, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.wav" for number in range(8)]
    await asyncio.gather(*(voice.speak("您好", file, voice=MANDARIN) for file in files))
    assert all(0.3 < seconds(file) < 1.5 for file in files)


async def test_process_that_was_killed_is_replaced(
    voice: Synthesiser, tmp_path: Path
) -> None:
    await voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN)
    assert voice.process_id is not None
    os.kill(voice.process_id, signal.SIGKILL)
    await voice.speak("您好", tmp_path / "b.wav", voice=MANDARIN)
    assert (tmp_path / "b.wav").is_file()


async def test_process_that_hangs_is_stopped_at_the_limit(tmp_path: Path) -> None:
    async with Synthesiser(limit_seconds=0.2, worker=HANGS) as voice:
        with pytest.raises(SynthesisError, match=r"it took longer than 0\.2 s"):
            await voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN)
        assert voice.process_id is None


@pytest.mark.parametrize("worker", [DIES, TALKS_NONSENSE])
async def test_process_that_fails_is_a_fault(
    tmp_path: Path, worker: tuple[str, ...]
) -> None:
    async with Synthesiser(worker=worker) as voice:
        with pytest.raises(SynthesisError, match="its process ended"):
            await voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN)


async def test_cancel_stop_and_stop_twice_leave_no_process(tmp_path: Path) -> None:
    async with Synthesiser(worker=HANGS) as voice:
        speaking = asyncio.create_task(
            voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN), name="speaking"
        )
        while voice.process_id is None:
            await asyncio.sleep(0.01)
        process_id = voice.process_id
        speaking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await speaking
        assert voice.process_id is None
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)
    await voice.__aexit__(None, None, None)


async def test_missing_espeak_says_what_to_install(tmp_path: Path) -> None:
    answer = '{"fault": "RuntimeError: This means you probably do not have eSpeak or eSpeak-ng installed!"}'
    worker = ("-c", f"input(); print({answer!r})")
    async with Synthesiser(worker=worker) as voice:
        with pytest.raises(SynthesisError, match="apt install espeak-ng"):
            await voice.speak("您好", tmp_path / "a.wav", voice=MANDARIN)
