"""What a call was about is noted until its agent takes the next one."""

from collections.abc import Iterable

import pytest

from acd.call_control import CallControl
from acd.dispositions import Dispositions
from acd.distributor import AgentView
from acd.events import CallEvent
from acd.talk_commands import CallNotTalking
from config.clock import LoopClock
from tests.fakes import call_events as told


def nobody() -> Iterable[AgentView]:
    """No agent is in any state that matters."""
    return ()


async def test_last_call_can_be_given_a_code_until_the_next_one_without_wrap_up() -> (
    None
):
    noted: list[CallEvent] = []
    dispositions = Dispositions(
        {"help": "求助"},
        control=CallControl(),
        agents=nobody,
        publish=noted.append,
        clock=LoopClock(),
    )
    with pytest.raises(CallNotTalking):
        dispositions.dispose("A", "help", "")
    dispositions.talk_ended(
        told.talk_ended("A", "1001", told.after(20), talk_seconds=9)
    )
    assert dispositions.dispose("A", "help", "") == "1001"
    assert [event.call_id for event in noted] == ["A"]
    dispositions.connected(told.connected("B", "1001", told.after(30)))
    with pytest.raises(CallNotTalking, match="not the last one of any agent"):
        dispositions.dispose("A", "help", "")
