"""Test calls over real SIP: the hotline answers and is heard, or an alarm is raised."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.key_file import load_key
from telephony.test_marks import HEADER, make_mark
from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import dial, dial_and_press, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.waits import until

pytestmark = pytest.mark.sip

SOON = "[test_call]\nevery_minutes = 0.02\nlisten_seconds = 1.5\nring_seconds = 5\n"


async def assert_nothing_was_counted(hotline: HotlineProcess) -> None:
    """No call, no debt, no recording, no figure."""
    for table in ("calls", "missed_calls", "legs", "ivr_steps", "recordings"):
        assert hotline.rows(f"SELECT * FROM {table}") == [], table
    for metric in ("calls_arrived_total", "calls_offered_total", "ivr_seconds_count"):
        assert await hotline.metric(f"hotline_{metric}") == 0
    assert list((hotline.data / "recordings").rglob("*.wav")) == []


async def test_greeting_of_the_hotline_is_heard_and_nobody_was_counted(
    start_hotline: StartHotline, tmp_path: Path
) -> None:
    hotline = await start_hotline()
    file = tmp_path / "test_call.prom"
    status, said = await hotline.command("test-call", "--metrics", str(file))
    assert (status, said[:14]) == (0, "Answered after"), said
    assert "hotline_test_call_ok 1.0\n" in file.read_text()
    await hotline.logged("is a test call")
    await until(lambda: hotline.log.count("is a test call") == 1)
    assert await hotline.metric("hotline_legs_in_use") == 0
    await assert_nothing_was_counted(hotline)


async def test_service_calls_itself_again_and_again(
    start_hotline: StartHotline,
) -> None:
    hotline = await start_hotline(extra=SOON)
    await until_tested(hotline, "heard", 2)
    assert await hotline.metric("hotline_test_call_ok") == 1
    assert await hotline.metric("hotline_test_call_answer_seconds") > 0
    await assert_nothing_was_counted(hotline)


async def until_tested(hotline: HotlineProcess, result: str, times: int) -> None:
    """Wait until so many test calls had this result."""
    metric = f'hotline_test_calls_total{{result="{result}"}}'

    async def is_so() -> bool:
        return await hotline.metric(metric) >= times

    await until_so(is_so)


async def silent_one(phone: Phone) -> None:
    """Answers, and says nothing."""
    while True:
        call = await phone.expect_call()
        phone.server = _caller_of(call)
        call.answer()


async def test_hotline_that_is_answered_in_silence_raises_the_alarm(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    silent = await phone("127.0.0.4")
    extra = f'{SOON}to = "sip:12345@{silent.host}"\n'
    hotline = await start_hotline(extra=extra)
    answering = asyncio.create_task(silent_one(silent))
    await until_tested(hotline, "silent", 1)
    await hotline.logged("TEST CALL ALARM: silent")
    assert await hotline.metric("hotline_test_call_ok") == 0
    answering.cancel()


async def failing(hotline: HotlineProcess, to: str) -> str:
    """What the command says of a call that fails."""
    status, said = await hotline.command("test-call", "--to", to)
    assert status == 1, said
    return said


async def test_each_way_of_not_answering_has_its_name(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline = await start_hotline(extra=SOON.replace("0.02", "0"))
    desk = await phone("127.0.0.4")

    async def refuse(call: PhoneCall) -> None:
        call.refuse(486)

    async def ring(call: PhoneCall) -> None:
        call.ring()

    async def drop(call: PhoneCall) -> None:
        call.answer()
        await call.got_request("ACK")
        call.hang_up()

    for act, words in (
        (refuse, "refused (SIP 486)"),
        (ring, "in time"),
        (drop, "ended"),
    ):
        said = asyncio.create_task(failing(hotline, desk.uri))
        call = await desk.expect_call()
        desk.server = _caller_of(call)
        await act(call)
        assert words in await said
    assert "nothing came back" in await failing(hotline, "sip:12345@127.0.0.4:9")
    assert "could not be placed" in await failing(hotline, "sip:12345@no.such.invalid")


def _caller_of(call: PhoneCall) -> tuple[str, int]:
    """Where the INVITE came from, by its Contact."""
    host, _, port = call.target.partition("@")[2].partition(":")
    return host, int(port.partition(";")[0])


async def test_hotline_that_hangs_is_found_out(start_hotline: StartHotline) -> None:
    hotline = await start_hotline(extra=SOON.replace("0.02", "0"))
    assert hotline.program
    hotline.program.signal(signal.SIGSTOP)
    said = await failing(hotline, f"sip:12345@{hotline.address}")
    hotline.program.signal(signal.SIGCONT)
    assert "nothing came back" in said


async def test_mark_that_is_not_ours_makes_a_citizens_call(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline = await start_hotline()
    key = load_key(hotline.data / "test-call-key")
    mark = make_mark(key, datetime.now(UTC))
    citizen = await phone("127.0.0.2")
    (await dial(citizen, hotline)).hang_up()
    first = await hotline.call_that_ended()
    assert first["outcome"] == "abandoned_in_ivr"
    citizen.server = ("127.0.0.1", hotline.sip_port)
    for value in (mark, mark, "forged"):
        call = await citizen.dial(f"{HEADER}: {value}", hz=600)
        await call.got(lambda m: m.method == "INVITE" and m.code == 200)
        call.hang_up()
        await call.got_response("BYE", 200)
    await until(lambda: len(hotline.rows("SELECT id FROM calls")) == 3)
    assert hotline.log.count("is a test call") == 1


async def test_full_hotline_refuses_a_test_call_as_it_would_a_citizen(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline = await start_hotline(sip="max_calls = 1", extra=SOON.replace("0.02", "0"))
    caller = await dial_and_press(await phone("127.0.0.2"), hotline)
    said = await failing(hotline, f"sip:12345@{hotline.address}")
    assert "refused (SIP 503)" in said
    caller.hang_up()
    assert len(hotline.rows("SELECT * FROM missed_calls")) <= 1
    refused = 'hotline_calls_refused_total{reason="admission_limit"}'
    assert await hotline.metric(refused) == 0
