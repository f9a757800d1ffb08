"""What every endpoint promises: the same cases on the fake one and on the real one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telephony.calls import LegGone, TelephonyError
from telephony.events import EndCause
from tests.sip.conftest import open_desk
from tests.sip.stages import INFO, FakeStage, RealStage, Stage

BOTH = [
    pytest.param("fake", marks=pytest.mark.looptime),
    pytest.param("real", marks=pytest.mark.sip),
]


@pytest.fixture(params=BOTH)
async def stage(
    request: pytest.FixtureRequest, sounds: dict[str, Path]
) -> AsyncIterator[Stage]:
    """The fake endpoint, then the real one."""
    if request.param == "fake":
        yield FakeStage(sounds)
    else:
        async with open_desk() as desk:
            yield RealStage(desk, sounds)


async def test_invitation_says_who_calls_whom_from_where(stage: Stage) -> None:
    leg = await stage.dial(called="96196")
    assert leg.invitation
    assert leg.invitation.from_uri.startswith("sip:138")
    assert leg.invitation.request_uri.startswith("sip:96196@")
    assert leg.invitation.peer == "127.0.0.2"
    assert len(leg.id) == 26


async def test_answered_leg_is_up(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.ring()
    await stage.peer(leg).was_answered(180)
    await leg.answer()
    assert leg.answered.done()
    assert not leg.ended.done()
    assert stage.endpoint.legs_in_use == 1


async def test_rejected_leg_ends_with_the_code_that_its_peer_sees(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.reject(503, retry_after_seconds=30)
    ended = await leg.ended
    assert (ended.cause, ended.sip_code) == (EndCause.REJECTED, 503)
    await stage.peer(leg).was_answered(503)


async def test_peer_is_told_when_we_hang_up(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await leg.hang_up()
    assert leg.ended.result().cause is EndCause.WE_HUNG_UP
    await stage.peer(leg).was_told("BYE")


async def test_leg_hung_up_by_its_peer_is_over(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).hang_up()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP


async def test_caller_who_gives_up_before_the_answer_has_cancelled(
    stage: Stage,
) -> None:
    leg = await stage.dial()
    await leg.ring()
    await stage.peer(leg).cancel()
    assert (await leg.ended).cause is EndCause.CANCELLED
    with pytest.raises(LegGone):
        await leg.answer()


async def test_everything_asked_of_an_ended_leg_says_that_it_is_gone(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    await leg.hang_up()
    for asked in (
        leg.ring(),
        leg.answer(),
        leg.play([stage.sounds["low"]]),
        leg.read_digit(timeout_seconds=5),
        leg.start_music(stage.sounds["music"]),
        leg.stop_music(),
        leg.start_recording(tmp_path / "late.wav"),
    ):
        with pytest.raises(LegGone) as gone:
            await asked
        assert gone.value.ended.cause is EndCause.WE_HUNG_UP
    await leg.hang_up()
    await leg.reject(486)
    await leg.stop_recording()


async def test_hang_up_interrupts_whoever_waits_on_the_leg(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    playing = asyncio.create_task(leg.play([stage.sounds["long"]]))
    reading = asyncio.create_task(leg.read_digit(timeout_seconds=60))
    await asyncio.sleep(0.1)
    await stage.peer(leg).hang_up()
    for waiting in (playing, reading):
        with pytest.raises(LegGone):
            await waiting


# --- calls that we place ----------------------------------------------------------


async def test_placed_leg_rings_and_is_answered(stage: Stage) -> None:
    leg = await stage.place()
    assert leg.invitation is None
    assert not leg.tried.done()
    await stage.peer(leg).tries()
    await leg.tried
    assert not leg.rang.done()
    await stage.peer(leg).ring()
    await leg.rang
    assert not leg.answered.done()
    await stage.peer(leg).answer()
    await leg.answered


@pytest.mark.parametrize(
    ("code", "reason", "cause"),
    [
        (486, "", EndCause.BUSY),
        (480, "", EndCause.NO_ANSWER),
        (404, "", EndCause.UNREACHABLE),
        (603, "", EndCause.REJECTED),
        (480, 'Q.850;cause=17;text="User busy"', EndCause.BUSY),
        (302, "", EndCause.UNREACHABLE),
    ],
)
async def test_refused_leg_tells_why(
    stage: Stage, code: int, reason: str, cause: EndCause
) -> None:
    leg = await stage.place()
    await stage.peer(leg).refuse(code, reason)
    ended = await leg.ended
    assert (ended.cause, ended.sip_code) == (cause, code)


async def test_placed_leg_can_be_withdrawn_while_it_rings(stage: Stage) -> None:
    leg = await stage.place()
    await stage.peer(leg).ring()
    await leg.rang
    await leg.hang_up(EndCause.NO_ANSWER)
    assert leg.ended.result().cause is EndCause.NO_ANSWER
    await stage.peer(leg).was_told("CANCEL")


async def test_peer_that_rings_at_once_has_given_its_sign_of_life(
    stage: Stage,
) -> None:
    leg = await stage.place()
    await stage.peer(leg).ring()
    await leg.rang
    assert leg.tried.done()


async def test_trunk_that_is_not_open_is_named(stage: Stage) -> None:
    with pytest.raises(TelephonyError, match="trunk telecom is not open"):
        await stage.endpoint.originate(
            "sip:110@192.0.2.1", from_user="12345", trunk="telecom"
        )
    assert stage.endpoint.legs_in_use == 0


async def test_target_that_is_no_sip_uri_is_named(stage: Stage) -> None:
    with pytest.raises(TelephonyError, match="no-uri"):
        await stage.endpoint.originate("no-uri", from_user="12345")
    assert stage.endpoint.legs_in_use == 0


async def test_transfer_is_refused_to_a_leg_that_may_not(stage: Stage) -> None:
    leg = await stage.place()
    await stage.peer(leg).answer()
    await leg.answered
    assert not await stage.peer(leg).refer(stage.unused_target())
    assert not leg.transferred.done()


async def test_granted_transfer_gives_a_new_leg(stage: Stage) -> None:
    leg = await stage.place(may_transfer=True)
    await stage.peer(leg).answer()
    await leg.answered
    assert await stage.peer(leg).refer(stage.unused_target())
    new = await leg.transferred
    assert new.id != leg.id
    assert not new.answered.done()
    await new.hang_up()
    assert not leg.ended.done()


# --- keys -------------------------------------------------------------------------


async def test_keys_are_read_in_order_and_then_awaited_in_vain(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).press("1*")
    await stage.peer(leg).press("#", INFO)
    read = [await leg.read_digit(timeout_seconds=30) for _ in range(3)]
    assert read == ["1", "*", "#"]
    assert await leg.read_digit(timeout_seconds=0.1) is None


async def test_first_key_is_told_and_stays_unread(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    assert not leg.pressed.done()
    await stage.peer(leg).press("5")
    await leg.pressed
    assert await leg.read_digit(timeout_seconds=30) == "5"


async def test_each_key_is_told_as_it_is_pressed(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    told: asyncio.Queue[str] = asyncio.Queue()
    end = leg.on_digit(told.put_nowait)
    await stage.peer(leg).press("19")
    assert [await told.get(), await told.get()] == ["1", "9"]
    end()
    await stage.peer(leg).press("5")
    read = [await leg.read_digit(timeout_seconds=30) for _ in range(3)]
    assert read == ["1", "9", "5"]
    assert told.empty()


async def test_key_sent_by_both_methods_counts_once(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).press("5")
    await stage.peer(leg).press("5", INFO)
    await stage.peer(leg).press("6")
    assert await leg.read_digit(timeout_seconds=30) == "5"
    assert await leg.read_digit(timeout_seconds=30) == "6"


async def test_unknown_key_is_ignored(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).press("!", INFO)
    assert await leg.read_digit(timeout_seconds=0.2) is None


async def test_cleared_keys_are_forgotten(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).press("7")
    assert await leg.play([stage.sounds["short"]])
    leg.clear_digits()
    assert await leg.read_digit(timeout_seconds=0.1) is None
