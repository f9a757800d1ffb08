"""Messages that nobody should send: written ones, mutated ones, and too many of them.

The messages are files in `tests/data/sip`, after the kinds of RFC 4475. `@TAG@` and
`@PORT@` are filled in, so that each one opens a dialog of its own.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from telephony.calls import Leg
from telephony.events import EndCause, Refusal
from tests.sip.conftest import Desk
from tests.sip.phone import Phone
from tests.sip.sipp import Sipp

pytestmark = pytest.mark.sip

MESSAGES = sorted((Path(__file__).parents[1] / "data" / "sip").glob("*.sip"))
SOUP = (b"\0", b"\r\n", b":", b";", b"@", b'"', b"<", b">", b"%s%n", b"\xff\xfe", b"=")
KEPT_TASKS: set[asyncio.Task[None]] = set()


def _filled(message: bytes, phone: Phone) -> bytes:
    tag = f"{random.randrange(1 << 60):x}".encode()
    port = phone.host.rpartition(":")[2].encode()
    return message.replace(b"@TAG@", tag).replace(b"@PORT@", port)


def _mutated(message: bytes, chance: random.Random) -> bytes:
    data = bytearray(message)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) or 1)
        end = min(len(data), at + chance.randint(1, 40))
        match chance.randrange(6):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = chance.choice(SOUP) * chance.choice((1, 2, 50))
            case 2:
                data[at:end] = bytes(reversed(data[at:end]))
            case 3:
                data[at:at] = data[at:end] * chance.choice((1, 3, 100))
            case 4:
                data[at:end] = chance.randbytes(end - at)
            case _:
                data = data[:at] or data
    return bytes(data[:60_000])


def _mutations(count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    texts = [file.read_bytes() for file in MESSAGES]
    for number in range(count):
        yield _mutated(texts[number % len(texts)], chance)


def _turn_everybody_away(desk: Desk, code: int = 480) -> None:
    def reject(leg: Leg) -> None:
        task = asyncio.create_task(leg.reject(code), name="reject")
        KEPT_TASKS.add(task)
        task.add_done_callback(KEPT_TASKS.discard)

    desk.endpoint.on_call = reject


async def _send(desk: Desk, messages: Iterator[bytes], pause: float = 0.002) -> None:
    phone = await desk.phone()
    for message in messages:
        phone.send_raw(_filled(message, phone))
        await asyncio.sleep(pause)


async def _still_works(desk: Desk, sounds: dict[str, Path]) -> None:
    desk.endpoint.on_call = desk.calls.put_nowait
    await asyncio.sleep(0.2)
    while not desk.calls.empty():
        desk.calls.get_nowait()
    call = await (await desk.phone("127.0.0.5")).dial(user="after")
    leg = await desk.call()
    while leg.invitation and "after@" not in leg.invitation.from_uri:
        leg = await desk.call()
    await leg.answer()
    assert await leg.play([sounds["short"]])
    call.hang_up()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP


async def test_written_messages_do_no_harm(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    _turn_everybody_away(tuned_desk)
    await _send(tuned_desk, (file.read_bytes() for file in MESSAGES), pause=0.01)
    await _still_works(tuned_desk, sounds)


async def test_rejected_invite_and_an_unknown_method_on_its_branch_do_no_harm(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    """Three packets that end a build with asserts."""
    _turn_everybody_away(tuned_desk)
    phone = await tuned_desk.phone()
    for _ in range(5):
        call = await phone.dial()
        await call.got_response("INVITE", 480)
        call.send_request("NONSENSE", cseq=1, branch=call.branch)
        await asyncio.sleep(0.02)
    await _still_works(tuned_desk, sounds)


async def test_hundreds_of_mutated_messages_do_no_harm(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    _turn_everybody_away(tuned_desk)
    await _send(tuned_desk, _mutations(600, seed=12345))
    await _still_works(tuned_desk, sounds)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
async def test_thousands_of_mutated_messages_do_no_harm(
    tuned_desk: Desk, sounds: dict[str, Path], seed: int
) -> None:
    _turn_everybody_away(tuned_desk)
    await _send(tuned_desk, _mutations(10_000, seed), pause=0.001)
    await _still_works(tuned_desk, sounds)


async def test_mutated_messages_inside_a_call_do_not_end_others(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    phone = await tuned_desk.phone()
    victim, other = await phone.dial(), await phone.dial()
    legs = [await tuned_desk.call(), await tuned_desk.call()]
    for leg in legs:
        await leg.answer()
    await victim.got_response("INVITE", 200)
    chance = random.Random(7)
    for _ in range(200):
        body = _mutated(victim.sdp().encode(), chance).decode("latin-1")
        victim.send_request(chance.choice(("INVITE", "UPDATE", "INFO")), body=body)
        await asyncio.sleep(0.002)
    assert not legs[1].ended.done()
    other.hang_up()
    assert (await legs[1].ended).cause is EndCause.PEER_HUNG_UP
    await _still_works(tuned_desk, sounds)


async def test_flood_above_the_admission_limit_is_answered_503(
    tuned_desk: Desk,
    sipp: Callable[..., Awaitable[Sipp]],
    sounds: dict[str, Path],
) -> None:
    _turn_everybody_away(tuned_desk, 503)
    target = f"127.0.0.1:{tuned_desk.sip.port}"
    flood = await sipp("flood", "-r", 500, "-l", 3000, target=target, calls=1500)
    assert await flood.finished() == 0
    await _still_works(tuned_desk, sounds)


async def test_flood_that_nobody_answers_is_refused_by_the_library_and_told_of(
    tuned_desk: Desk,
    sipp: Callable[..., Awaitable[Sipp]],
    sounds: dict[str, Path],
) -> None:
    legs: list[Leg] = []
    tuned_desk.endpoint.on_call = legs.append
    target = f"127.0.0.1:{tuned_desk.sip.port}"
    flood = await sipp("flood", "-r", 500, "-l", 3000, target=target, calls=1200)
    refused = await tuned_desk.refusal()
    assert (refused.refusal, refused.sip_code) == (Refusal.NO_FREE_LEG, 486)
    assert len(legs) == tuned_desk.endpoint.legs_allowed
    while tuned_desk.refused.qsize() < 199:
        await asyncio.sleep(0.05)
    for leg in legs:
        await leg.reject(503)
    assert await flood.finished() == 0
    await _still_works(tuned_desk, sounds)
