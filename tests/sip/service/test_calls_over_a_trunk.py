"""A citizen is put through to a number, over a trunk that SIPp plays."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.sip.conftest import PEER
from tests.sip.service.acts import answered_by, dial, dial_and_press
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.sipp import Sipp
from tests.sip.stages import INFO, RealPeer

pytestmark = pytest.mark.sip

StartSipp = Callable[..., Awaitable[Sipp]]
PASSWORD = "s3cret"
FLOW = """
steps:
  office:
    do: transfer
    target: 053188886666
    then: goodbye
    failed: person
  goodbye:
    do: hang_up
  person:
    do: enqueue
    then: goodbye
"""


def settings(folder: Path, port: int, password: str) -> str:
    """A flow that calls an office, and the trunk that leads there."""
    (folder / "office.yaml").write_text(FLOW, encoding="utf-8")
    file = folder / "password"
    file.write_text(password)
    file.chmod(0o600)
    return (
        f'[ivr]\nflow = "office"\nflows_dir = "{folder}"\n'
        f'[[trunks]]\nname = "telecom"\nhost = "127.0.0.2"\nport = {port}\n'
        f'username = "hotline"\npassword_file = "{file}"\nregister = true\n'
        'caller_numbers = ["053112345"]\n'
    )


async def company(sipp: StartSipp) -> int:
    """The port at which SIPp registers us, and lets calls through."""
    port = free_port(PEER)
    peer = await sipp(
        "trunk", "-deadcall_wait", 0, target="127.0.0.1:9", port=port, calls=99
    )
    await peer.listens()
    return port


async def until_lines(hotline: HotlineProcess, lines: int) -> None:
    """Wait until so many lines of the trunk are in use."""
    async with asyncio.timeout(60):
        while (await hotline.get("/api/v1/trunks"))[0]["lines_in_use"] != lines:
            await asyncio.sleep(0.1)


async def test_citizen_is_put_through_to_a_number(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp, tmp_path: Path
) -> None:
    port = await company(sipp)
    hotline = await start_hotline(extra=settings(tmp_path, port, PASSWORD))
    hotline.secrets |= {PASSWORD, "88886666"}
    await hotline.logged("trunk telecom is up")
    citizen = await dial(await phone("127.0.0.4"), hotline)
    await until_lines(hotline, 1)
    status, said = await hotline.command("trunks", "list")
    assert (status, "1 of 30" in said) == (0, True), said
    citizen.hang_up()
    story = await hotline.call_that_ended()
    assert story["outcome"] == "answered"
    assert [leg["role"] for leg in story["legs"]] == ["citizen", "third_party"]
    assert [leg["shown"] for leg in story["legs"]] == [None, "053112345"]
    await until_lines(hotline, 0)
    sample = 'hotline_calls_placed_total{result="answered",traffic="consultation"}'
    assert await hotline.metric(sample) == 1


async def test_one_key_of_the_agent_brings_the_police_in_over_the_trunk(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp, tmp_path: Path
) -> None:
    port = await company(sipp)
    desk = await phone()
    extra = settings(tmp_path, port, PASSWORD).replace('flow = "office"\n', "")
    hotline = await start_hotline(agent(desk), extra=extra)
    await hotline.logged("trunk telecom is up")
    citizen = await dial_and_press(await phone("127.0.0.4"), hotline)
    talk = await answered_by(desk, hotline)
    await RealPeer(talk).press("*1", INFO)
    await until_lines(hotline, 1)
    citizen.hang_up()
    await talk.got_request("BYE")
    story = await hotline.call_that_ended()
    assert "third_party" in [leg["role"] for leg in story["legs"]]
    await until_lines(hotline, 0)


async def test_wrong_password_costs_no_citizen_his_call(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp, tmp_path: Path
) -> None:
    """The trunk is down and says why; he waits for a person instead."""
    port = await company(sipp)
    hotline = await start_hotline(extra=settings(tmp_path, port, "mistaken"))
    hotline.secrets |= {"mistaken"}
    await hotline.logged("look at username, password and realm")
    citizen = await dial(await phone("127.0.0.4"), hotline)
    async with asyncio.timeout(60):
        while not (await hotline.get("/api/v1/queues"))[0]["waiting"]:
            await asyncio.sleep(0.1)
    citizen.hang_up()
    assert (await hotline.call_that_ended())["outcome"] == "abandoned_in_queue"
    assert (await hotline.get("/health/ready"))["status"] == "ready"
