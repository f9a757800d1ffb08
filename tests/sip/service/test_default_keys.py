"""Where the keys of the flow that is shipped lead, in real calls."""

import asyncio

import pytest

from tests.sip.service.acts import dial, hears, picked_up
from tests.sip.service.conftest import OpenPhone, StartHotline, agent

pytestmark = [pytest.mark.sip, pytest.mark.timeout(180)]

QUEUES = "".join(
    f'[[queues]]\nname = "{name}"\nwrap_up_seconds = 0\n'
    for name in ("general", "enterprise", "expert")
)
SEATS = {"general": 650.0, "enterprise": 950.0, "expert": 1350.0}


async def test_keys_of_the_shipped_flow_lead_where_they_should(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desks = {queue: await phone(hz=hz) for queue, hz in SEATS.items()}
    hotline = await start_hotline(
        *(agent(desk, queue, queues=[queue]) for queue, desk in desks.items()),
        queues=QUEUES,
    )
    for key, queue in {
        "": "general",
        "1": "general",
        "2": "enterprise",
        "3": "expert",
        "9": "general",
    }.items():
        citizen = await phone("127.0.0.2")
        caller = await dial(citizen, hotline)
        await asyncio.sleep(0.5)
        if key:
            caller.voice.press(key)
        await picked_up(desks[queue], hotline)
        await hears(caller, SEATS[queue])
        caller.hang_up()
        story = await hotline.call_that_ended()
        assert (key, story["queue"], story["agent_id"]) == (key, queue, queue)
        steps = [step["step"] for step in story["steps"]]
        assert ("english" in steps) is (key == "9")
