"""A recall of six people through the running service; one of them answers by voice.

The hotline speaks Korean, for which there is a recogniser's model; espeak-ng is the voice.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests import korean
from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import assert_recordings_prove, hears, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_spoken_follow_up import hears_either
from tests.sip.tones import Samples
from tests.sip.voice import Voice

pytestmark = pytest.mark.sip

PRESSES, SAYS_YES, DECLINES, BUSY, NEVER_ANSWERS, LATE = (
    f"1390000000{n}" for n in range(1, 7)
)
STAFF = {
    "p1": PRESSES,
    "p2": SAYS_YES,
    "p3": DECLINES,
    "p4": BUSY,
    "p5": NEVER_ANSWERS,
    "p6": LATE,
}
GREETING, COMES, SOON, CALLED_OFF = 400.0, 600.0, 800.0, 1200.0
SENTENCES = {
    "recall_greeting": (GREETING, 1.5),
    "recall_comes_spoken": (COMES, 20.0),
    "recall_comes": (COMES, 20.0),
    "recall_soon": (SOON, 20.0),
    "recall_called_off": (CALLED_OFF, 3.0),
}
QUIET = "follow_up_again", "recall_goodbye"
FLOW = """\
title: recall
steps:
  comes:
    do: survey
    say: recall_comes
    say_spoken: recall_comes_spoken
    say_timeout: follow_up_again
    say_invalid: follow_up_again
    spoken: comes
    answers: {1: "yes", 2: "no"}
    tries: 2
    then: answer
    person: goodbye
    refuses: goodbye
    timeout: goodbye
    invalid: goodbye
  answer:
    do: answered
    any_of: {comes: ["yes"]}
    then: soon
    otherwise: goodbye
  soon:
    do: survey
    say: recall_soon
    answers: {1: in_0, 2: in_20}
    timeout: goodbye
    invalid: goodbye
  goodbye:
    do: hang_up
    say: recall_goodbye
"""


def record_prompts(folder: Path) -> None:
    """Each sentence is a tone of its own, by which a person knows it."""
    (folder / "ko").mkdir(parents=True)
    for name, (hz, seconds) in {
        **SENTENCES,
        **dict.fromkeys(QUIET, (1500.0, 0.3)),
    }.items():
        time = np.arange(round(8000 * seconds)) / 8000
        tone: Samples = (9000 * np.sin(2 * np.pi * hz * time)).astype(np.int16)
        soundfile.write(folder / "ko" / f"{name}.wav", tone, 8000)


def settings(outside: Phone, folder: Path) -> dict[str, str]:
    """A trunk whose every number is this phone; everybody is rung at once."""
    host, _, port = outside.uri.rpartition("@")[2].partition(":")
    (folder / "flows").mkdir()
    (folder / "flows" / "recall.yaml").write_text(FLOW)
    return {
        "hotline": "drain_seconds = 5",
        "extra": (
            f'[ivr]\nprompts_dir = "{folder / "prompts"}"\n'
            f'flows_dir = "{folder / "flows"}"\n'
            f'[speech]\nlanguage = "ko"\nrecognition_models = {{ko = "{korean.model()}"}}\n'
            "recognition_workers = 1\n"
            "[recall]\nexpected_share = 0.2\nring_seconds = 6\ntries = 2\n"
            "retry_seconds = 10\nat_once = 10\n"
            f'[[trunks]]\nname = "telecom"\nhost = "{host}"\nport = {port}\n'
            'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
        ),
    }


async def says_yes(call: PhoneCall) -> None:
    """He says it again while he is asked the same again."""
    while True:
        await asyncio.sleep(0.4)
        call.voice.say(korean.spoken("네"))
        await asyncio.sleep(1.5)
        if await hears_either(call, SOON, COMES) == SOON:
            return


class Staff:
    """Six people at one phone; each number behaves in its own way."""

    def __init__(self) -> None:
        self.rung: defaultdict[str, int] = defaultdict(int)
        self.told_off: list[str] = []
        self.ringing: set[str] = set()

    async def behave(self, call: PhoneCall) -> None:
        to = call.received[0].get("to")
        who = next(person for person, number in STAFF.items() if number in to)
        assert who not in self.ringing, "rung twice at the same time"
        self.ringing.add(who)
        self.rung[who] += 1
        try:
            await self._behave(who, call)
        finally:
            self.ringing.discard(who)

    async def _behave(self, who: str, call: PhoneCall) -> None:
        call.ring()
        match STAFF[who]:
            case number if number == BUSY:
                call.refuse(486)
                return
            case number if number == NEVER_ANSWERS:
                await call.got_request("CANCEL")
                return
            case _:
                call.answer()
        if self.rung[who] > 1:
            await hears(call, CALLED_OFF)
            self.told_off.append(who)
            return
        await hears(call, COMES)
        match STAFF[who]:
            case number if number == DECLINES:
                call.voice.press("2")
                return
            case number if number == SAYS_YES:
                await says_yes(call)
            case _:
                call.voice.press("1")
        await hears(call, SOON)
        call.voice.press("1" if STAFF[who] == LATE else "2")


async def staffed(hotline: HotlineProcess) -> None:
    """The six are agents who are off duty, with numbers for recall."""
    file = hotline.folder / "people.csv"
    lines = [
        f"{who},{who},phones,sip:{who}@127.0.0.9:5099,{number},{5 * n}"
        for n, (who, number) in enumerate(STAFF.items())
    ]
    head = "id,name,posts,contact,recall_number,home_minutes"
    file.write_text("\n".join([head, *lines]), "utf-8")
    status, said = await hotline.command("people", "import", str(file))
    assert status == 0, said


def standings(hotline: HotlineProcess) -> dict[str, str]:
    rows = hotline.rows("SELECT person_id, standing FROM recalled_people")
    return {row["person_id"]: row["standing"] for row in rows}


@dataclass(slots=True)
class Scene:
    """A hotline whose six people sit at one phone."""

    hotline: HotlineProcess
    staff: Staff

    async def ordered(self, *words: str) -> str:
        """A command that goes well."""
        status, said = await self.hotline.command(*words)
        assert status == 0, said
        return said

    async def until_they_stand(self, seconds: float, **wanted: str) -> None:
        async def is_so() -> bool:
            return standings(self.hotline).items() >= wanted.items()

        await until_so(is_so, seconds)


@pytest.fixture
async def scene(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> AsyncIterator[Scene]:
    """Everybody behaves as his number does."""
    record_prompts(tmp_path / "prompts")
    outside = await phone("127.0.0.5")
    outside.spare += [await Voice.open(outside.address, 0) for _ in range(12)]
    hotline = await start_hotline(**settings(outside, tmp_path))
    await staffed(hotline)
    outside.server = ("127.0.0.1", hotline.sip_port)
    staff = Staff()

    async def take_calls() -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(staff.behave(await outside.expect_call(600)))

    taking = asyncio.create_task(take_calls())
    yield Scene(hotline, staff)
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking


async def test_six_people_are_recalled_and_called_off(scene: Scene) -> None:
    await scene.ordered("plans", "start", "2", "--people", "5")
    coming = dict.fromkeys(("p1", "p2", "p6"), "confirmed")
    not_reached = dict.fromkeys(("p4", "p5"), "passed_over")
    await scene.until_they_stand(240, **coming, p3="declined", **not_reached)
    assert scene.staff.rung == {"p1": 1, "p2": 1, "p3": 1, "p4": 2, "p5": 2, "p6": 1}
    shown = (await scene.ordered("plans", "recalls")).splitlines()
    assert [line[:2] for line in shown if "late" in line] == ["p6"]
    await scene.ordered("agents", "login", "p1")
    await scene.until_they_stand(60, p1="arrived")
    await scene.ordered("plans", "stop")
    await until_so(lambda: told_off(scene.staff))
    await until_so(lambda: all_recorded(scene.hotline))
    await scene.hotline.stop()
    await assert_recordings_prove(scene.hotline)
    log = scene.hotline.log
    assert not any(number[-8:] in log for number in STAFF.values())


async def told_off(staff: Staff) -> bool:
    """Those who were on their way have heard it."""
    return sorted(staff.told_off) == ["p2", "p6"]


async def all_recorded(hotline: HotlineProcess) -> bool:
    """Each of the ten calls is in the records, and no number with it."""
    rows = hotline.rows("SELECT direction, outcome, caller FROM calls")
    assert {row["caller"] or "" for row in rows} == {""}
    return [row["direction"] for row in rows if row["outcome"]] == ["out"] * 10
