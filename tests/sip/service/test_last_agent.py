"""Who calls again speaks with the agent whom he knows, as reception finds out by itself."""

import pytest

from tests.sip.phone import Phone
from tests.sip.service.acts import answered_by, dial_and_press, until_so, until_state
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

FIRST, SECOND = "13700000001", "13700000002"
QUEUES = """
[[queues]]
name = "general"
strategy = "longest_idle"
wrap_up_seconds = 0
last_agent_seconds = 20
"""


async def talks(
    citizen: Phone, number: str, desk: Phone, hotline: HotlineProcess, agent_id: str
) -> None:
    """A citizen calls, this agent answers, and the records know it when it is over."""
    caller = await dial_and_press(citizen, hotline, user=number)
    talk = await answered_by(desk, hotline, agent_id)
    if agent_id == "1001":
        assert (await hotline.command("agents", "login", "1002"))[0] == 0
    caller.hang_up()
    await talk.got_request("BYE")
    await until_state(hotline, agent_id, "ready")
    known = (
        f"SELECT id FROM calls WHERE caller = '+86{number}'"
        f" AND agent_id = '{agent_id}' AND ended_at IS NOT NULL"
    )

    async def is_kept() -> bool:
        return bool(hotline.rows(known))

    await until_so(is_kept)


async def test_number_that_calls_again_reaches_its_agent_though_another_is_idle_longer(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    one, other = await phone(), await phone("127.0.0.4")
    citizens = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(one), agent(other, "1002", state="logged_out"), queues=QUEUES
    )
    await talks(citizens, FIRST, one, hotline, "1001")
    await talks(citizens, SECOND, other, hotline, "1002")
    # Agent 1001 is idle longer now: a stranger would be his.
    again = await dial_and_press(citizens, hotline, user=SECOND)
    talk = await answered_by(other, hotline, "1002")
    assert SECOND in talk.received[0].get("from")
    assert len(one.calls) == 1
    again.hang_up()
    await talk.got_request("BYE")
