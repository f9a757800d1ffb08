"""A flow is published while a citizen waits in it: he keeps his version, the next has the new."""

from typing import Any

import pytest

from ivr_flows.flow import BUILT_IN
from tests.sip.service.acts import dial_and_press, until_waiting
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
OTHER = CITIZEN.replace("left_queue", "gone_early").replace(
    "say: gone_early", "say: left_queue"
)
"""Who leaves the queue goes through a step of another name."""


async def commanded(hotline: HotlineProcess, *words: str) -> str:
    """What a `hotline flow` command says, which succeeds."""
    status, said = await hotline.command("flow", *words)
    assert status == 0, said
    return said


def met(story: dict[str, Any]) -> tuple[str, int, list[str]]:
    """Which flow a call met in which version, and its steps."""
    steps = [step["step"] for step in story["steps"]]
    return story["flow"], story["flow_version"], steps


async def test_waiting_citizen_keeps_his_version_while_another_is_published(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk = await phone()
    hotline = await start_hotline(agent(desk, state="logged_out"))
    file = hotline.folder / "other.yaml"
    file.write_text(OTHER, encoding="utf-8")

    before = await dial_and_press(await phone("127.0.0.2"), hotline)
    await until_waiting(hotline, 1)
    assert "version 2 is kept" in await commanded(hotline, "save", "citizen", str(file))
    said = await commanded(hotline, "publish", "citizen", "2", "--note", "tried")
    assert said.strip() == "flow citizen: new calls meet version 2"
    after = await dial_and_press(await phone("127.0.0.3"), hotline)
    await until_waiting(hotline, 2)
    before.voice.press("*")
    await before.got_request("BYE")
    after.voice.press("*")
    await after.got_request("BYE")

    first, second = await hotline.call_that_ended(1), await hotline.call_that_ended()
    assert met(first) == (
        "citizen",
        1,
        ["greeting", "person", "left_queue", "goodbye"],
    )
    assert met(second) == (
        "citizen",
        2,
        ["greeting", "person", "gone_early", "goodbye"],
    )

    await commanded(hotline, "roll-back", "citizen")
    again = await dial_and_press(await phone("127.0.0.4"), hotline)
    await until_waiting(hotline, 1)
    again.voice.press("*")
    await again.got_request("BYE")
    assert met(await hotline.call_that_ended())[1] == 1
