"""Plan 3 in real calls: a citizen is put through to a neighbour hotline's phone."""

import pytest

from tests.sip.service.acts import (
    CITIZEN_HZ,
    assert_recordings_prove,
    dial_and_press,
    hears,
    picked_up,
    rung,
    until_so,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.talks import THIRD_HZ

pytestmark = pytest.mark.sip

METRIC = 'hotline_neighbour_calls_total{{neighbour="next_town",result="{}"}}'


async def test_citizen_speaks_with_the_neighbour_and_the_next_one_waits_for_us(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    neighbour, citizen = await phone(hz=THIRD_HZ), await phone("127.0.0.4")
    desk = await phone()
    hotline = await start_hotline(
        agent(desk, state="logged_out"),
        queues='[[queues]]\nname = "general"\nwrap_up_seconds = 9\n',
        extra="[[plans]]\nlevel = 1\nwrap_up_seconds = 3\n[[plans]]\nlevel = 2\n[[plans]]\nlevel = 3\n"
        f'neighbours = [{{target = "{neighbour.uri}", share = 1, name = "next_town", '
        "ring_seconds = 20}]\n",
    )
    status, said = await hotline.command("plans", "start", "3")
    assert status == 0, said
    await until_so(lambda: wrap_up_is(hotline, 3))
    first = await dial_and_press(citizen, hotline)
    talk = await picked_up(neighbour, hotline)
    await hears(first, THIRD_HZ)
    await hears(talk, CITIZEN_HZ)
    first.hang_up()
    await talk.got_request("BYE")
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["queue"]) == ("answered", "general")
    assert [leg["role"] for leg in story["legs"]] == ["citizen", "third_party"]
    assert [(e["kind"], e["detail"]) for e in story["queue_events"]] == [
        ("NEIGHBOUR", "next_town: answered")
    ]
    assert await hotline.metric(METRIC.format("answered")) == 1
    second = await dial_and_press(citizen, hotline)
    (await rung(neighbour, hotline)).refuse(486)
    await until_waiting(hotline, 1)
    assert await hotline.metric(METRIC.format("busy")) == 1
    second.hang_up()
    await hotline.stop()
    await assert_recordings_prove(hotline)


async def wrap_up_is(hotline: HotlineProcess, seconds: float) -> bool:
    """Plan 1, which is on with plan 3, has shortened it."""
    written = await hotline.get("/api/v1/queues/general/rules")
    return bool(written["rules"]["wrap_up_seconds"] == seconds)
