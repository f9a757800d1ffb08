"""What a citizen hears while he waits."""

import asyncio
from pathlib import Path

import pytest

from acd.messages import TellPosition
from acd.queue_rules import Overflow, OverflowWhen
from ivr_flows.prompts import Catalogue
from tests.fakes.telephony import answers_after, files_heard
from tests.story.hotline import MUSIC, open_hotline

pytestmark = pytest.mark.looptime

FLOW = """
steps:
  person:
    do: enqueue
    say: please_wait
    remind: [still_waiting]
    remind_every_seconds: 40
    then: end
    {more}
  end: {{do: hang_up, say: good_bye}}
"""
MESSAGE = """overflow: message
  message: {do: say, say: leave_message, then: end}"""


def flow(folder: Path, more: str = "") -> Path:
    """A flow whose queue has more words."""
    file = folder / "flow.yaml"
    file.write_text(FLOW.format(more=more))
    return file


async def test_default_flow_says_first_that_calls_are_recorded() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert files_heard(citizen) == ["greeting.wav"]
        assert "通话录音" in _text("greeting", "zh")
        assert "recorded" in _text("greeting", "en")
        citizen.peer_hangs_up()


def _text(key: str, language: str) -> str:
    return Catalogue().text(key, language) or ""  # type: ignore[arg-type]


async def test_reminders_come_by_the_clock_with_music_between(tmp_path: Path) -> None:
    async with open_hotline(
        "a", flow_file=flow(tmp_path), announce_position_seconds=0
    ) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(130)
        assert files_heard(citizen) == ["please_wait.wav", *["still_waiting.wav"] * 3]
        assert citizen.ear.music == MUSIC
        citizen.peer_hangs_up()


async def test_wait_is_told_only_when_the_engine_trusts_it() -> None:
    async with open_hotline("a", announce_position_seconds=0) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(12)
        for wait in (None, 150.0):
            hotline.distributor._mailboxes[citizen.id].put_nowait(
                TellPosition(call_id=citizen.id, position=3, wait_seconds=wait)
            )
            await asyncio.sleep(10)
        assert files_heard(citizen)[-3:] == [
            "position_3.wav",
            "position_3.wav",
            "wait_150.wav",
        ]
        citizen.peer_hangs_up()


async def test_nothing_is_announced_in_a_talk(tmp_path: Path) -> None:
    async with open_hotline("a", flow_file=flow(tmp_path)) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        heard = len(citizen.heard)
        await asyncio.sleep(200)
        assert len(citizen.heard) == heard
        citizen.peer_hangs_up()


async def test_overflow_goes_on_at_its_own_step(tmp_path: Path) -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=60)
    file = flow(tmp_path, MESSAGE)
    async with open_hotline("a", flow_file=file, overflow=(way,)) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(80)
        assert files_heard(citizen)[-2:] == ["leave_message.wav", "good_bye.wav"]


async def test_overflow_without_a_step_ends_in_words(tmp_path: Path) -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=60)
    async with open_hotline("a", flow_file=flow(tmp_path), overflow=(way,)) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(80)
        assert files_heard(citizen)[-1] == "overflow.wav"
        assert hotline.is_owed_a_call_back(citizen)


async def test_without_a_way_out_no_call_back_is_offered_or_promised() -> None:
    async with open_hotline("a", announce_position_seconds=0) as hotline:
        hotline.book.can_call = False
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        citizen.press("2")
        await asyncio.sleep(60)
        assert files_heard(citizen)[-2:] == ["still_waiting.wav", "leave_hint.wav"]
        assert not hotline.ledger.debts
        citizen.peer_hangs_up()


async def test_welcome_is_said_once_and_the_position_after_it() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(25)
        assert files_heard(citizen)[-2:] == ["welcome.wav", "position_1.wav"]
        await asyncio.sleep(25)
        assert files_heard(citizen).count("welcome.wav") == 1
        citizen.peer_hangs_up()


async def test_answer_of_an_agent_cuts_the_welcome() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = answers_after(0.2)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        citizen.press("1")
        await asyncio.sleep(1)
        assert citizen.hears_voice_of(hotline.phones_of("a")[0])
        assert citizen.playing is None
        citizen.peer_hangs_up()


async def test_who_leaves_the_shipped_flows_queue_is_told_and_owed_a_call_back() -> (
    None
):
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(30)
        citizen.press("*")
        await asyncio.sleep(15)
        assert files_heard(citizen)[-2:] == ["left_queue.wav", "goodbye.wav"]
        assert hotline.is_owed_a_call_back(citizen)
