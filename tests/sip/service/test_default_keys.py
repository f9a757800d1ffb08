"""Where the keys of the flow that is shipped lead, in real calls."""

import asyncio

import pytest

from tests.sip.phone import Phone
from tests.sip.service.acts import dial, hears, picked_up, rung, until_waiting
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

QUEUES = "".join(
    f'[[queues]]\nname = "{name}"\nwrap_up_seconds = 0\n'
    for name in ("general", "enterprise", "expert")
)
SEATS = {"general": 650.0, "enterprise": 950.0, "expert": 1350.0}


async def seated(
    start_hotline: StartHotline, phone: OpenPhone, **states: str
) -> tuple[HotlineProcess, dict[str, Phone]]:
    """A hotline with one agent in each queue, who is named like it."""
    desks = {queue: await phone(hz=hz) for queue, hz in SEATS.items()}
    hotline = await start_hotline(
        *(
            agent(desk, queue, queues=[queue], state=states.get(queue, "ready"))
            for queue, desk in desks.items()
        ),
        queues=QUEUES,
    )
    return hotline, desks


async def test_every_key_of_the_greeting_leads_to_the_first_queue(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline, desks = await seated(start_hotline, phone)
    for key in ("", "1", "3", "9"):
        citizen = await phone("127.0.0.2")
        caller = await dial(citizen, hotline)
        await asyncio.sleep(0.5)
        if key:
            caller.voice.press(key)
        await picked_up(desks["general"], hotline)
        await hears(caller, SEATS["general"])
        caller.hang_up()
        story = await hotline.call_that_ended()
        assert (key, story["queue"], story["agent_id"]) == (key, "general", "general")
        steps = [step["step"] for step in story["steps"]]
        assert ("english" in steps) is (key == "9")


@pytest.mark.parametrize(("key", "queue"), [("3", "enterprise"), ("4", "expert")])
async def test_key_of_a_waiting_citizen_leads_to_other_seats_with_all_that_he_waited(
    key: str, queue: str, start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline, desks = await seated(start_hotline, phone, general="logged_out")
    caller = await dial(await phone("127.0.0.2"), hotline)
    caller.voice.press("1")
    await until_waiting(hotline, 1)
    await asyncio.sleep(2)
    caller.voice.press(key)
    await picked_up(desks[queue], hotline)
    await hears(caller, SEATS[queue])
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["queue"]) == ("answered", queue)
    assert (story["agent_id"], story["wait_seconds"] > 2) == (queue, True)
    kinds = [
        (row["kind"], row["queue"], row["detail"]) for row in story["queue_events"]
    ]
    assert ("OVERFLOW", "general", f"key to {queue}") in kinds
    assert not [kind for kind, _, _ in kinds if kind == "ABANDON"]
    _, why = await hotline.command("calls", "why", story["id"])
    assert f"he goes by key to the queue {queue}" in why


async def test_phone_that_rings_falls_silent_for_him_who_goes_by_key(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    hotline, desks = await seated(start_hotline, phone)
    caller = await dial(await phone("127.0.0.2"), hotline)
    caller.voice.press("1")
    ringing = await rung(desks["general"], hotline)
    caller.voice.press("3")
    await ringing.got_request("CANCEL")
    await picked_up(desks["enterprise"], hotline)
    await hears(caller, SEATS["enterprise"])
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert (story["queue"], story["agent_id"]) == ("enterprise", "enterprise")
