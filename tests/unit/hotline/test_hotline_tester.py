"""When test calls are placed, and what is told of them."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from acd.test_calls import HotlineTested
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import Settings, SipSection
from config.test_call_settings import CallTestSection
from hotline.check_test_call import check_test_call
from hotline.finding import Verdict
from hotline.test_calls.placing import own_target
from hotline.test_calls.tester import HotlineTester
from telephony.test_call import CallTestFault, CallTestResult

GOOD = CallTestResult(sip_code=200, answer_seconds=0.1, sound_seconds=2)
BAD = CallTestResult(fault=CallTestFault.NO_ANSWER)


async def placed_and_told(
    *results: CallTestResult | Exception,
) -> list[tuple[float, str]]:
    """When each was placed, in seconds from the start, and the fault that was told."""
    loop, bus, clock = asyncio.get_running_loop(), EventBus(), LoopClock()
    began, left, placed, told = loop.time(), list(results), [], []
    done = asyncio.Event()
    bus.subscribe(HotlineTested, lambda event: told.append(event.fault))

    async def place() -> CallTestResult:
        if not left:
            done.set()
            await asyncio.Event().wait()
        placed.append(round(loop.time() - began))
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    task = asyncio.create_task(HotlineTester(place, 300, bus, clock).run())
    await done.wait()
    task.cancel()
    return list(zip(placed, told, strict=True))


@pytest.mark.looptime
async def test_one_that_fails_is_tried_again_soon() -> None:
    assert await placed_and_told(GOOD, BAD, BAD, GOOD, GOOD) == [
        (5, ""),
        (305, "no_answer"),
        (335, "no_answer"),
        (365, ""),
        (665, ""),
    ]


@pytest.mark.looptime
async def test_fault_of_our_own_is_told_and_ends_nothing() -> None:
    assert await placed_and_told(OSError("no process"), GOOD) == [
        (5, "not_placed"),
        (35, ""),
    ]


def sip(**changes: object) -> SipSection:
    """An endpoint's settings."""
    return SipSection.model_validate(changes)


def test_hotline_calls_itself_where_it_listens() -> None:
    assert own_target(sip()) == "sip:12345@127.0.0.1:5060"
    assert own_target(sip(address="0.0.0.0", port=5070)) == "sip:12345@127.0.0.1:5070"
    assert own_target(sip(address="::")) == "sip:12345@[::1]:5060"
    only_tcp = sip(address="192.0.2.1", transports=("tcp",))
    assert own_target(only_tcp) == "sip:12345@192.0.2.1:5060;transport=tcp"


def found(sip: SipSection, **test_call: object) -> tuple[Verdict, str]:
    """What `hotline check` says."""
    section = CallTestSection.model_validate(test_call)
    (finding,) = check_test_call(Settings(sip=sip, test_call=section))
    return finding.verdict, finding.words


def test_check_tells_where_test_calls_go_and_whether_they_would_be_refused() -> None:
    assert "none" in found(sip())[1]
    good = "every 5 minutes to sip:12345@127.0.0.1:5060"
    assert found(sip(), every_minutes=5) == (Verdict.GOOD, good)
    outside = sip(address=ip_address("192.0.2.1"))
    verdict, words = found(outside, every_minutes=5)
    assert verdict is Verdict.FAULT
    assert "192.0.2.1" in words
    trusting = sip(address="192.0.2.1", trusted_peers=(ip_network("192.0.2.0/24"),))
    assert found(trusting, every_minutes=5)[0] is Verdict.GOOD
    other = found(outside, every_minutes=5, to="sip:12345@sbc.example")
    assert other[0] is Verdict.GOOD
