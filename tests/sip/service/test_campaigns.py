"""Campaigns through the running service: citizens who press, are silent, busy, refuse."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import assert_recordings_prove, hears, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.voice import Samples, Voice

pytestmark = pytest.mark.sip

PRESSES, UNHAPPY, SILENT, BUSY, REFUSES, WANTS_NONE, HANGS_UP = (
    f"1380000000{n}" for n in range(1, 8)
)
EVERYBODY = (PRESSES, UNHAPPY, SILENT, BUSY, REFUSES, WANTS_NONE, HANGS_UP)
SENTENCES = {
    "follow_up_greeting": 400.0,
    "follow_up_contacted": 600.0,
    "follow_up_solved": 800.0,
    "follow_up_satisfied": 1000.0,
    "follow_up_why": 1200.0,
    "follow_up_offer": 1400.0,
}
QUESTIONS = list(SENTENCES.values())[1:]
"""The last two hears only who is not satisfied."""


def noon_zone() -> str:
    """A zone in which it is about noon now, so that a window is open."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


def record_prompts(folder: Path) -> None:
    """Each sentence is a tone of its own, by which a citizen knows it."""
    (folder / "zh").mkdir(parents=True)
    seconds = np.arange(8000 * 3) / 8000
    for name, hz in SENTENCES.items():
        tone: Samples = (9000 * np.sin(2 * np.pi * hz * seconds)).astype(np.int16)
        soundfile.write(folder / "zh" / f"{name}.wav", tone, 8000)


def settings(outside: Phone, prompts: Path, lines: int) -> dict[str, str]:
    """A trunk whose every number is this phone, and the whole day as the window."""
    host, _, port = outside.uri.rpartition("@")[2].partition(":")
    return {
        "hotline": f'drain_seconds = 5\ntimezone = "{noon_zone()}"',
        "extra": (
            f'[ivr]\nprompts_dir = "{prompts}"\n[outbound]\nlines = {lines}\n'
            'windows = ["08:00-21:00"]\nworkdays_only = false\n'
            f'[[trunks]]\nname = "telecom"\nhost = "{host}"\nport = {port}\n'
            'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
        ),
    }


async def many_lines(phone: OpenPhone) -> Phone:
    """A phone that many calls may reach at once."""
    outside = await phone("127.0.0.5", hz=350)
    outside.spare += [await Voice.open(outside.address, 0) for _ in EVERYBODY]
    return outside


async def import_orders(hotline: HotlineProcess, *numbers: str) -> str:
    """A file of orders is imported, as a person does it."""
    file = hotline.folder / "orders.csv"
    lines = (
        f"A-{n},{number},2026-01-01T09:00,供水" for n, number in enumerate(numbers)
    )
    file.write_text("\n".join(["order_id,number,closed_at,unit", *lines]), "utf-8")
    status, said = await hotline.command("campaigns", "import", "november", str(file))
    assert status == 0, said
    return said


async def start_campaign(hotline: HotlineProcess) -> None:
    """From now on its contacts are called."""
    status, said = await hotline.command("campaigns", "start", "november")
    assert (status, said) == (0, "campaign november is running\n")


async def outcomes(hotline: HotlineProcess) -> dict[str, str]:
    """How the last try of each number ended."""
    query = "SELECT number, outcome FROM follow_up_attempts ORDER BY at"
    return {row["number"][3:]: row["outcome"] for row in hotline.rows(query)}


def number_of(call: PhoneCall) -> str:
    """Whom the service calls."""
    to = call.received[0].get("to")
    return next(number for number in EVERYBODY if number in to)


async def answer_all(call: PhoneCall, keys: str) -> None:
    """A citizen who hears each question and presses a key."""
    call.answer()
    for hz, key in zip(QUESTIONS, keys, strict=False):
        await hears(call, hz)
        call.voice.press(key)


async def behave(call: PhoneCall) -> None:
    """Each number is a citizen with ways of his own."""
    call.ring()
    match number_of(call):
        case number if number == PRESSES:
            await answer_all(call, "112")
        case number if number == UNHAPPY:
            await answer_all(call, "125#2")
        case number if number == BUSY:
            call.refuse(486)
        case number if number == REFUSES:
            call.refuse(603)
        case number if number == WANTS_NONE:
            call.answer()
            await hears(call, SENTENCES["follow_up_greeting"])
            call.voice.press("9")
        case number if number == HANGS_UP:
            call.answer()
            await hears(call, SENTENCES["follow_up_greeting"])
            call.hang_up()
        case _:
            call.answer()


async def results(hotline: HotlineProcess) -> dict[str, Any]:
    """The rates of the campaign, as the command prints them."""
    words = ("campaigns", "results", "november", "--json")
    status, said = await hotline.command(*words)
    assert status == 0, said
    (total,) = json.loads(said)
    assert [total] == await hotline.get("/api/v1/campaigns/november/results")
    rates: dict[str, Any] = total
    return rates


async def test_results_are_exactly_what_the_citizens_did(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    outside = await many_lines(phone)
    hotline = await start_hotline(**settings(outside, tmp_path / "own-prompts", 7))
    outside.server = ("127.0.0.1", hotline.sip_port)
    assert "7 new, 0 known before, 0 refused" in await import_orders(
        hotline, *EVERYBODY
    )
    assert "0 new, 7 known before" in await import_orders(hotline, *EVERYBODY)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start_campaign(hotline))
        for _ in EVERYBODY:
            tasks.create_task(behave(await outside.expect_call()))

    async def all_ended() -> bool:
        found = await outcomes(hotline)
        return len(found) == len(EVERYBODY) and all(found.values())

    await until_so(all_ended)
    assert await outcomes(hotline) == {
        PRESSES: "completed",
        UNHAPPY: "completed",
        SILENT: "silent",
        BUSY: "busy",
        REFUSES: "rejected",
        WANTS_NONE: "opted_out",
        HANGS_UP: "hung_up",
    }
    await _assert_rates(hotline)
    calls = hotline.rows("SELECT * FROM calls")
    assert {call["direction"] for call in calls} == {"out"}
    assert len(calls) == len(EVERYBODY)
    assert hotline.rows("SELECT * FROM missed_calls") == []
    await _assert_answers_lie_in_their_recordings(hotline)
    await assert_recordings_prove(hotline)


async def _assert_rates(hotline: HotlineProcess) -> None:
    rates = await results(hotline)
    shares = {
        name: (rate["numerator"], rate["denominator"], rate["n"])
        for name, rate in rates.items()
        if isinstance(rate, dict)
    }
    assert shares == {
        "attempted": (7, 7, 7),
        "reached": (3, 7, 7),
        "completed": (2, 7, 7),
        "satisfied": (1, 2, 7),
        "solved": (1, 2, 7),
    }


async def _assert_answers_lie_in_their_recordings(hotline: HotlineProcess) -> None:
    kept = hotline.rows("SELECT * FROM follow_up_answers ORDER BY call_id, at")
    assert len(kept) == 7
    given = {(row["question"], row["given_by"], row["confidence"]) for row in kept}
    keys = {(name, "key", 1.0) for name in ("contacted", "solved", "satisfied")}
    assert given == keys | {("why", "voice", 1.0)}
    for row in kept:
        recording = await hotline.get(f"/api/v1/recordings/{row['call_id']}")
        end = row["clip_start_seconds"] + row["clip_seconds"]
        assert 0 < row["clip_start_seconds"] < end <= recording["seconds"] + 0.5


async def test_nobody_is_called_twice_for_one_try_when_the_service_is_killed(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    outside = await many_lines(phone)
    hotline = await start_hotline(**settings(outside, tmp_path / "own-prompts", 2))
    outside.server = ("127.0.0.1", hotline.sip_port)
    await import_orders(hotline, PRESSES, BUSY, SILENT)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start_campaign(hotline))
        rung = [await outside.expect_call(), await outside.expect_call()]
        for call in rung:
            call.ring()
    await hotline.kill()
    await hotline.start()
    rest = await outside.expect_call()
    assert {number_of(call) for call in [*rung, rest]} == {PRESSES, BUSY, SILENT}
    rest.refuse(486)

    async def is_over() -> bool:
        return (await outcomes(hotline)).get(number_of(rest)) == "busy"

    await until_so(is_over)
    found = await outcomes(hotline)
    assert [found[number_of(call)] for call in rung] == ["service_killed"] * 2
    states = hotline.rows("SELECT state, tries FROM contacts")
    assert {(row["state"], row["tries"]) for row in states} == {("waiting", 1)}
    with pytest.raises(TimeoutError):
        await outside.expect_call(3)
    assert hotline.rows("SELECT * FROM missed_calls") == []
