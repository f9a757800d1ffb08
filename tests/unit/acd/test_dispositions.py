"""What a call was about is noted for some hours, and only by the agents who spoke in it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from acd.call_control import CallControl
from acd.dispositions import Dispositions, DispositionTooLate, NotHisCall
from acd.distributor import AgentView
from acd.events import CallEvent
from acd.messages import TalkEnd
from acd.records.rows import AgentTalk
from acd.talk_commands import CallNotTalking
from acd.talk_rules import TalkRules
from config.clock import LoopClock
from tests.fakes import call_events as told

RULES = TalkRules(disposition_hours=2)


class Desk:
    """Dispositions of a day on which nobody speaks now; `recorded` are earlier talks."""

    def __init__(self) -> None:
        self.noted: list[CallEvent] = []
        self.recorded: dict[str, list[AgentTalk]] = {}
        self.clock = LoopClock(told.START)
        self.dispositions = Dispositions(
            RULES,
            titles=lambda: {"help": "求助"},
            control=CallControl(),
            agents=self._nobody,
            talks_in=self._talks_in,
            publish=self.noted.append,
            clock=self.clock,
        )

    def _nobody(self) -> Iterable[AgentView]:
        return ()

    async def _talks_in(self, call_id: str) -> list[AgentTalk]:
        return self.recorded.get(call_id, [])

    def record(self, call_id: str, *agents: str, hours_ago: float = 1) -> None:
        """These agents spoke in a call, one after the other."""
        end = self.clock.now() - timedelta(hours=hours_ago)
        self.recorded[call_id] = [
            AgentTalk(agent_id=agent, at=end - timedelta(minutes=len(agents) - n))
            for n, agent in enumerate(agents)
        ]

    async def dispose(self, call_id: str, agent_id: str = "") -> str:
        """Note it; whose call it is."""
        return await self.dispositions.dispose(call_id, "help", "", agent_id=agent_id)


async def test_any_call_of_the_last_hours_can_be_given_a_code() -> None:
    desk = Desk()
    desk.record("A", "1001")
    desk.record("B", "1001", hours_ago=0.5)
    assert [await desk.dispose("A"), await desk.dispose("B")] == ["1001", "1001"]
    assert [event.call_id for event in desk.noted] == ["A", "B"]


async def test_call_of_too_long_ago_keeps_the_code_that_it_has() -> None:
    desk = Desk()
    desk.record("A", "1001", hours_ago=2.1)
    with pytest.raises(DispositionTooLate, match="more than 2 h"):
        await desk.dispose("A")
    assert not desk.noted


async def test_call_is_his_who_spoke_in_it_and_nobody_elses() -> None:
    desk = Desk()
    desk.record("A", "1001", "1002")
    assert await desk.dispose("A") == "1002"
    assert await desk.dispose("A", "1001") == "1001"
    with pytest.raises(NotHisCall, match="Agent 1003 has not spoken"):
        await desk.dispose("A", "1003")


async def test_call_in_which_no_agent_spoke_is_refused() -> None:
    with pytest.raises(CallNotTalking, match="No agent has spoken in call A"):
        await Desk().dispose("A")


async def test_call_that_the_records_do_not_tell_of_yet_is_known_from_the_bus() -> None:
    desk = Desk()
    end = told.talk_ended("A", "1001", told.START, talk_seconds=9)
    left = told.talk_ended(
        "B", "1002", told.START, talk_seconds=9, end=TalkEnd.NOT_BEGUN
    )
    desk.dispositions.talk_ended(end)
    desk.dispositions.talk_ended(left)
    assert await desk.dispose("A") == "1001"
    with pytest.raises(CallNotTalking):
        await desk.dispose("B")
