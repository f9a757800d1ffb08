"""Who answers a follow-up call, told by what is on the line: voices of espeak-ng, tones.

The voices are synthetic; the calls, their early media and their ends are real SIP.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.answering import sounds
from benchmarks.answering.script import SCRIPTS
from benchmarks.answering.speaking import spoken
from telephony.speech.audio import Samples as Sound
from tests.sip.phone import PhoneCall
from tests.sip.service.acts import hears, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import (
    QUESTIONS,
    answer_all,
    import_orders,
    many_lines,
    outcomes,
    record_prompts,
    settings,
    start_campaign,
)
from tests.sip.tones import Samples

pytestmark = [
    pytest.mark.sip,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng"),
]

VOICEMAIL, ANNOUNCED, ANNOUNCED_ON, SILENT, BUSY, AFTER_MUSIC = (
    f"1380000000{n}" for n in range(1, 7)
)
SCRIPT = SCRIPTS["tuning"]
ANNOUNCEMENT_SECONDS = 3


def said(*parts: Sound) -> Samples:
    """Sounds as a phone says them."""
    return (np.concatenate(parts) * 32767).astype(np.int16)


def voice(sentence: str) -> Sound:
    """A sentence by the first voice."""
    return spoken(sentence, SCRIPT.voices[0])


def announcement() -> Samples:
    """The network says twice why it cannot be."""
    told = voice(SCRIPT.announcements[0])
    return said(sounds.silence(0.4), told, sounds.silence(0.7), told)


async def voicemail(call: PhoneCall) -> None:
    """A greeting and a beep, after some rings."""
    call.ring()
    call.answer()
    greeting = voice(SCRIPT.voicemail[0])
    beep = sounds.beep(1000, 0.4)
    call.voice.say(said(sounds.silence(0.5), greeting, sounds.silence(0.4), beep))


async def announced(call: PhoneCall) -> None:
    """Early media, and the network gives up."""
    call.progress()
    call.voice.say(announcement()[: 8000 * ANNOUNCEMENT_SECONDS])
    await asyncio.sleep(ANNOUNCEMENT_SECONDS)
    call.refuse(480)


async def announced_on(call: PhoneCall) -> None:
    """Early media that goes on until we give up."""
    call.progress()
    call.voice.say(np.tile(announcement(), 4))
    await call.got_request("CANCEL")


async def silent(call: PhoneCall) -> None:
    """Somebody, or something, that says nothing and hangs up some time after it is asked."""
    call.ring()
    call.answer()
    await hears(call, QUESTIONS[0])
    await asyncio.sleep(5)
    call.hang_up()


async def busy(call: PhoneCall) -> None:
    """His line is engaged, as the network says, too."""
    call.progress()
    call.voice.say(announcement()[: 8000 * 2])
    await asyncio.sleep(2)
    call.refuse(486)


async def after_music(call: PhoneCall) -> None:
    """A melody until he answers; he says 喂, listens, and presses."""
    call.progress()
    call.voice.say(said(sounds.music(4, np.random.default_rng(1))))
    await asyncio.sleep(4)
    call.voice.say(said(sounds.silence(0.6), voice(SCRIPT.short[0])))
    await answer_all(call, "112")


CITIZENS: dict[str, Callable[[PhoneCall], Awaitable[None]]] = {
    VOICEMAIL: voicemail,
    ANNOUNCED: announced,
    ANNOUNCED_ON: announced_on,
    SILENT: silent,
    BUSY: busy,
    AFTER_MUSIC: after_music,
}


async def behave(call: PhoneCall) -> None:
    """As whoever was called does."""
    to = call.received[0].get("to")
    await next(acts for number, acts in CITIZENS.items() if number in to)(call)


async def verdicts(hotline: HotlineProcess) -> dict[str, str | None]:
    """Who answered, by number."""
    rows = hotline.rows("SELECT number, answered_by FROM follow_up_attempts")
    return {row["number"][3:]: row["answered_by"] for row in rows}


async def test_each_is_told_apart_by_what_is_on_the_line(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    outside = await many_lines(phone)
    outside.hz = 0
    how = settings(outside, tmp_path / "own-prompts", len(CITIZENS))
    limit = f"[outbound]\nannouncement_seconds = {ANNOUNCEMENT_SECONDS}\n"
    how["extra"] = how["extra"].replace("[outbound]\n", limit)
    hotline = await start_hotline(**how)
    outside.server = ("127.0.0.1", hotline.sip_port)
    await import_orders(hotline, *CITIZENS)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start_campaign(hotline))
        for _ in CITIZENS:
            tasks.create_task(behave(await outside.expect_call()))

    async def all_ended() -> bool:
        found = await outcomes(hotline)
        return len(found) == len(CITIZENS) and all(found.values())

    await until_so(all_ended)
    assert await outcomes(hotline) == {
        VOICEMAIL: "machine",
        ANNOUNCED: "network_announcement",
        ANNOUNCED_ON: "network_announcement",
        SILENT: "silent",
        BUSY: "busy",
        AFTER_MUSIC: "completed",
    }
    found = await verdicts(hotline)
    assert found.pop(BUSY) in (None, "network_announcement")
    assert found == {
        VOICEMAIL: "machine",
        ANNOUNCED: "network_announcement",
        ANNOUNCED_ON: "network_announcement",
        SILENT: "no_speech",
        AFTER_MUSIC: "human",
    }
    await _assert_told_everywhere(hotline)


async def _assert_told_everywhere(hotline: HotlineProcess) -> None:
    status, words = await hotline.command("campaigns", "show", "november", "--full")
    assert status == 0, words
    assert "machine at" in words
    page = await hotline.get("/api/v1/campaigns/november/contacts")
    by_outcome = {
        tried["outcome"]: tried["verdict"]
        for contact in page["items"]
        for tried in contact["attempts"]
    }
    machine = by_outcome["machine"]
    assert (machine["answered_by"], machine["at_seconds"] > 1) == ("machine", True)
    assert machine["reason"]
    sample = 'hotline_follow_ups_answered_by_total{answered_by="machine"}'
    assert await hotline.metric(sample) == 1
    assert list((hotline.data / "overheard").iterdir()) == []
