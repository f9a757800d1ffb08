"""Phones that do not take a call: each is told in the log, and no citizen is lost."""

from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    answered_by,
    dial_and_press,
    hears,
    rung,
    state_of,
    until_state,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

QUICK = '[[queues]]\nname = "general"\nwrap_up_seconds = 0\nring_seconds = 6\n'
Act = Callable[[HotlineProcess, Phone], Awaitable[object]]


async def leaves_it_ringing(hotline: HotlineProcess, phone: Phone) -> PhoneCall:
    """The phone rings, and nobody is there."""
    return await rung(phone, hotline)


def refuses(code: int) -> Act:
    """The phone refuses with this code."""

    async def refuse(hotline: HotlineProcess, phone: Phone) -> None:
        phone.server = ("127.0.0.1", hotline.sip_port)
        (await phone.expect_call()).refuse(code)

    return refuse


@pytest.mark.parametrize(
    ("act", "state", "advice"),
    [
        (leaves_it_ringing, ("paused", "no_answer"), "it rang and nobody picked up"),
        (refuses(486), ("ready", ""), "it is busy"),
        (refuses(603), ("ready", ""), "it refused"),
        (refuses(480), ("paused", "no_answer"), "nobody picked up"),
        (refuses(404), ("paused", "unreachable"), "it gave no sign of life"),
    ],
)
async def test_citizen_is_served_by_the_next_agent_and_the_log_says_what_to_do(
    start_hotline: StartHotline,
    phone: OpenPhone,
    act: Act,
    state: tuple[str, str],
    advice: str,
) -> None:
    first, second = await phone(), await phone(hz=AGENT_HZ)
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(first, "1000"), agent(second, "1001"), queues=QUICK
    )
    caller = await dial_and_press(citizen, hotline)
    await act(hotline, first)
    await answered_by(second, hotline)
    await hears(caller, AGENT_HZ)
    assert await state_of(hotline, "1000") == state
    line = await hotline.logged("the phone of agent 1000 did not take it")
    assert advice in line
    caller.hang_up()
    assert (await hotline.call_that_ended())["outcome"] == "answered"


@pytest.mark.parametrize(
    ("contact", "advice"),
    [
        ("sip:gone@127.0.0.3:9", "see that it is on and connected"),
        ("sip:1000@pbx.invalid", "the host pbx.invalid cannot be found"),
    ],
)
async def test_citizen_whose_only_agent_cannot_be_reached_waits_with_music(
    start_hotline: StartHotline, phone: OpenPhone, contact: str, advice: str
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    late = agent(desk, "1001", state="logged_out")
    hotline = await start_hotline(agent(contact, "1000"), late, queues=QUICK)
    caller = await dial_and_press(citizen, hotline)
    await until_state(hotline, "1000", "paused")
    assert await state_of(hotline, "1000") == ("paused", "unreachable")
    assert advice in await hotline.logged(advice)
    await until_waiting(hotline, 1)
    assert np.abs(await caller.voice.listen(1)).max() > 300, "music on hold"
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    await answered_by(desk, hotline)
    await hears(caller, AGENT_HZ)
    caller.hang_up()
    assert (await hotline.call_that_ended())["outcome"] == "answered"
