"""Both sides act in the same moment, dozens of times: nobody is stuck, nothing is lost."""

import asyncio
import random
from collections.abc import Callable, Coroutine

import pytest

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import answered_by, dial_and_press, rung, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.waits import until

pytestmark = pytest.mark.sip

DESKS, ROUNDS = 6, 6
CALLS = DESKS * ROUNDS
MOST_APART_SECONDS = 0.01
ENDED = "SELECT outcome FROM calls WHERE ended_at NOT NULL"

Race = Callable[[HotlineProcess, Phone, str, "Callers"], Coroutine[None, None, None]]


class Callers:
    """Citizens, each found again by his number when an agent's phone rings for him."""

    def __init__(self, phone: Phone, hotline: HotlineProcess) -> None:
        self._phone, self._hotline = phone, hotline
        self._calls: dict[str, PhoneCall] = {}
        self.chance = random.Random(12345)

    async def dial(self) -> None:
        """One more citizen asks for a person."""
        number = f"1380013{len(self._calls):04}"
        self._calls[number] = PhoneCall(self._phone, "", self._phone.spare[0])
        self._calls[number] = await dial_and_press(
            self._phone, self._hotline, user=number
        )

    @property
    def number(self) -> int:
        """How many have dialled."""
        return len(self._calls)

    def of(self, talk: PhoneCall) -> PhoneCall:
        """The citizen for whom this phone rings."""
        shown = talk.received[0].get("from")
        return next(call for number, call in self._calls.items() if number in shown)

    async def together(self, *acts: Callable[[], None]) -> None:
        """Do this in any order, at once or with a blink between."""
        for act in self.chance.sample(acts, len(acts)):
            act()
            if self.chance.random() < 0.5:
                await asyncio.sleep(self.chance.uniform(0, MOST_APART_SECONDS))


async def caller_hangs_up_as_the_agent_answers(
    hotline: HotlineProcess, desk: Phone, _: str, callers: Callers
) -> None:
    talk = await rung(desk, hotline)
    await callers.together(talk.answer, callers.of(talk).hang_up)


async def both_hang_up(
    hotline: HotlineProcess, desk: Phone, agent_id: str, callers: Callers
) -> None:
    talk = await answered_by(desk, hotline, agent_id, 60)
    await callers.together(talk.hang_up, callers.of(talk).hang_up)


@pytest.mark.parametrize("race", [caller_hangs_up_as_the_agent_answers, both_hang_up])
async def test_race_leaves_every_agent_ready_and_every_call_with_one_outcome(
    start_hotline: StartHotline, phone: OpenPhone, race: Race
) -> None:
    desks = {f"100{n}": await phone() for n in range(DESKS)}
    team = [agent(desk, agent_id) for agent_id, desk in desks.items()]
    hotline = await start_hotline(*team)
    callers = Callers(await phone("127.0.0.2"), hotline)

    async def sits_at(agent_id: str) -> None:
        while True:
            await race(hotline, desks[agent_id], agent_id, callers)

    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(sits_at(agent_id)) for agent_id in desks]
        for _ in range(ROUNDS):
            await asyncio.gather(*(callers.dial() for _ in desks))
            await until(lambda: len(hotline.rows(ENDED)) == callers.number)
        for task in sitting:
            task.cancel()
    await until_all_are_ready(hotline)
    await assert_all_ended(hotline, {"answered", "abandoned_while_ringing"})


async def test_caller_who_cancels_as_he_is_answered_is_gone(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline()
    citizen.server = ("127.0.0.1", hotline.sip_port)
    for number in range(CALLS):
        call = await citizen.dial()
        await asyncio.sleep(number * 0.0003)
        call.cancel()
        final = await call.got_response("INVITE")
        if final.code == 200:
            call.hang_up()
    await assert_all_ended(hotline, {"abandoned_in_ivr"})


async def until_all_are_ready(hotline: HotlineProcess) -> None:
    """Wait until every agent may be rung again."""

    async def is_so() -> bool:
        agents = await hotline.get("/api/v1/agents")
        return {agent["state"] for agent in agents} == {"ready"}

    await until_so(is_so)


async def assert_all_ended(hotline: HotlineProcess, outcomes: set[str]) -> None:
    """Every call has one of these outcomes, and no leg is up."""

    async def is_over() -> bool:
        return len(hotline.rows(ENDED)) == CALLS

    await until_so(is_over)
    assert {row["outcome"] for row in hotline.rows(ENDED)} <= outcomes
    assert len(hotline.rows("SELECT id FROM calls")) == CALLS

    async def no_leg_is_up() -> bool:
        return await hotline.metric("hotline_legs_in_use") == 0

    await until_so(no_leg_is_up)
    assert hotline.rows("SELECT id FROM legs WHERE closed_at IS NULL") == []
