"""What reception tells the engine of a citizen who asks for a person."""

import asyncio
from pathlib import Path

import pytest

from acd.messages import CallerEnters, CallPriorityChanges, Message
from acd.queue_rules import EMERGENCY
from tests.story.hotline import StoryHotline, open_hotline
from tests.unit.acd.desk import START

pytestmark = pytest.mark.looptime

FLOW = """
steps:
  person: {do: enqueue, priority: 7, skills: {tax: 2, housing: 1}}
  end: {do: hang_up}
"""


def entries(
    hotline: StoryHotline, monkeypatch: pytest.MonkeyPatch
) -> list[CallerEnters]:
    """The entries from here on, which reach the engine all the same."""
    heard: list[CallerEnters] = []
    handle = hotline.engine.handle

    def listen(message: Message, *rest: object) -> object:
        if isinstance(message, CallerEnters):
            heard.append(message)
        return handle(message, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(hotline.engine, "handle", listen)
    return heard


async def test_number_wishes_of_the_flow_and_last_agent_go_with_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def last_agent(caller: str, queue: str) -> str:
        return {("+8613812345678", "general"): "b"}[caller, queue]

    file = tmp_path / "flow.yaml"
    file.write_text(FLOW)
    async with open_hotline("a", flow_file=file, last_agent=last_agent) as hotline:
        heard = entries(hotline, monkeypatch)
        citizen = hotline.endpoint.dial(from_user="13812345678")
        await asyncio.sleep(1)
        assert heard[0] == CallerEnters(
            call_id=citizen.id,
            queue="general",
            priority=7,
            caller="+8613812345678",
            skills=(("housing", 1), ("tax", 2)),
            last_agent="b",
            here_since=START,
        )
        citizen.peer_hangs_up()


async def test_priority_given_by_hand_holds_for_the_call_back_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_hotline() as hotline:
        heard = entries(hotline, monkeypatch)
        citizen = hotline.endpoint.dial(from_user="13812345678")
        await asyncio.sleep(20)
        hotline.distributor.send(
            CallPriorityChanges(call_id=citizen.id, priority=EMERGENCY)
        )
        citizen.press("2")
        await asyncio.sleep(6)
        citizen.press("1")
        await asyncio.sleep(6)
        citizen.peer_hangs_up()
        await asyncio.sleep(1)
        priorities = [(e.priority, bool(e.call_back_id)) for e in heard]
        assert priorities == [(0, False), (EMERGENCY, True)]
