"""An agent with a softphone of another house."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.sip.service.acts import (
    CITIZEN_HZ,
    SILENT,
    channels,
    dial_and_press,
    hears,
    missed,
    picked_up,
    until_state,
)
from tests.sip.service.baresip import Baresip
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.tones import level_of

pytestmark = pytest.mark.sip

BARESIP_HZ = 1100.0


@pytest.fixture
async def baresip(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Baresip]]]:
    """Starts softphones; they are ended after the test."""
    if not shutil.which("baresip"):
        pytest.skip("needs baresip: apt-get install baresip-core")
    started: list[Baresip] = []

    async def start(codec: str, account: str = "") -> Baresip:
        folder = tmp_path / "baresip"
        softphone = await Baresip.start(
            folder, codec=codec, hz=BARESIP_HZ, account=account
        )
        started.append(softphone)
        return softphone

    yield start
    for softphone in started:
        await softphone.stop()


@pytest.mark.parametrize("codec", ["PCMA/8000/1", "PCMU/8000/1", "opus/48000/2"])
async def test_citizen_and_softphone_hear_each_other_until_it_hangs_up(
    start_hotline: StartHotline,
    phone: OpenPhone,
    baresip: Callable[..., Awaitable[Baresip]],
    codec: str,
) -> None:
    softphone, citizen = await baresip(codec), await phone("127.0.0.2")
    hotline = await start_hotline(agent(softphone.uri))
    caller = await dial_and_press(citizen, hotline)
    await until_state(hotline, "1001", "talking")
    await hears(caller, BARESIP_HZ)
    softphone.hang_up()
    await until_state(hotline, "1001", "ready")
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["agent_id"]) == ("answered", "1001")
    assert "COMPLETEAGENT" in [event["kind"] for event in story["queue_events"]]
    await softphone.hears(CITIZEN_HZ)
    _, right = await channels(hotline, story["id"])
    assert level_of(right, CITIZEN_HZ) < SILENT
    assert await missed(hotline) == []


async def test_phone_is_asked_to_pick_up_by_itself_only_where_the_agent_wants_it(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    by_itself, by_hand = await phone(), await phone()
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(by_itself, "1001", auto_answer=True), agent(by_hand, "1002")
    )
    await dial_and_press(citizen, hotline)
    asked = await picked_up(by_itself, hotline)
    assert "answer-after=0" in asked.received[0].get("call-info")
    assert asked.received[0].get("alert-info")
    await dial_and_press(citizen, hotline)
    not_asked = await picked_up(by_hand, hotline)
    assert not not_asked.received[0].get("call-info")
