"""Campaigns in which agents speak, through the running service and real telephones."""

import asyncio
from pathlib import Path

import pytest

from tests.sip.phone import Phone
from tests.sip.service.acts import (
    AGENT_HZ,
    CITIZEN_HZ,
    assert_recordings_prove,
    hears,
    picked_up,
    rung,
    until_so,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import (
    PRESSES,
    UNHAPPY,
    import_orders,
    noon_zone,
    outcomes,
    start_campaign,
)

pytestmark = pytest.mark.sip


def settings(outside: Phone) -> dict[str, str]:
    """A trunk whose every number is this phone, and a window that is open."""
    host, _, port = outside.uri.rpartition("@")[2].partition(":")
    return {
        "hotline": f'drain_seconds = 5\ntimezone = "{noon_zone()}"',
        "extra": (
            '[outbound]\nlines = 3\nwindows = ["08:00-21:00"]\nworkdays_only = false\n'
            f'[[trunks]]\nname = "telecom"\nhost = "{host}"\nport = {port}\n'
            'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
        ),
    }


async def set_mode(hotline: HotlineProcess, mode: str) -> None:
    """As a person sets it."""
    words = ("campaigns", "mode", "november", mode, "--queue", "general")
    status, said = await hotline.command(*words)
    assert (status, said) == (0, f"campaign november is {mode}, agents of general\n")


async def until_talked(hotline: HotlineProcess, number: str) -> None:
    """The try of this number ended as a talk with an agent."""

    async def is_so() -> bool:
        return (await outcomes(hotline)).get(number) == "talked"

    await until_so(is_so)


async def is_recorded(hotline: HotlineProcess) -> bool:
    """The only call is an answered one of ours, in the agents' queue."""
    query = "SELECT direction, outcome, queue FROM calls"
    wanted = {"direction": "out", "outcome": "answered", "queue": "general"}
    return [dict(row) for row in hotline.rows(query)] == [wanted]


async def test_agent_is_reserved_before_the_citizen_is_rung_and_both_are_heard(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    hotline = await start_hotline(agent(desk), **settings(outside))
    await import_orders(hotline, PRESSES)
    await set_mode(hotline, "progressive")
    await start_campaign(hotline)
    ringing = await rung(desk, hotline)
    with pytest.raises(TimeoutError):
        await outside.expect_call(2)  # nobody could speak with him yet
    ringing.answer()
    citizen = await picked_up(outside, hotline)
    assert PRESSES in citizen.received[0].get("to")
    await hears(citizen, AGENT_HZ)
    await hears(ringing, CITIZEN_HZ)
    await asyncio.sleep(1)
    citizen.hang_up()
    await ringing.got_request("BYE")
    await until_talked(hotline, PRESSES)
    await until_so(lambda: is_recorded(hotline))
    await assert_recordings_prove(hotline)


async def test_agent_is_shown_a_contact_and_accepts_him_by_command(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    hotline = await start_hotline(agent(desk), **settings(outside))
    await import_orders(hotline, PRESSES, UNHAPPY)
    await set_mode(hotline, "preview")
    await start_campaign(hotline)

    async def is_shown(order: str) -> bool:
        said = (await hotline.command("campaigns", "previews"))[1]
        assert PRESSES not in said
        return order in said

    await until_so(lambda: is_shown("A-0"))
    assert (await hotline.command("campaigns", "skip", "1001"))[0] == 0
    await until_so(lambda: is_shown("A-1"))
    assert (await hotline.command("campaigns", "accept", "1001"))[0] == 0
    talk = await picked_up(desk, hotline)
    citizen = await picked_up(outside, hotline)
    assert UNHAPPY in citizen.received[0].get("to")
    await hears(citizen, AGENT_HZ)
    talk.hang_up()
    await citizen.got_request("BYE")
    await until_talked(hotline, UNHAPPY)
    assert set(await outcomes(hotline)) == {UNHAPPY}
