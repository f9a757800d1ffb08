"""A flow may let the citizen leave the queue; these are the ways."""

import asyncio
from pathlib import Path

import pytest

from acd.events import (
    CallConnected,
    CallerEntered,
    CallMissed,
    CallRouted,
    Outcome,
)
from acd.queue_rules import Overflow, OverflowWhen
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, refuses_with
from tests.story.hotline import open_hotline

pytestmark = pytest.mark.looptime

FLOW = """
steps:
  person:
    do: enqueue
    queue: general
    say: please_wait
    {ways_out}
  served: {{do: hang_up, say: goodbye}}
  elsewhere: {{do: hang_up, say: call_again}}
"""


@pytest.fixture
def flow_with(tmp_path: Path) -> object:
    """Writes a flow whose queue has these ways out."""

    def write(*ways_out: str) -> Path:
        file = tmp_path / "flow.yaml"
        file.write_text(FLOW.format(ways_out="\n    ".join(ways_out)))
        return file

    return write


async def test_citizen_who_waited_too_long_leaves_the_queue(flow_with) -> None:
    file = flow_with("max_wait_seconds: 60", "too_long: elsewhere")
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(59)
        assert hotline.engine.waiting
        await asyncio.sleep(10)
        assert citizen.heard[-1].file.name == "call_again.wav"
        assert not hotline.engine.waiting
        assert hotline.is_owed_a_call_back(citizen)


async def test_limit_of_the_wait_does_not_end_a_talk(flow_with) -> None:
    file = flow_with("max_wait_seconds: 60", "too_long: elsewhere")
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(120)
        assert citizen.hears_voice_of(hotline.phones_of("a")[0])
        citizen.peer_hangs_up()


async def test_time_out_while_an_agents_phone_rings_silences_it(flow_with) -> None:
    file = flow_with("max_wait_seconds: 10", "too_long: elsewhere")
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.log_in("a")
        hotline.endpoint.dial()
        await asyncio.sleep(11)
        assert hotline.phones_of("a")[0].ended.done()


async def test_citizen_leaves_the_queue_by_the_flows_key_alone(flow_with) -> None:
    file = flow_with('leave_key: "5"', "left: elsewhere")
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        citizen.press("4")
        await asyncio.sleep(1)
        assert hotline.engine.waiting
        citizen.press("5")
        await asyncio.sleep(1)
        assert citizen.heard[-1].file.name == "call_again.wav"
        assert not hotline.engine.waiting


async def test_citizen_does_not_wait_where_nobody_is_logged_in(flow_with) -> None:
    file = flow_with("nobody: elsewhere")
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert citizen.heard[-1].file.name == "call_again.wav"
        await asyncio.sleep(10)
        assert hotline.outcome_of(citizen) is Outcome.DECLINED
        (missed,) = hotline.all(CallMissed)
        assert (missed.call_id, missed.queue) == (citizen.id, "general")
        (decided,) = hotline.all(CallRouted)
        assert (decided.rule, decided.detail) == ("overflow", "no_agents to flow")
        assert [entered.call_id for entered in hotline.all(CallerEntered)] == [
            citizen.id
        ]
        hotline.log_in("a")
        hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert hotline.phones_of("a")


async def test_citizen_who_found_nobody_and_is_helped_elsewhere_is_not_missed(
    flow_with,
) -> None:
    file = flow_with("nobody: office")
    with file.open("a") as flow:
        flow.write("  office: {do: transfer, target: 'sip:office@127.0.0.3', ")
        flow.write("then: elsewhere, failed: elsewhere}\n")
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(5)
        hotline.endpoint.placed[-1].leg.peer_hangs_up()
        await asyncio.sleep(10)
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED
        assert not hotline.is_owed_a_call_back(citizen)


async def test_citizen_who_found_nobody_and_left_a_message_is_owed_a_call_back(
    flow_with,
) -> None:
    file = flow_with("nobody: message")
    with file.open("a") as flow:
        flow.write("  message: {do: record_message, max_seconds: 5, then: elsewhere}\n")
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(30)
        assert hotline.outcome_of(citizen) is Outcome.DECLINED
        assert hotline.is_owed_a_call_back(citizen)


@pytest.mark.parametrize(
    ("way_out", "outcome"),
    [
        ('leave_key: "5"\n    left: elsewhere', Outcome.ABANDONED_IN_QUEUE),
        ("max_wait_seconds: 30\n    too_long: elsewhere", Outcome.ABANDONED_IN_QUEUE),
        ("overflow: elsewhere", Outcome.DECLINED),
    ],
)
async def test_whoever_leaves_the_queue_without_a_person_is_owed_a_call_back(
    flow_with, way_out: str, outcome: Outcome
) -> None:
    overflow = (Overflow(when=OverflowWhen.WAIT, limit=40),)
    file = flow_with(way_out)
    async with open_hotline("a", flow_file=file, overflow=overflow) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        citizen.press("5")
        await asyncio.sleep(40)
        assert citizen.ended.done()
        assert hotline.outcome_of(citizen) is outcome
        (missed,) = hotline.all(CallMissed)
        assert (missed.call_id, missed.queue) == (citizen.id, "general")
        assert missed.stage is outcome


TRANSFER = """
steps:
  office: {do: transfer, target: 'sip:office@127.0.0.3', failed: sorry}
  bye: {do: hang_up}
  sorry: {do: hang_up, say: call_again}
"""


async def test_citizen_whom_nobody_answers_where_the_flow_sent_him_is_owed_a_call_back(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(TRANSFER)
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.endpoint.answer_policy = refuses_with(486)
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(10)
        assert hotline.outcome_of(citizen) is Outcome.DECLINED
        (missed,) = hotline.all(CallMissed)
        assert (missed.call_id, missed.queue) == (citizen.id, "general")
        (decided,) = hotline.all(CallRouted)
        assert (decided.rule, decided.detail) == ("transfer", "busy")


async def test_citizen_who_hangs_up_while_the_flows_telephone_rings_is_owed_a_call_back(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(TRANSFER)
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(5)
        citizen.peer_hangs_up()
        await asyncio.sleep(1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_WHILE_RINGING
        assert hotline.is_owed_a_call_back(citizen)
        (decided,) = hotline.all(CallRouted)
        assert decided.detail == "hung_up"


async def test_transfer_that_nobody_answers_leads_on(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  other: {do: transfer, target: 'sip:office@127.0.0.3', failed: person}\n"
        "  bye: {do: hang_up}\n"
        "  person: {do: enqueue, queue: general}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.endpoint.answer_policy = refuses_with(480)
        hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert hotline.engine.waiting
        hotline.endpoint.answer_policy = answers_after(1)
        direct = hotline.endpoint.dial()
        await asyncio.sleep(10)
        assert direct.hears_voice_of(hotline.endpoint.placed[-1].leg)
        direct.peer_hangs_up()
        await asyncio.sleep(1)
        assert hotline.outcome_of(direct) is Outcome.ANSWERED
        assert hotline.all(CallConnected) == []


async def test_number_is_called_by_the_hotline_and_not_in_the_citizens_name(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  police: {do: transfer, target: 110, then: end, failed: end}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        citizen = hotline.endpoint.dial(from_user="13812345678")
        await asyncio.sleep(3)
        (police,) = hotline.placer.phones_of("110")
        assert citizen.hears_voice_of(police)
        (asked,) = hotline.placer.requests
        assert asked.caller_number == ""
        police.peer_hangs_up()
        await asyncio.sleep(1)
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED


async def test_message_is_marked_in_the_recording_of_the_call(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  message: {do: record_message, max_seconds: 30}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        citizen.press("#")
        await asyncio.sleep(1)
        assert hotline.archive.recordings[citizen.id].marks == ["message_ended"]
        assert hotline.outcome_of(citizen) is Outcome.COMPLETED_IN_IVR


async def test_third_party_who_drops_as_he_picks_up_does_not_cost_the_call(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  other: {do: transfer, target: 'sip:office@127.0.0.3', failed: person}\n"
        "  bye: {do: hang_up}\n"
        "  person: {do: enqueue}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:

        def drops(leg: FakeLeg) -> None:
            leg.peer_answers()
            asyncio.get_running_loop().call_soon(leg.peer_hangs_up)

        hotline.endpoint.answer_policy = drops
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert list(hotline.engine.waiting) == [citizen.id]
