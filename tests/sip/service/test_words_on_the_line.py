"""Who answers, told by words: a Korean network and a Korean voicemail over real SIP.

By sound alone this voicemail, which pauses after three seconds, is a person.
The voices are espeak-ng's; a real recogniser reads what the running service overhears.
"""

import asyncio
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.answering import sounds
from benchmarks.answering.script import KOREAN
from benchmarks.answering.speaking import Voice, spoken
from tests import korean
from tests.sip.phone import PhoneCall
from tests.sip.service.acts import until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import (
    many_lines,
    record_prompts,
    settings,
    start_campaign,
)
from tests.sip.tones import Samples

# A load run: on a starved machine the words come after sound has decided, as they may. That
# they decide when they are there is proved without SIP, where the file waits for its reader.
pytestmark = [
    pytest.mark.soak,
    pytest.mark.sip,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng"),
]

ANNOUNCED, VOICEMAIL = "13800000001", "13800000002"
VOICE = Voice(name=f"{KOREAN}+f2", speed=150)
NO_SUCH_NUMBER = "지금 거신 번호는 없는 번호입니다"
LEAVE_A_MESSAGE = "삐 소리가 나면 메시지를 남겨 주세요"


def said(sentence: str) -> Samples:
    """Three times, with pauses."""
    once = spoken(sentence, VOICE)
    parts = [sounds.silence(0.4), *[once, sounds.silence(0.7)] * 3]
    return (np.concatenate(parts) * 32767).astype(np.int16)


async def behave(call: PhoneCall) -> None:
    """The network speaks before any answer; the voicemail answers, and has no beep."""
    announced = ANNOUNCED in call.received[0].get("to")
    if announced:
        call.progress()
    else:
        call.ring()
        call.answer()
    call.voice.say(said(NO_SUCH_NUMBER if announced else LEAVE_A_MESSAGE))
    await call.got_request("CANCEL" if announced else "BYE", 60)


async def test_network_and_voicemail_are_told_by_their_words(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    outside = await many_lines(phone)
    outside.hz = 0
    how = settings(outside, tmp_path / "own-prompts", 2)
    how["extra"] = how["extra"].replace(
        "[outbound]\n", "[outbound]\nannouncement_seconds = 8\n"
    )
    how["extra"] += (
        f'[speech]\nrecognition_models = {{ko = "{korean.model()}"}}\n'
        "recognition_workers = 1\n"
    )
    hotline = await start_hotline(**how)
    outside.server = ("127.0.0.1", hotline.sip_port)
    await _import_koreans(hotline, tmp_path / "orders.csv")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start_campaign(hotline))
        for _ in range(2):
            tasks.create_task(behave(await outside.expect_call()))

    async def all_ended() -> bool:
        return len(ends(hotline)) == 2 and all(one[0] for one in ends(hotline).values())

    await until_so(all_ended)
    found = ends(hotline)
    assert found[ANNOUNCED][0] == "network_announcement"
    assert found[VOICEMAIL][0] == "machine"
    assert "거신 번호는" in found[ANNOUNCED][1]
    assert "소리가 나 면" in found[VOICEMAIL][1]
    assert all(reason.startswith("words: ") for _, reason in found.values())


def ends(hotline: HotlineProcess) -> dict[str, tuple[str, str]]:
    """How each try ended, and why it was thought so."""
    return {
        row["number"][3:]: (row["outcome"], row["detected_reason"])
        for row in hotline.rows("SELECT * FROM follow_up_attempts")
    }


async def _import_koreans(hotline: HotlineProcess, file: Path) -> None:
    rows = [f"A-{n},{n},2026-01-01T09:00,ko" for n in (int(ANNOUNCED), int(VOICEMAIL))]
    head = "order_id,number,closed_at,language"
    file.write_text("\n".join([head, *rows]), "utf-8")
    status, told = await hotline.command("campaigns", "import", "november", str(file))
    assert status == 0, told
