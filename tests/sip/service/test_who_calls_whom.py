"""Called numbers, callers who hide, callers whom the trunk names, and strangers."""

from pathlib import Path

import pytest

from tests.sip.service.acts import (
    CITIZEN_HZ,
    SILENT,
    answered_by,
    channels,
    dial,
    dial_and_press,
    hears,
    missed,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.tones import level_of

pytestmark = pytest.mark.sip

OFFICE = """
title: 税务
steps:
  account:
    do: collect
    into: account
    max_digits: 7
    timeout: person
    invalid: person
  person:
    do: enqueue
    queue: tax
  goodbye:
    do: hang_up
"""
QUEUES = """
[[queues]]
name = "general"
wrap_up_seconds = 0
[[queues]]
name = "tax"
wrap_up_seconds = 0
"""
ACCOUNT = "7391640"


@pytest.fixture
def tax_office(tmp_path: Path) -> str:
    """Settings that let 12366 meet a flow of its own."""
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "tax.yaml").write_text(OFFICE, encoding="utf-8")
    return (
        f'[ivr]\nflows_dir = "{flows}"\n[[numbers]]\ncalled = "12366"\nflow = "tax"\n'
    )


async def test_called_number_chooses_flow_and_queue_and_keys_stay_secret(
    start_hotline: StartHotline, phone: OpenPhone, tax_office: str
) -> None:
    general, tax, citizen = await phone(), await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(general, "1001"), agent(tax, "2001", queues=["tax"]),
        queues=QUEUES, extra=tax_office, secrets={ACCOUNT},
    )  # fmt: skip
    one = await dial_and_press(citizen, hotline, user="13700000001")
    await answered_by(general, hotline, "1001")
    other = await dial(citizen, hotline, user="13700000002", called="12366")
    for key in ACCOUNT:
        other.info(key)
        await other.got_response("INFO", 200, fresh=True)
    await answered_by(tax, hotline, "2001")
    one.hang_up()
    other.hang_up()
    story = await hotline.call_that_ended()
    assert (story["called"], story["queue"], story["agent_id"]) == (
        "12366",
        "tax",
        "2001",
    )
    assert [step["result"] for step in story["steps"]] == ["key", "requested"]
    first = await hotline.call_that_ended(1)
    assert (first["called"], first["queue"]) == ("12345", "general")
    assert ACCOUNT not in str(hotline.rows("SELECT * FROM ivr_steps"))


async def test_caller_who_withholds_his_number_is_served_and_recorded_without_it(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    citizen.server = ("127.0.0.1", hotline.sip_port)
    hidden = await citizen.dial("Privacy: id", hz=CITIZEN_HZ, user="13700000003")
    await hidden.got_response("INVITE", 200)
    hidden.voice.press("1")
    talk = await answered_by(desk, hotline)
    assert "anonymous" in talk.received[0].get("from")
    await hears(talk, CITIZEN_HZ)
    hidden.hang_up()
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["caller"]) == ("answered", "")
    citizens, _ = await channels(hotline, story["id"])
    assert level_of(citizens, CITIZEN_HZ) > SILENT
    assert "13700000003" not in str(hotline.rows("SELECT * FROM calls"))


async def test_caller_without_a_number_who_is_not_served_is_counted_in_the_ledger(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline()
    citizen.server = ("127.0.0.1", hotline.sip_port)
    hidden = await citizen.dial("Privacy: id", user="13700000003")
    await hidden.got_response("INVITE", 200)
    hidden.voice.press("1")
    await until_waiting(hotline, 1)
    hidden.hang_up()
    await hotline.call_that_ended()
    (entry,) = await missed(hotline)
    assert (entry["caller"], entry["state"]) == ("", "withheld")


async def test_number_that_the_trunk_asserts_wins_and_strangers_are_refused(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    citizen, stranger = await phone("127.0.0.2"), await phone("127.0.0.9")
    hotline = await start_hotline(
        sip='trusted_peers = ["127.0.0.0/29"]', secrets={"11122233"}
    )
    asserted = "P-Asserted-Identity: <sip:+8613911122233@trunk.example>"
    caller = await dial(citizen, hotline, user="13700000004")
    named = await citizen.dial(asserted, user="13700000005")
    await named.got_response("INVITE", 200)
    stranger.server = ("127.0.0.1", hotline.sip_port)
    refused = await stranger.dial(user="13700000006")
    await refused.got_response("INVITE", 403)
    caller.hang_up()
    named.hang_up()
    callers = {(await hotline.call_that_ended(n))["caller"] for n in range(2)}
    assert callers == {"+8613700000004", "+8613911122233"}
    assert len(hotline.rows("SELECT id FROM calls")) == 2
    assert len(await missed(hotline)) == 2
    stranger_metric = 'hotline_calls_refused_total{reason="untrusted_peer"}'
    assert await hotline.metric(stranger_metric) == 1
