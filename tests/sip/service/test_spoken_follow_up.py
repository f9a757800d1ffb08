"""Follow-up calls answered by voice, through the running service and a real recogniser.

The citizens speak Korean, for which there is a model; espeak-ng is their voice.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests import korean
from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    SILENT,
    answered_by,
    assert_recordings_prove,
    channels,
    hears,
    missed,
    until_so,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import noon_zone
from tests.sip.tones import Samples, level_of

pytestmark = pytest.mark.sip

NUMBER, OTHER = "13800000001", "13800000002"
GREETING, CONTACTED, SOLVED, SATISFIED = 400.0, 600.0, 800.0, 1000.0
CONTACTED_KEYS, SOLVED_KEYS, SATISFIED_KEYS, NO_AGENT = 700.0, 900.0, 1100.0, 1300.0
WHY, OFFER, GOODBYE, OPTED_OUT, CONFIRM = 1700.0, 1900.0, 2100.0, 2300.0, 2500.0
LONG = 90.0
"""Who is heard to answer such a question has stopped it."""
SENTENCES = {
    "follow_up_greeting": (GREETING, 2.0),
    "follow_up_contacted_spoken": (CONTACTED, 2.0),
    "follow_up_solved_spoken": (SOLVED, LONG),
    "follow_up_satisfied_spoken": (SATISFIED, LONG),
    "follow_up_contacted": (CONTACTED_KEYS, 4.0),
    "follow_up_solved": (SOLVED_KEYS, 4.0),
    "follow_up_satisfied": (SATISFIED_KEYS, 4.0),
    "follow_up_why": (WHY, 3.0),
    "follow_up_offer_spoken": (OFFER, LONG),
    "follow_up_goodbye": (GOODBYE, 2.0),
    "follow_up_no_agent": (NO_AGENT, 3.0),
    "follow_up_opted_out": (OPTED_OUT, 8.0),
    "follow_up_confirm_opt_out": (CONFIRM, LONG),
}
QUIET = "follow_up_again", "survey_thanks", "welcome"


def record_prompts(folder: Path) -> None:
    """Each sentence is a tone of its own, by which a citizen knows it."""
    (folder / "ko").mkdir(parents=True)
    sounds = {**SENTENCES, **dict.fromkeys(QUIET, (1500.0, 0.3))}
    for name, (hz, seconds) in sounds.items():
        time = np.arange(round(8000 * seconds)) / 8000
        tone: Samples = (9000 * np.sin(2 * np.pi * hz * time)).astype(np.int16)
        soundfile.write(folder / "ko" / f"{name}.wav", tone, 8000)


def settings(outside: Phone, prompts: Path) -> dict[str, str]:
    """A trunk whose every number is this phone, and a model for Korean."""
    host, _, port = outside.uri.rpartition("@")[2].partition(":")
    return {
        "hotline": f'drain_seconds = 5\ntimezone = "{noon_zone()}"',
        "extra": (
            f'[ivr]\nprompts_dir = "{prompts}"\n'
            f'[speech]\nrecognition_models = {{ko = "{korean.model()}"}}\n'
            "recognition_workers = 1\n"
            '[outbound]\nlines = 1\nwindows = ["08:00-21:00"]\n'
            "workdays_only = false\n"
            f'[[trunks]]\nname = "telecom"\nhost = "{host}"\nport = {port}\n'
            'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
        ),
    }


class Scene:
    """A hotline that calls one Korean citizen, who sits at `call`."""

    def __init__(
        self, hotline: HotlineProcess, call: PhoneCall, outside: Phone
    ) -> None:
        self.hotline, self.call, self.outside = hotline, call, outside

    async def says(self, text: str, *, after: float, then: float = 0) -> None:
        """He hears a question for a while, and speaks over its rest.

        Asked the same again instead of what comes `then`, he says it again.
        """
        await hears(self.call, after)
        while True:
            await asyncio.sleep(0.4)
            self.call.voice.say(korean.spoken(text))
            await asyncio.sleep(1.5)
            if not then or await hears_either(self.call, then, after) == then:
                return

    async def presses(self, key: str, *, after: float) -> None:
        """He hears a question and presses a key."""
        await hears(self.call, after)
        self.call.voice.press(key)

    async def ended(self) -> str:
        """How the try ended."""

        async def is_over() -> bool:
            return bool(
                self.hotline.rows("SELECT outcome FROM follow_up_attempts")[0][
                    "outcome"
                ]
            )

        await until_so(is_over)
        outcome: str = self.hotline.rows("SELECT * FROM follow_up_attempts")[0][
            "outcome"
        ]
        return outcome

    async def record(self) -> dict[str, Any]:
        """The call in the records, once it has ended there."""

        async def is_over() -> bool:
            return bool(self.hotline.rows("SELECT * FROM calls")[0]["outcome"])

        await until_so(is_over)
        call: dict[str, Any] = self.hotline.rows("SELECT * FROM calls")[0]
        return call

    async def is_transcribed(self) -> None:
        """His own words are read, from the recording, after the call."""
        query = "SELECT * FROM follow_up_answers WHERE question = 'why'"

        async def is_read() -> bool:
            return bool(self.hotline.rows(query)[0]["transcription"] == "done")

        await until_so(is_read)
        assert self.hotline.rows(query)[0]["transcript"]

    def answers(self) -> list[tuple[Any, ...]]:
        """Question, answer, how given, and in which words."""
        rows = self.hotline.rows("SELECT * FROM follow_up_answers ORDER BY at")
        return [
            (row["question"], row["answer"], row["given_by"], row["transcript"])
            for row in rows
        ]


async def call_by(hotline: HotlineProcess, campaign: str, *numbers: str) -> None:
    """A campaign with these numbers begins."""
    file = hotline.folder / f"{campaign}.csv"
    lines = (f"A-{n},{each},2026-01-01T09:00,ko" for n, each in enumerate(numbers))
    file.write_text("\n".join(["order_id,number,closed_at,language", *lines]), "utf-8")
    for words in (("import", campaign, str(file)), ("start", campaign)):
        status, told = await hotline.command("campaigns", *words)
        assert status == 0, told


@pytest.fixture
async def scene_with(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> Any:
    """Starts the hotline with these agents and answers its call to the citizen."""

    async def begin(*agents: dict[str, Any]) -> Scene:
        record_prompts(tmp_path / "own-prompts")
        outside = await phone("127.0.0.5")
        hotline = await start_hotline(
            *agents, **settings(outside, tmp_path / "own-prompts")
        )
        outside.server = ("127.0.0.1", hotline.sip_port)
        await call_by(hotline, "november", NUMBER)
        call = await outside.expect_call()
        call.ring()
        call.answer()
        return Scene(hotline, call, outside)

    return begin


async def test_spoken_answers_stop_the_questions_and_are_kept_with_their_words(
    scene_with: Any,
) -> None:
    scene = await scene_with()
    await scene.says("네", after=CONTACTED, then=SOLVED)
    await scene.says("아니요", after=SOLVED, then=SATISFIED)
    await scene.says("매우 만족 합니다", after=SATISFIED, then=WHY)
    await scene.says("안녕하세요 감사합니다", after=WHY)
    await scene.says("아니요", after=OFFER, then=GOODBYE)
    assert await scene.ended() == "completed"
    *spoken, why = scene.answers()
    assert spoken == [
        ("contacted", "yes", "voice", "네"),
        ("solved", "no", "voice", "아니요"),
        ("satisfied", "very_satisfied", "voice", "매우 만족 합니다"),
    ]
    assert why[:3] == ("why", "recorded", "voice")
    await scene.is_transcribed()
    await assert_recordings_prove(scene.hotline)
    (recording,) = scene.hotline.rows("SELECT * FROM recordings")
    kept = scene.hotline.rows("SELECT * FROM follow_up_answers ORDER BY at")
    for row in kept[:3]:
        assert 0.6 <= row["confidence"] <= 1
        end = row["clip_start_seconds"] + row["clip_seconds"]
        assert 0 < row["clip_start_seconds"] < end <= recording["seconds"] + 0.5


async def test_silent_citizen_is_asked_again_and_then_answers_by_key(
    scene_with: Any,
) -> None:
    scene = await scene_with()
    await scene.presses("1", after=CONTACTED_KEYS)
    await scene.says("네", after=SOLVED, then=SATISFIED)
    await scene.presses("2", after=SATISFIED)
    assert await scene.ended() == "completed"
    assert scene.answers() == [
        ("contacted", "yes", "key", ""),
        ("solved", "yes", "voice", "네"),
        ("satisfied", "satisfied", "key", ""),
    ]


async def test_recogniser_that_is_killed_leaves_its_question_to_the_keys(
    scene_with: Any,
) -> None:
    scene = await scene_with()
    await hears(scene.call, CONTACTED)
    for pid in recognisers_of(scene.hotline):
        os.kill(pid, signal.SIGKILL)
    await scene.presses("1", after=CONTACTED_KEYS)
    await hears_either(scene.call, SOLVED, SOLVED_KEYS)  # it is replaced meanwhile
    scene.call.voice.press("1")
    await hears_either(scene.call, SATISFIED, SATISFIED_KEYS)
    scene.call.voice.press("1")
    assert await scene.ended() == "completed"
    assert [answer[:3] for answer in scene.answers()] == [
        ("contacted", "yes", "key"),
        ("solved", "yes", "key"),
        ("satisfied", "very_satisfied", "key"),
    ]


async def hears_either(call: PhoneCall, *tones: float) -> float:
    """Wait until one of the tones is heard; which one."""
    async with asyncio.timeout(60):
        while True:
            heard = await call.voice.listen(0.5)
            for hz in tones:
                if level_of(heard, hz) >= AUDIBLE:
                    return hz


def recognisers_of(hotline: HotlineProcess) -> list[int]:
    """The processes of this service that recognise."""
    assert hotline.program
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_worker = b"vosk_worker" in (folder / "cmdline").read_bytes()
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if is_worker and int(parent) == hotline.program.pid:
                found.append(int(folder.name))
    assert found
    return found


async def test_who_asks_for_a_person_speaks_with_an_agent(
    scene_with: Any, phone: OpenPhone
) -> None:
    seat = await phone("127.0.0.3", hz=AGENT_HZ)
    scene = await scene_with(agent(seat))
    await scene.says("네", after=CONTACTED, then=SOLVED)
    await scene.says("상담원", after=SOLVED)
    talk = await answered_by(seat, scene.hotline)
    scene.call.voice.hz = CITIZEN_HZ
    await hears(scene.call, AGENT_HZ)
    await hears(talk, CITIZEN_HZ)
    talk.hang_up()
    assert await scene.ended() == "partial"
    assert [answer[:3] for answer in scene.answers()] == [
        ("contacted", "yes", "voice"),
        ("solved", "person", "voice"),
    ]
    call = await scene.record()
    told = call["direction"], call["outcome"], call["queue"], call["agent_id"]
    assert told == ("out", "answered", "general", "1001")
    assert await missed(scene.hotline) == []
    await assert_recordings_prove(scene.hotline)
    citizen, seat_side = await channels(scene.hotline, call["id"])
    assert level_of(citizen, CITIZEN_HZ) > SILENT
    assert level_of(seat_side, AGENT_HZ) > SILENT


async def test_who_asks_for_a_person_and_meets_none_is_told_and_on_the_ledger(
    scene_with: Any,
) -> None:
    scene = await scene_with()
    await scene.says("네", after=CONTACTED, then=SOLVED)
    await scene.says("상담원", after=SOLVED, then=NO_AGENT)
    assert await scene.ended() == "partial"
    call = await scene.record()
    assert (call["direction"], call["outcome"]) == ("out", "declined")
    (owed,) = await missed(scene.hotline)
    assert owed["call_id"] == call["id"]


async def by_key(scene: Scene) -> None:
    """He answers, and presses nine at the next question."""
    await scene.says("네", after=CONTACTED, then=SOLVED)
    await scene.presses("9", after=SOLVED)


async def by_voice(scene: Scene) -> None:
    """He says it first of all, and yes when he is asked whether he means it."""
    await scene.says("연락 하지 마세요", after=CONTACTED, then=CONFIRM)
    await scene.says("네", after=CONFIRM, then=OPTED_OUT)


@pytest.mark.parametrize("wish", [by_key, by_voice])
async def test_who_wants_no_more_calls_is_told_so_and_never_called_again(
    scene_with: Any, wish: Callable[[Scene], Awaitable[None]]
) -> None:
    scene = await scene_with()
    await wish(scene)
    await hears(scene.call, OPTED_OUT)
    await scene.call.got_request("BYE")
    assert await scene.ended() == "opted_out"
    *_, (*answer, words) = scene.answers()
    if wish is by_key:
        assert (answer, words) == (["solved", "opted_out", "key"], "")
    else:
        assert answer == ["contacted", "opted_out", "voice"]
        assert "마세요" in words
        assert words.endswith(", 네")
    status, listed = await scene.hotline.command(
        "campaigns", "do-not-call", "list", "--full"
    )
    assert (status, NUMBER in listed) == (0, True), listed
    await call_by(scene.hotline, "december", NUMBER, OTHER)
    other = await scene.outside.expect_call()
    assert OTHER in other.received[0].get("to")
    other.refuse(486)
    found = "SELECT campaign, number, state, tries FROM contacts ORDER BY id"

    async def is_over() -> bool:
        return "dialling" not in {row["state"] for row in scene.hotline.rows(found)}

    await until_so(is_over)
    assert [tuple(row.values()) for row in scene.hotline.rows(found)] == [
        ("november", f"+86{NUMBER}", "opted_out", 1),
        ("december", f"+86{NUMBER}", "barred", 0),
        ("december", f"+86{OTHER}", "waiting", 1),
    ]
    assert len(scene.outside.calls) == 2
