"""Recognition with a real model (Korean) and synthetic voices, while a file grows."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand
from telephony.speech import audio
from telephony.speech.recognition import (
    Heard,
    Recogniser,
    RecogniserDied,
    RecognitionError,
)
from tests import korean
from tests.unit.telephony.recorder import append, begun, record

pytestmark = pytest.mark.integration

WORDS = lexicon("ko")


@pytest.fixture
async def recogniser() -> AsyncIterator[Recogniser]:
    async with Recogniser(korean.model()) as running:
        yield running


async def heard_in(recogniser: Recogniser, file: Path, question: Question) -> Heard:
    phrases = WORDS.grammar(question)
    async with recogniser.listen(file, phrases, from_seconds=0) as listening:
        return await listening.heard


@pytest.mark.parametrize(
    ("said", "question", "answer"),
    [
        ("네", Question.SOLVED, Answer.YES),
        ("아니요", Question.SOLVED, Answer.NO),
        ("매우 만족 합니다", Question.SATISFIED, Answer.VERY_SATISFIED),
    ],
)
async def test_spoken_answer_is_recognised_and_understood_while_it_is_recorded(
    recogniser: Recogniser,
    tmp_path: Path,
    said: str,
    question: Question,
    answer: Answer,
) -> None:
    file = begun(tmp_path / "citizen.wav")
    parts = korean.quiet(0.5), korean.spoken(said), korean.quiet(3)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(record(file, *parts))
        heard = await heard_in(recogniser, file, question)
        assert not writer.done()
    found = understand(heard.text, question, "ko", heard_confidence=heard.confidence)
    assert found.answer is answer
    assert heard.began_seconds == pytest.approx(0.5, abs=0.15)


async def test_words_are_read_while_somebody_speaks_on(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "line.wav")
    parts = korean.quiet(0.5), korean.spoken("여보세요"), korean.quiet(3)
    async with (
        recogniser.follow(file, ["여보세요", "네"]) as following,
        asyncio.TaskGroup() as group,
    ):
        writer = group.create_task(record(file, *parts))
        async for reading in following.readings():
            if reading.words == ("여보세요",) and not reading.confidences:
                break
        assert not writer.done()
        async for reading in following.readings():
            if reading.confidences:
                break
    assert reading.words == ("여보세요",)
    assert reading.confidences[0] > 0.8
    assert 1 < reading.read_seconds < 4.5


async def test_killed_recogniser_ends_what_was_read(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "line.wav")
    append(file, korean.quiet(1))
    (first,) = recogniser.process_ids
    async with recogniser.follow(file, ["네"]) as following:
        os.kill(first, signal.SIGKILL)
        with pytest.raises(RecogniserDied):
            async for _ in following.readings():
                pass


async def test_silence_is_told_as_silence(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    append(file, korean.quiet(5))
    async with recogniser.listen(
        file, ["네"], from_seconds=0, limit_seconds=3
    ) as listening:
        heard = await listening.heard
    assert heard.silent
    assert heard.text == ""
    assert listening.began.cancelled()


async def test_only_what_is_said_from_now_on_is_heard(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    append(file, korean.spoken("아니요"), korean.quiet(1))
    async with recogniser.listen(file, ["네", "아니요"]) as listening:
        await asyncio.sleep(0.3)
        append(file, korean.quiet(0.3), korean.spoken("네"), korean.quiet(2))
        heard = await listening.heard
    assert heard.text == "네"
    assert heard.began_seconds is not None
    assert heard.began_seconds > 1.3


async def test_many_are_heard_at_once_each_his_own(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    wanted = ["네", "아니요"] * 8
    files = [begun(tmp_path / f"{number}.wav") for number in range(len(wanted))]
    for file, said in zip(files, wanted, strict=True):
        append(file, korean.quiet(0.5), korean.spoken(said), korean.quiet(2))
    found = await asyncio.gather(
        *(recognised(recogniser, file, ["네", "아니요"]) for file in files)
    )
    assert [heard.text for heard in found] == wanted


async def recognised(recogniser: Recogniser, file: Path, phrases: list[str]) -> Heard:
    async with recogniser.listen(file, phrases, from_seconds=0) as listening:
        return await listening.heard


async def test_killed_recogniser_fails_its_question_and_is_replaced(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    append(file, korean.quiet(1))
    (first,) = recogniser.process_ids
    async with recogniser.listen(file, ["네"], from_seconds=0) as listening:
        os.kill(first, signal.SIGKILL)
        with pytest.raises(RecogniserDied):
            await listening.heard
        with pytest.raises(RecogniserDied):
            await listening.began
    await replaced(recogniser, first)
    append(file, korean.spoken("네"), korean.quiet(2))
    assert (await recognised(recogniser, file, ["네"])).text == "네"


async def test_recogniser_that_hangs_holds_no_question_and_is_replaced(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    (first,) = recogniser.process_ids
    os.kill(first, signal.SIGSTOP)
    more_than_a_pipe_holds = ["네"] * 100_000
    async with asyncio.timeout(60):
        listen = recogniser.listen(file, more_than_a_pipe_holds, from_seconds=0)
        async with listen as listening:
            with pytest.raises(RecogniserDied):
                await listening.heard
    await replaced(recogniser, first)
    append(file, korean.spoken("네"), korean.quiet(2))
    assert (await recognised(recogniser, file, ["네"])).text == "네"


async def test_recogniser_that_hangs_unasked_is_replaced(tmp_path: Path) -> None:
    file = begun(tmp_path / "citizen.wav")
    async with Recogniser(korean.model(), heartbeat_seconds=0.5) as recogniser:
        (first,) = recogniser.process_ids
        os.kill(first, signal.SIGSTOP)
        async with recogniser.listen(file, ["네"], from_seconds=0) as listening:
            with pytest.raises(RecogniserDied):
                await listening.heard
        await replaced(recogniser, first)


async def replaced(recogniser: Recogniser, first: int) -> None:
    async with asyncio.timeout(60):
        while recogniser.process_ids in ([], [first]):
            await asyncio.sleep(0.05)


async def test_question_that_comes_while_none_runs_fails_at_once(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    (first,) = recogniser.process_ids
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(60):
        while recogniser.process_ids:
            await asyncio.sleep(0.01)
    async with recogniser.listen(file, ["네"]) as listening:
        with pytest.raises(RecogniserDied):
            await listening.heard


async def test_listening_ends_with_the_block(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    async with recogniser.listen(file, ["네"]) as listening:
        pass
    assert listening.heard.cancelled()
    append(file, korean.spoken("네"), korean.quiet(2))
    assert (await recognised(recogniser, file, ["네"])).text == "네"


async def test_recording_that_is_not_there_is_a_typed_failure(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    async with recogniser.listen(tmp_path / "none.wav", ["네"]) as listening:
        with pytest.raises(RecognitionError, match=r"none\.wav"):
            await listening.heard


async def test_leg_that_is_gone_ends_the_question(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    file = begun(tmp_path / "citizen.wav")
    append(file, korean.quiet(0.3), korean.spoken("네"))
    assert (await recognised(recogniser, file, ["네"])).text == "네"


async def test_words_that_the_model_does_not_know_are_named(
    recogniser: Recogniser,
) -> None:
    missing = await recogniser.missing_words(["네", "네 하늘天", "만족 합니다"])
    assert missing == ("하늘天",)


async def test_unknown_words_of_a_grammar_are_logged_once(
    recogniser: Recogniser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = begun(tmp_path / "citizen.wav")
    append(file, korean.quiet(0.3), korean.spoken("네"), korean.quiet(1))
    for _ in range(2):
        heard = await recognised(recogniser, file, ["네", "하늘天"])
        assert heard.text == "네"
    told = [one for one in caplog.messages if "하늘天" in one]
    assert len(told) == 1


async def test_model_that_is_missing_is_told_with_advice(tmp_path: Path) -> None:
    with pytest.raises(RecognitionError, match=r"unpack it there, or set speech\."):
        async with Recogniser(tmp_path / "vosk-model-small-cn-0.22"):
            pass


async def test_folder_that_is_no_model_says_what_it_lacks(tmp_path: Path) -> None:
    inner = tmp_path / "model" / "vosk-model-small-cn-0.22"
    (inner / "am").mkdir(parents=True)
    (inner / "am" / "final.mdl").touch()
    with pytest.raises(RecognitionError, match="name that folder"):
        async with Recogniser(tmp_path / "model"):
            pass


async def test_broken_model_is_told(tmp_path: Path) -> None:
    for name in ("am/final.mdl", "graph/Gr.fst"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_bytes(b"no model")
    with pytest.raises(RecognitionError, match="cannot be loaded"):
        async with Recogniser(tmp_path):
            pass


async def test_stopping_twice_and_in_the_middle_leaves_no_process() -> None:
    recogniser = Recogniser(korean.model(), workers=2)
    async with recogniser:
        pids = recogniser.process_ids
    await recogniser.__aexit__(None, None, None)
    assert recogniser.process_ids == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_cancelled_start_leaves_no_process() -> None:
    recogniser = Recogniser(korean.model())
    start = asyncio.create_task(recogniser.__aenter__())
    await asyncio.sleep(0.2)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert recogniser.process_ids == []


@pytest.mark.parametrize("phrases", [(), ("满意", "不 满意")])
async def test_without_a_known_phrase_only_the_speech_is_heard(
    recogniser: Recogniser, tmp_path: Path, phrases: Sequence[str]
) -> None:
    file = tmp_path / "citizen.wav"
    said = np.concatenate([korean.quiet(1), korean.spoken("아니요"), korean.quiet(3)])
    audio.write_wav(file, said / 32768)
    async with recogniser.listen(file, phrases, from_seconds=0) as listening:
        heard = await listening.heard
    assert (heard.text, heard.silent) == ("", False)
    assert recogniser.process_ids, "it is alive"
