"""Third parties in real calls: consulted, joined, handed over, or not to be had."""

import asyncio
from typing import Literal

import pytest

from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    answered_by,
    assert_recordings_prove,
    channels,
    hears,
    picked_up,
    rung,
    state_of,
    until_so,
    until_state,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.talks import (
    THIRD_HZ,
    LiveTalk,
    ask,
    hears_none_of,
    keyed,
    live_talk,
    nothing_is_open,
)
from tests.sip.tones import steady_level

pytestmark = pytest.mark.sip

Stage = Literal["on hold", "called", "consulted", "joined", "handed over", "supervised"]


async def test_three_parties_hear_each_other_and_two_go_on_without_the_agent(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    """By the keys of the agent's phone alone."""
    async with live_talk(start_hotline, phone) as talk:
        await keyed(talk.agent, "*1")
        third = await picked_up(talk.police, talk.hotline)
        await hears(talk.agent, THIRD_HZ)
        await hears(third, AGENT_HZ)
        await hears_none_of(third, CITIZEN_HZ)
        await hears_none_of(talk.citizen, AGENT_HZ, THIRD_HZ)
        await keyed(talk.agent, "*0")
        for party, others in (
            (talk.citizen, (AGENT_HZ, THIRD_HZ)),
            (talk.agent, (CITIZEN_HZ, THIRD_HZ)),
            (third, (CITIZEN_HZ, AGENT_HZ)),
        ):
            for hz in others:
                await hears(party, hz)
        await keyed(talk.agent, "*#")
        await talk.agent.got_request("BYE")
        await until_state(talk.hotline, "1001", "ready")
        await hears(talk.citizen, THIRD_HZ)
        await hears(third, CITIZEN_HZ)
        await asyncio.sleep(1)
        talk.citizen.hang_up()
        await third.got_request("BYE")
        story = await talk.hotline.call_that_ended()
        assert story["outcome"] == "answered"
        kinds = [event["kind"] for event in story["talk_events"]]
        assert kinds == [
            "HOLD",
            "CALLTHIRDPARTY",
            "CONSULT",
            "UNHOLD",
            "THREEPARTY",
            "HANDOVER",
            "THIRDPARTYLEFT",
        ]
        _, right = await channels(talk.hotline, story["id"])
        assert steady_level(right[-6400:], THIRD_HZ) > AUDIBLE
        await assert_recordings_prove(talk.hotline)


async def test_agent_who_hangs_up_in_a_consultation_has_transferred_the_citizen(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await ask(talk, "consult", "110")
        third = await picked_up(talk.police, talk.hotline)
        await hears(talk.agent, THIRD_HZ)
        talk.agent.hang_up()
        await hears(talk.citizen, THIRD_HZ)
        await hears(third, CITIZEN_HZ)
        await until_state(talk.hotline, "1001", "ready")
        third.hang_up()
        await until_so(lambda: nothing_is_open(talk.hotline, but=1))


@pytest.mark.parametrize(("how", "ring_seconds"), [("busy", 30), ("silent", 7)])
async def test_third_party_who_is_not_to_be_had_leaves_the_citizen_with_his_agent(
    start_hotline: StartHotline, phone: OpenPhone, how: str, ring_seconds: float
) -> None:
    """The tone is heard from the start, or else after its pause of four seconds."""
    async with live_talk(start_hotline, phone, ring_seconds=ring_seconds) as talk:
        async with asyncio.TaskGroup() as both:
            both.create_task(ask(talk, "consult", "110"), name="consult")
            both.create_task(hears(talk.agent, 450), name="tone")
        ringing = await rung(talk.police, talk.hotline)
        if how == "busy":
            ringing.refuse(486)
        else:
            await ringing.got_request("CANCEL")
        await hears(talk.citizen, AGENT_HZ)
        await hears(talk.agent, CITIZEN_HZ)
        (view,) = await talk.hotline.get("/api/v1/talks")
        assert (view["third_state"], view["on_hold"]) == ("absent", False)


async def test_agent_whose_phone_dies_in_a_consultation_loses_the_citizen_to_another(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    second = await phone(hz=1700)
    async with live_talk(
        start_hotline,
        phone,
        agent(second, "1002", state="logged_out"),
        sip="dead_peer_seconds = 1",
    ) as talk:
        await ask(talk, "consult", "110")
        third = await picked_up(talk.police, talk.hotline)
        await hears(talk.agent, THIRD_HZ)
        talk.agent.forgets_the_dialog = True
        talk.agent.voice.sending = False
        await third.got_request("BYE")
        await until_state(talk.hotline, "1001", "paused")
        status, words = await talk.hotline.command("agents", "login", "1002")
        assert status == 0, words
        await answered_by(second, talk.hotline, "1002")
        await hears(talk.citizen, 1700)


@pytest.mark.parametrize(
    "stage",
    ["on hold", "called", "consulted", "joined", "handed over", "supervised"],
)
async def test_citizen_who_hangs_up_leaves_nothing_open(
    start_hotline: StartHotline, phone: OpenPhone, stage: Stage
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await come_to(talk, stage)
        talk.citizen.hang_up()
        await until_so(lambda: nothing_is_open(talk.hotline))
        await until_state(talk.hotline, "1001", "ready")
        story = await talk.hotline.call_that_ended()
        assert story["outcome"] == "answered"
        assert all(leg["closed_at"] for leg in story["legs"])
        await channels(talk.hotline, story["id"])


async def come_to(talk: LiveTalk, stage: Stage) -> None:
    """Go as far as this with the police, or with a supervisor."""
    if stage == "on hold":
        await ask(talk, "hold")
        return
    if stage == "supervised":
        await ask(talk, "barge", "--supervisor", "boss")
        await picked_up(talk.boss, talk.hotline)
        return
    await ask(talk, "consult", "110")
    if stage == "called":
        await rung(talk.police, talk.hotline)
        return
    await picked_up(talk.police, talk.hotline)
    await hears(talk.agent, THIRD_HZ)
    if stage != "consulted":
        await ask(talk, "join")
    if stage == "handed over":
        await ask(talk, "hand-over")


async def test_colleague_who_is_asked_becomes_the_citizens_agent(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    """An attended transfer between agents."""
    desk = await phone(hz=1700)
    async with live_talk(start_hotline, phone, agent(desk, "1002")) as talk:
        await ask(talk, "consult", "--agent", "1002")
        colleague = await answered_by(desk, talk.hotline, "1002")
        await hears(colleague, AGENT_HZ)
        await hears_none_of(colleague, CITIZEN_HZ)
        await hears_none_of(talk.citizen, AGENT_HZ, 1700)
        await ask(talk, "hand-over")
        await talk.agent.got_request("BYE")
        await hears(talk.citizen, 1700)
        await hears(colleague, CITIZEN_HZ)
        await until_state(talk.hotline, "1001", "ready")
        assert (await state_of(talk.hotline, "1002"))[0] == "talking"
        talk.citizen.hang_up()
        await colleague.got_request("BYE")
        await until_state(talk.hotline, "1002", "ready")
        story = await talk.hotline.call_that_ended()
        assert (story["outcome"], story["agent_id"]) == ("answered", "1002")
        assert len((await talk.hotline.get("/api/v1/calls"))["items"]) == 1


async def test_citizen_is_handed_to_another_queue(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    tax = await phone(hz=1700)
    async with live_talk(
        start_hotline,
        phone,
        agent(tax, "2001", queues=["tax"]),
        queues='[[queues]]\nname = "general"\nwrap_up_seconds = 0\n[[queues]]\nname = "tax"\n',
    ) as talk:
        await ask(talk, "transfer", "--queue", "tax")
        await talk.agent.got_request("BYE")
        await answered_by(tax, talk.hotline, "2001")
        await hears(talk.citizen, 1700)


async def test_agents_own_phone_transfers_an_attended_call_by_refer_with_replaces(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    colleague = await phone(hz=THIRD_HZ)
    async with live_talk(start_hotline, phone) as talk:
        replaced = "consultation%40desk%3Bto-tag%3Da%3Bfrom-tag%3Db"
        talk.agent.send_request(
            "REFER", f"Refer-To: <{colleague.uri}?Replaces={replaced}>"
        )
        taken = await picked_up(colleague, talk.hotline)
        assert taken.received[0].get("replaces") == (
            "consultation@desk;to-tag=a;from-tag=b"
        )
        await talk.agent.got_request("BYE")
        await hears(talk.citizen, THIRD_HZ)


async def test_records_of_a_talk_of_three_are_closed_after_a_kill(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await come_to(talk, "joined")
        await hears(talk.citizen, THIRD_HZ)
        await asyncio.sleep(1)
        await talk.hotline.kill()
        await talk.hotline.start()
        story = await talk.hotline.call_that_ended()
        assert (story["outcome"], story["cause"]) == ("cut_off", "service_killed")
        roles = {leg["role"] for leg in story["legs"]}
        assert roles == {"citizen", "agent", "third_party"}
        assert all(leg["closed_at"] for leg in story["legs"])
        await channels(talk.hotline, story["id"])
