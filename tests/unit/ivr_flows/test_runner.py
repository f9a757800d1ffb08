"""A flow on a fake leg, in virtual time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from config.clock import LoopClock
from config.settings import Settings
from ivr_flows.actions import (
    EnterQueue,
    HangUp,
    QueueLeft,
    QueueOutcome,
    Request,
    Transfer,
    TransferEnded,
)
from ivr_flows.prompts import Prompts
from ivr_flows.prompts.music import write_tone
from ivr_flows.runner import FlowRun, StepTaken
from ivr_flows.sentences import Sentence
from telephony.calls import LegGone, while_alive
from telephony.events import EndCause
from tests.fakes.leg import FakeLeg
from tests.fakes.speech import FakeSynthesiser
from tests.unit.ivr_flows.flows import flow_of

pytestmark = pytest.mark.looptime

END = "\n  end: {do: hang_up}\n"
TALKED = QueueLeft(outcome=QueueOutcome.TALKED)
GREETING = """\
  menu: {do: menu, say: 您好您好您好您好您好, keys: {1: person}, timeout_seconds: 2, tries: 1}
  person: {do: enqueue, queue: general}
"""


class Studio:
    """A leg, prompts with a fake voice, and what the runs of a test told."""

    def __init__(self, folder: Path, prompts: Prompts, voice: FakeSynthesiser) -> None:
        self.folder, self.prompts, self.voice = folder, prompts, voice
        self.leg = FakeLeg(None)
        self.steps: list[StepTaken] = []

    def run(self, steps: str) -> FlowRun:
        return FlowRun(
            flow_of(self.folder, f"steps:\n{steps}{END}"),
            self.leg,
            self.prompts,
            clock=LoopClock(),
            on_step=self.steps.append,
            messages_dir=self.folder / "messages",
        )

    def press(self, digits: str, *, after_seconds: float) -> None:
        asyncio.get_running_loop().call_later(after_seconds, self.leg.press, digits)

    @property
    def told(self) -> list[tuple[str, str, float]]:
        return [(s.step, s.result, round(s.seconds, 2)) for s in self.steps]


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    voice = FakeSynthesiser()
    folder = tmp_path / "prompts"
    folder.mkdir()
    write_tone(folder / "tone-1.wav")
    async with Prompts(Settings(), folder, voice) as prompts:
        studio = Studio(tmp_path, prompts, voice)
        await studio.leg.answer()
        yield studio


async def test_silent_caller_comes_to_the_queue_after_greeting_and_pause(
    studio: Studio,
) -> None:
    request = await studio.run(GREETING).next_request()
    assert isinstance(request, EnterQueue)
    assert studio.told == [("menu", "timeout", 3.0), ("person", "requested", 0.0)]


async def test_key_during_the_greeting_leads_on_at_once(studio: Studio) -> None:
    studio.press("1", after_seconds=0.3)
    await studio.run(GREETING).next_request()
    assert studio.told == [("menu", "key", 0.3), ("person", "requested", 0.0)]


async def test_key_pressed_before_the_greeting_spares_it(studio: Studio) -> None:
    studio.leg.press("1")
    await studio.run(GREETING).next_request()
    assert studio.leg.heard == []
    assert studio.told[0] == ("menu", "key", 0.0)


async def test_steps_tell_when_they_began(studio: Studio) -> None:
    await studio.run(GREETING).next_request()
    first, second = studio.steps
    assert first.started_at.utcoffset() is not None
    assert (second.started_at - first.started_at).total_seconds() == pytest.approx(3)
    assert (first.kind, second.kind) == ("menu", "enqueue")


async def test_flow_goes_on_after_the_talk_and_keeps_the_answer(studio: Studio) -> None:
    run = studio.run(
        "  person: {do: enqueue, queue: general}\n"
        "  opinion: {do: survey, say: 好吗, answers: {1: good, 2: bad}}"
    )
    await run.next_request()
    await asyncio.sleep(120)
    studio.press("2", after_seconds=1)
    assert await run.resume(TALKED) == HangUp()
    assert run.answers == {"opinion": "bad"}
    assert studio.told == [
        ("person", "requested", 0.0),
        ("opinion", "bad", 1.0),
        ("end", "requested", 0.0),
    ]


async def test_keys_pressed_during_the_talk_are_no_answer(studio: Studio) -> None:
    run = studio.run(
        "  person: {do: enqueue, queue: general}\n"
        "  opinion: {do: survey, answers: {1: good, 2: bad}, timeout_seconds: 3}"
    )
    await run.next_request()
    studio.leg.press("1")
    await run.resume(TALKED)
    assert run.answers == {}
    assert studio.told[1] == ("opinion", "timeout", 3.0)


async def test_digits_are_collected_up_to_the_end_key(studio: Studio) -> None:
    run = studio.run(
        "  ask: {do: collect, into: code, between_seconds: 2}\n"
        "  call: {do: say, say: '号码{code}'}"
    )
    studio.press("0531#9", after_seconds=1)
    await run.next_request()
    assert studio.voice.spoken == [("号码零五三幺", "sit/cmn-latn-pinyin")]
    assert studio.told[0] == ("ask", "key", 1.0)


async def test_pause_ends_the_digits_too(studio: Studio) -> None:
    run = studio.run("  ask: {do: collect, into: code, between_seconds: 2}")
    studio.press("12", after_seconds=1)
    await run.next_request()
    assert studio.told[0] == ("ask", "key", 3.0)


async def test_end_key_alone_is_invalid_and_no_silence(studio: Studio) -> None:
    run = studio.run("  ask: {do: collect, into: code, tries: 1}")
    studio.leg.press("#")
    await run.next_request()
    assert studio.told[0] == ("ask", "invalid", 0.0)


async def test_wrong_keys_in_a_row_count_as_one_wrong_try(studio: Studio) -> None:
    run = studio.run(
        "  menu: {do: menu, say: 您好, keys: {1: end}, tries: 2, invalid: end}"
    )
    studio.press("77777", after_seconds=0.1)
    studio.press("1", after_seconds=1.0)
    await run.next_request()
    assert studio.told[0] == ("menu", "key", 1.0)


async def test_message_is_recorded_from_the_tone_to_the_key(studio: Studio) -> None:
    run = studio.run("  ask: {do: record_message, say: 请留言}")
    studio.press("5#", after_seconds=10)
    assert await run.next_request() == HangUp()
    (message,) = run.messages
    assert message.step == "ask"
    assert message.file is not None
    assert message.file.parent == studio.folder / "messages"
    assert message.file.stat().st_size == 44 + round(message.seconds * 16000)
    assert message.seconds == pytest.approx(10 - 0.3 - 0.4, abs=0.01)


async def test_message_ends_by_itself_when_it_is_long(studio: Studio) -> None:
    run = studio.run("  ask: {do: record_message, max_seconds: 30}")
    await run.next_request()
    assert run.messages[0].seconds == pytest.approx(30)
    assert studio.told[0] == ("ask", "recorded", 30.4)


async def test_message_in_a_recorded_call_is_its_span(studio: Studio) -> None:
    await studio.leg.start_recording(studio.folder / "call.wav")
    run = studio.run("  ask: {do: record_message, max_seconds: 30}")
    await run.next_request()
    (message,) = run.messages
    assert (message.file, message.seconds) == (None, pytest.approx(30))
    await studio.leg.stop_recording()
    assert (studio.folder / "call.wav").stat().st_size > 30 * 16000


async def test_message_of_a_caller_who_hangs_up_is_kept(studio: Studio) -> None:
    run = studio.run("  ask: {do: record_message}")
    asyncio.get_running_loop().call_later(5.4, studio.leg.peer_hangs_up)
    with pytest.raises(LegGone):
        await run.next_request()
    (message,) = run.messages
    assert message.seconds == pytest.approx(5)
    assert studio.told == [("ask", "unfinished", 5.4)]


async def test_caller_who_hangs_up_in_the_greeting_ends_the_run(studio: Studio) -> None:
    asyncio.get_running_loop().call_later(0.4, studio.leg.peer_hangs_up)
    with pytest.raises(LegGone) as gone:
        await studio.run(GREETING).next_request()
    assert gone.value.ended.cause is EndCause.PEER_HUNG_UP
    assert studio.told == [("menu", "unfinished", 0.4)]


async def test_run_cancelled_by_the_end_of_the_call_tells_its_step(
    studio: Studio,
) -> None:
    asyncio.get_running_loop().call_later(0.4, studio.leg.peer_hangs_up)
    with pytest.raises(LegGone):
        async with while_alive(studio.leg):
            await studio.run(GREETING).next_request()
    assert studio.told == [("menu", "unfinished", 0.4)]


async def test_sentence_that_cannot_be_made_is_left_out(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.voice.fault = "espeak-ng is not installed: apt install espeak-ng"
    with caplog.at_level(logging.WARNING):
        request = await studio.run(GREETING).next_request()
    assert isinstance(request, EnterQueue)
    assert studio.told[0] == ("menu", "timeout", 2.0)
    assert "a sentence is left out: espeak-ng is not installed" in caplog.text


class LostFiles(Prompts):
    """Prompts whose files vanish before they are played."""

    async def speech(self, sentences: Iterable[Sentence]) -> list[Path]:
        return [Path("/nowhere/gone.wav")]


async def test_prompt_file_that_has_vanished_does_not_end_the_call(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.prompts = LostFiles(Settings(), studio.folder, studio.voice)
    with caplog.at_level(logging.WARNING):
        request = await studio.run(GREETING).next_request()
    assert isinstance(request, EnterQueue)
    assert "a file is not played" in caplog.text


async def test_log_holds_no_digit_that_a_caller_pressed(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.voice.fault = "no voice"
    run = studio.run(
        "  ask: {do: collect, say: 号码, into: code}\n  call: {do: say, say: '{code}'}"
    )
    studio.press("13800138000#", after_seconds=1)
    with caplog.at_level(logging.DEBUG):
        await run.next_request()
    assert caplog.text
    assert "13800138" not in caplog.text
    assert "13800138" not in str(studio.steps)


async def test_transfer_is_asked_of_the_caller_of_the_run(studio: Studio) -> None:
    run = studio.run(
        "  a: {do: transfer, target: 'sip:110@127.0.0.3', failed: b, then: end}\n  b: {do: say, say: 忙}"
    )
    requests: list[Request] = [await run.next_request()]
    requests.append(await run.resume(TransferEnded(connected=False)))
    assert requests == [Transfer(target="sip:110@127.0.0.3"), HangUp()]
    assert [step.step for step in studio.steps] == ["a", "b", "end"]
    assert run.language == "zh"
