"""Sentences as files: recorded wins, synthesis once, nothing half made is ever used."""

import asyncio
import logging
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.queue_settings import QueueSection
from config.settings import IvrSection, Settings, SpeechSection
from ivr_flows.language import Flow
from ivr_flows.prompts import PromptError, Prompts
from ivr_flows.prompts.music import write_tone
from ivr_flows.sentences import Sentence
from tests.fakes.speech import FakeSynthesiser


@asynccontextmanager
async def prompts_in(
    folder: Path, voice: FakeSynthesiser | None = None, *, own: Path | None = None
) -> AsyncIterator[Prompts]:
    settings = Settings(ivr=IvrSection(prompts_dir=own))
    async with Prompts(
        settings, folder / "cache", voice or FakeSynthesiser()
    ) as prompts:
        yield prompts


def a_recording(file: Path, *, rate: int = 8000, channels: int = 1) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(channels)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(bytes(2 * channels * rate))
    return file


async def test_key_is_spoken_in_the_voice_of_its_language(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice) as prompts:
        await prompts.files("goodbye")
        await prompts.files("goodbye", language="en")
    assert voice.spoken == [
        ("感谢您的来电，再见。", "sit/cmn-latn-pinyin"),
        ("Thank you for calling. Goodbye.", "gmw/en-us"),
    ]


async def test_reworded_text_is_made_before_it_is_said_and_the_files_count_again(
    tmp_path: Path,
) -> None:
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice) as prompts:
        before = await prompts.files("goodbye")
        await prompts.prepare_text("goodbye", "zh", "再会")
        assert await prompts.files("goodbye") == before
        prompts.catalogue.reword({"zh/goodbye": "再会", "zh/nothing": "无"})
        assert not prompts.catalogue.has("nothing", "zh")
        made = len(voice.spoken)
        assert await prompts.files("goodbye") != before
        assert len(voice.spoken) == made, "it was made already"
        prompts.catalogue.reword({})
        assert await prompts.files("goodbye") == before


async def test_reworded_positions_and_waits_are_all_made_before(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice) as prompts:
        texts = {"zh/queue_position": "前面{ahead}位", "zh/queue_wait": "等{minutes}分"}
        for place, text in texts.items():
            await prompts.prepare_text(place.removeprefix("zh/"), "zh", text)
        await prompts.prepare_text("call_back_confirm", "zh", "拨打{number}")
        prompts.catalogue.reword(texts)
        made = len(voice.spoken)
        for position in range(2, 22):
            await prompts.queue_position(position)
        for minutes in range(1, 31):
            await prompts.queue_wait(60 * minutes)
        assert len(voice.spoken) == made


async def test_key_that_korean_lacks_is_said_in_mandarin(tmp_path: Path) -> None:
    for language, text in (("zh", "泉城您好"), ("en", "Hello Jinan")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "texts.yaml").write_text(f"jinan: {text}\n", "utf-8")
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice, own=tmp_path) as prompts:
        await prompts.files("jinan", language="ko")
        await prompts.files("goodbye", language="ko")
    assert voice.spoken[0] == ("泉城您好", "sit/cmn-latn-pinyin")
    assert voice.spoken[1][1] == "ko"


async def test_voice_of_the_settings_speaks_their_language(tmp_path: Path) -> None:
    speech = SpeechSection(synthesis_voice="gmw/en", language="en")
    voice = FakeSynthesiser()
    async with Prompts(Settings(speech=speech), tmp_path, voice) as prompts:
        await prompts.files("goodbye")
        await prompts.files("goodbye", language="zh")
    assert [name for _, name in voice.spoken] == ["gmw/en", "sit/cmn-latn-pinyin"]


async def test_same_text_is_made_once_even_when_asked_for_at_once(
    tmp_path: Path,
) -> None:
    voice = FakeSynthesiser(seconds=0.01)
    async with prompts_in(tmp_path, voice) as prompts:
        made = await asyncio.gather(*(prompts.files("您好") for _ in range(10)))
        made.append(await prompts.files("您好"))
    assert len(voice.spoken) == 1
    assert all(files == made[0] for files in made)


async def test_cache_outlives_the_service(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    for _ in range(2):
        async with prompts_in(tmp_path, voice) as prompts:
            await prompts.files("您好")
    assert len(voice.spoken) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:500]),
        lambda file: file.write_bytes(b"no sound at all"),
        lambda file: file.unlink(),
    ],
)
async def test_cache_file_that_is_not_whole_is_made_again(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice) as prompts:
        (file,) = await prompts.files("您好")
    harm(file)
    async with prompts_in(tmp_path, voice) as prompts:
        assert await prompts.files("您好") == [file]
    assert len(voice.spoken) == 2
    assert file.stat().st_size == 44 + 2 * 1600


async def test_file_deleted_while_the_service_runs_is_made_again(
    tmp_path: Path,
) -> None:
    async with prompts_in(tmp_path) as prompts:
        (file,) = await prompts.files("您好")
        file.unlink()
        await prompts.files("您好")
        assert file.is_file()


async def test_leavings_of_a_killed_service_are_swept(tmp_path: Path) -> None:
    leavings = [tmp_path / "cache" / name for name in ("x.part", "passing/y.wav")]
    for file in leavings:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    async with prompts_in(tmp_path):
        assert not any(file.exists() for file in leavings)


async def test_caller_who_hangs_up_does_not_stop_the_sentence_for_others(
    tmp_path: Path,
) -> None:
    voice = FakeSynthesiser(seconds=0.05)
    async with prompts_in(tmp_path, voice) as prompts:
        gone = asyncio.create_task(prompts.files("您好"), name="gone")
        stays = asyncio.create_task(prompts.files("您好"), name="stays")
        await asyncio.sleep(0.01)
        gone.cancel()
        assert len(await stays) == 1
    assert len(voice.spoken) == 1


async def test_fault_of_a_sentence_that_nobody_awaits_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    voice = FakeSynthesiser(seconds=0.02)
    voice.fault = "no voice"
    with caplog.at_level(logging.INFO):
        async with prompts_in(tmp_path, voice) as prompts:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(prompts.files("您好"), 0.005)
            await asyncio.sleep(0.05)
    assert "a sentence could not be made: no voice" in caplog.text


async def test_leaving_ends_the_sentence_that_is_being_made(tmp_path: Path) -> None:
    async with prompts_in(tmp_path, FakeSynthesiser(seconds=3600)) as prompts:
        waiting = asyncio.create_task(prompts.files("您好"), name="waiting")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_missing_voice_is_told_with_what_to_do(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    voice.fault = "espeak-ng is not installed: apt install espeak-ng"
    async with prompts_in(tmp_path, voice) as prompts:
        with pytest.raises(PromptError, match="apt install espeak-ng"):
            await prompts.files("您好")
        assert await prompts.check() == [voice.fault]
        voice.fault = None
        assert await prompts.check() == []


async def test_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(PromptError, match="cache cannot be used"):
        async with prompts_in(tmp_path):
            pass


async def test_recording_of_the_city_wins(tmp_path: Path) -> None:
    own = a_recording(tmp_path / "own" / "zh" / "goodbye.wav")
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice, own=tmp_path / "own") as prompts:
        assert await prompts.files("goodbye") == [own]
        assert await prompts.files("goodbye", language="en") != [own]
    assert [text for text, _ in voice.spoken] == ["Thank you for calling. Goodbye."]


async def test_recording_for_a_value_wins_for_that_value(tmp_path: Path) -> None:
    own = a_recording(tmp_path / "own" / "zh" / "queue_position-3.wav")
    async with prompts_in(tmp_path, own=tmp_path / "own") as prompts:
        assert await prompts.queue_position(4) == [own]
        assert await prompts.queue_position(5) != [own]


@pytest.mark.parametrize(
    ("rate", "channels", "what"),
    [
        (22050, 1, "is 22050 Hz, 1 channel(s), 16 bit"),
        (8000, 2, "8000 Hz, 2 channel(s)"),
    ],
)
async def test_recording_of_the_wrong_form_is_named_and_replaced(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    rate: int,
    channels: int,
    what: str,
) -> None:
    file = tmp_path / "own" / "zh" / "goodbye.wav"
    own = a_recording(file, rate=rate, channels=channels)
    async with prompts_in(tmp_path, own=tmp_path / "own") as prompts:
        with caplog.at_level(logging.ERROR):
            for _ in range(2):
                assert await prompts.files("goodbye") != [own]
        (fault,) = await prompts.check()
    assert caplog.text.count("a recording is not used") == 1
    assert fault.startswith(f"{own}: ")
    assert what in fault
    assert f"ffmpeg -i {own} -ar 8000 -ac 1" in fault


async def test_mp3_in_disguise_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own" / "zh" / "goodbye.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"ID3\x04\x00" + bytes(500))
    async with prompts_in(tmp_path, own=tmp_path / "own") as prompts:
        assert await prompts.files("goodbye") != [own]
        assert "is no PCM WAV file" in (await prompts.check())[0]


async def test_music_of_a_queue_wins_when_it_is_fit(tmp_path: Path) -> None:
    fit = a_recording(tmp_path / "fit.wav")
    wrong = a_recording(tmp_path / "wrong.wav", rate=44100)
    queues = tuple(
        QueueSection(name=name, music=file) for name, file in (("a", fit), ("b", wrong))
    )
    async with Prompts(
        Settings(queues=queues), tmp_path / "cache", FakeSynthesiser()
    ) as prompts:
        assert await prompts.hold_music(fit) == fit
        assert await prompts.hold_music(wrong) == await prompts.hold_music()
        assert [str(wrong) in fault for fault in await prompts.check()] == [True]


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (1, "您是下一位，请稍候。"),
        (2, "您前面还有一位，请稍候。"),
        (3, "您前面还有两位，请稍候。"),
        (21, "您前面还有二十位，请稍候。"),
        (22, "当前来电较多，请您稍候。"),
    ],
)
async def test_position_in_the_queue_is_spoken_as_people_do(
    tmp_path: Path, position: int, text: str
) -> None:
    voice = FakeSynthesiser()
    async with prompts_in(tmp_path, voice) as prompts:
        await prompts.queue_position(position)
    assert voice.spoken[0][0] == text


async def test_prepared_prompts_need_no_voice_during_calls(tmp_path: Path) -> None:
    write_tone(tmp_path / "tone-1.wav")
    voice = FakeSynthesiser()
    flow = Flow.model_validate(
        {
            "steps": {
                "end": {"do": "hang_up", "say": ["goodbye", "特别的话", {"en": "Hi"}]}
            }
        }
    )
    async with prompts_in(tmp_path, voice) as prompts:
        await prompts.prepare(iter([flow]))
        made = len(voice.spoken)
        voice.fault = "asked in a call"
        for position in range(1, 30):
            await prompts.queue_position(position)
            await prompts.queue_position(position, language="en")
        for words in ("goodbye", "特别的话"):
            await prompts.speech([Sentence(words=words, language="zh")])
        await prompts.speech([Sentence(words="Hi", language="en")])
        await prompts.tone()
    assert len(voice.spoken) == made


async def test_what_a_caller_pressed_is_not_kept(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    number = Sentence(words="号码{code}", language="zh", values={"code": "0531110"})
    async with prompts_in(tmp_path, voice) as prompts:
        (file,) = await prompts.speech([number])
        assert file.is_file()
    assert voice.spoken[0][0] == "号码零五三幺幺幺零"
    assert not file.exists()


async def test_only_the_newest_passing_files_are_kept(tmp_path: Path) -> None:
    async with prompts_in(tmp_path) as prompts:
        made = [
            (await prompts.files("{code}", code=str(code)))[0] for code in range(103)
        ]
        assert sum(file.exists() for file in made) == 100
        assert made[-1].exists()


async def test_recording_named_by_a_play_step_is_never_spelled_out(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own"
    notice = a_recording(own / "zh" / "notice.wav")
    async with prompts_in(tmp_path, own=own) as prompts:
        assert await prompts.files("notice.wav") == [notice]
        with pytest.raises(PromptError, match=r"neither a text nor a good recording"):
            await prompts.files("other.wav")


async def test_unknown_key_is_a_fault_and_not_read_aloud(tmp_path: Path) -> None:
    async with prompts_in(tmp_path) as prompts:
        with pytest.raises(PromptError, match="'no_such_key'"):
            await prompts.files("no_such_key")


async def test_recording_under_a_mistyped_name_is_named(tmp_path: Path) -> None:
    own = a_recording(tmp_path / "own" / "zh" / "greting.wav")
    a_recording(tmp_path / "own" / "zh" / "notice.wav")
    a_recording(tmp_path / "own" / "zh" / "queue_position-3.wav")
    async with prompts_in(tmp_path, own=tmp_path / "own") as prompts:
        (hint,) = await prompts.check()
    assert hint == f"{own}: no sentence has this name; did you mean 'greeting.wav'?"


def test_prompts_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = Settings(ivr=IvrSection(prompts_dir=tmp_path / "promts"))
    with pytest.raises(PromptError, match=r"ivr\.prompts_dir: there is no directory"):
        Prompts(settings, tmp_path / "cache")
