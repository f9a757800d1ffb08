"""`while_alive`: a call's coroutine ends with its leg, and only then."""

import asyncio

import pytest

from telephony.calls import LegGone, while_alive
from telephony.events import EndCause
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import FakeEndpoint

pytestmark = pytest.mark.looptime


@pytest.fixture
async def leg() -> FakeLeg:
    leg = FakeEndpoint().dial()
    await leg.answer()
    return leg


async def test_body_that_ends_first_is_left_alone(leg: FakeLeg) -> None:
    async with while_alive(leg):
        await asyncio.sleep(1)
    leg.peer_hangs_up()
    await asyncio.sleep(1)


async def test_hang_up_cancels_the_body_and_tells_the_cause(leg: FakeLeg) -> None:
    asyncio.get_running_loop().call_later(1, leg.peer_hangs_up)
    with pytest.raises(LegGone) as gone:
        async with while_alive(leg):
            await asyncio.sleep(60)
    assert gone.value.ended.cause is EndCause.PEER_HUNG_UP
    assert asyncio.get_running_loop().time() == pytest.approx(1)
    await asyncio.sleep(1)


async def test_body_does_not_begin_on_a_leg_that_has_ended(leg: FakeLeg) -> None:
    leg.peer_hangs_up()
    with pytest.raises(LegGone):
        async with while_alive(leg):
            raise AssertionError("the body ran")


async def test_cancelling_from_outside_stays_a_cancellation(leg: FakeLeg) -> None:
    async def body() -> None:
        async with while_alive(leg):
            await asyncio.sleep(60)

    task = asyncio.create_task(body())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not leg.ended.done()


async def test_cancellation_wins_over_a_hang_up_at_the_same_time(leg: FakeLeg) -> None:
    async def body() -> None:
        async with while_alive(leg):
            await asyncio.sleep(60)

    task = asyncio.create_task(body())
    await asyncio.sleep(1)
    leg.peer_hangs_up()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_hang_up_during_the_bodys_clean_up_does_not_cut_it(leg: FakeLeg) -> None:
    cleaned = False
    with pytest.raises(LegGone):
        async with while_alive(leg):
            leg.peer_hangs_up()
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(1)
                cleaned = True
    assert cleaned


async def test_own_error_of_the_body_is_kept(leg: FakeLeg) -> None:
    with pytest.raises(ValueError, match="own"):
        async with while_alive(leg):
            raise ValueError("own")
    leg.peer_hangs_up()
    await asyncio.sleep(1)


async def test_nested_scopes_each_tell_of_their_own_leg(leg: FakeLeg) -> None:
    other = FakeEndpoint().dial()
    asyncio.get_running_loop().call_later(1, other.peer_hangs_up)
    async with while_alive(leg):
        with pytest.raises(LegGone) as gone:
            async with while_alive(other):
                await asyncio.sleep(60)
        assert gone.value.ended is other.ended.result()
        await asyncio.sleep(1)


async def test_body_that_ends_as_the_leg_does_is_told(leg: FakeLeg) -> None:
    with pytest.raises(LegGone):
        async with while_alive(leg):
            leg.peer_hangs_up()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    await asyncio.sleep(1)


async def test_hang_up_is_told_even_while_the_task_cleans_up_after_a_cancel(
    leg: FakeLeg,
) -> None:
    told: list[LegGone] = []

    async def body() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            try:
                async with while_alive(leg):
                    await asyncio.sleep(60)
            except LegGone as gone:
                told.append(gone)

    task = asyncio.create_task(body())
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.sleep(1)
    leg.peer_hangs_up()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told
