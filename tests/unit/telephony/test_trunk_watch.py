"""Trunks are registered and asked after in peace; changes are told once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from config.bus import EventBus
from config.clock import LoopClock
from telephony.trunk_state import TrunkChanged, fault_of_options, fault_of_registration
from telephony.trunk_watch import TrunkWatch
from telephony.trunks import Trunks
from tests.fakes.trunk_endpoint import FakeTrunkEndpoint
from tests.unit.telephony.trunk_lines import PLAN, START, trunk

pytestmark = pytest.mark.looptime

PASSWORD = "s3cret-of-the-trunk"


class Watched:
    """One trunk, its watch, and what was told of it."""

    def __init__(self, **more: Any) -> None:
        self.endpoint, self.bus = FakeTrunkEndpoint(), EventBus()
        self.clock, section = LoopClock(START), trunk(**more)
        self.trunks = Trunks([section], PLAN, START)
        self.told: list[TrunkChanged] = []
        self.bus.subscribe(TrunkChanged, self.told.append)
        passwords = {section.name: SecretStr(PASSWORD)}
        self.watch = TrunkWatch(
            [section], passwords, self.trunks, self.endpoint, self.bus, self.clock
        )

    @property
    def reason(self) -> str:
        """Why the trunk is down, "" when it is up."""
        return self.trunks.views()[0].reason


@asynccontextmanager
async def watched(
    registers_with: int = 200, answers_with: int = 200, lost: str = "", **more: Any
) -> AsyncIterator[Watched]:
    """A trunk that is being watched, a moment after the start."""
    it = Watched(**more)
    it.endpoint.registers_with, it.endpoint.answers_with = registers_with, answers_with
    it.endpoint.lost = {lost}
    async with it.watch:
        await asyncio.sleep(0.1)
        yield it


REGISTERS: dict[str, Any] = {"register": True, "username": "hotline"}


async def test_trunk_without_any_other_sign_is_up_when_its_address_is_found() -> None:
    async with watched() as it:
        assert (it.reason, it.endpoint.opened) == ("", ["telecom"])
        assert (it.endpoint.registered, it.endpoint.asked) == ([], [])


async def test_trunk_is_up_when_it_is_registered_and_answers() -> None:
    async with watched(**REGISTERS, options_seconds=30) as it:
        assert [change.up for change in it.told] == [False, True]


async def test_registration_is_not_repeated_while_it_is_good() -> None:
    async with watched(**REGISTERS) as it:
        await asyncio.sleep(3600)
        assert len(it.endpoint.registered) == 1


async def test_wrong_password_is_told_and_not_tried_in_a_storm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with watched(registers_with=401, **REGISTERS) as it:
        assert it.reason == (
            "the registration was refused (SIP 401): look at username, password and realm"
        )
        await asyncio.sleep(3600)
        assert len(it.endpoint.registered) <= 13
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == f"trunk telecom is down: {it.reason}"
    assert PASSWORD not in caplog.text


async def test_registrar_that_is_away_is_tried_twice_a_minute() -> None:
    async with watched(registers_with=503, **REGISTERS) as it:
        await asyncio.sleep(300)
        assert 9 <= len(it.endpoint.registered) <= 11
        it.endpoint.registers_with = 200
        await asyncio.sleep(31)
        assert it.reason == ""


async def test_refresh_that_fails_takes_the_trunk_down_at_once() -> None:
    async with watched(**REGISTERS) as it:
        it.endpoint.on_registration("telecom", 408)
        assert it.reason == "not registered (SIP 408)"


async def test_trunk_that_stops_answering_is_down_within_seconds_and_comes_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    async with watched(options_seconds=20) as it:
        it.endpoint.answers_with = 0
        await asyncio.sleep(25)
        assert it.reason == "it does not answer OPTIONS"
        it.endpoint.answers_with = 200
        await asyncio.sleep(15)
        assert [change.up for change in it.told] == [False, True, False, True]
    words = [record.getMessage() for record in caplog.records]
    assert words == [
        "trunk telecom is up",
        "trunk telecom is down: it does not answer OPTIONS",
        "trunk telecom is up",
    ]


@pytest.mark.parametrize("code", [408, 500, 503])
async def test_trunk_that_answers_with_a_fault_is_down(code: int) -> None:
    async with watched(answers_with=code, options_seconds=30) as it:
        assert it.reason == f"it answers OPTIONS with SIP {code}"


@pytest.mark.parametrize("code", [200, 401, 404, 405, 483])
def test_any_other_answer_is_a_sign_of_life(code: int) -> None:
    assert fault_of_options(code) == ""


def test_good_registration_is_no_fault() -> None:
    assert fault_of_registration(200) == ""


async def test_name_that_is_not_found_is_looked_for_again() -> None:
    async with watched(lost="telecom.example", **REGISTERS) as it:
        assert "telecom.example cannot be found" in it.reason
        it.endpoint.lost = set()
        await asyncio.sleep(31)
        assert it.reason == ""
        assert len(it.endpoint.registered) == 1


async def test_cancel_stop_twice() -> None:
    it = Watched(**REGISTERS, options_seconds=30)
    async with it.watch:
        await asyncio.sleep(1)
    await it.watch.__aexit__(None, None, None)
    asked = len(it.endpoint.asked)
    await asyncio.sleep(600)
    assert len(it.endpoint.asked) == asked


async def test_failing_endpoint_is_logged_and_stops_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    it = Watched(options_seconds=30)

    async def breaks(trunk: str) -> int:
        raise ValueError(trunk)

    it.endpoint.ask_trunk = breaks  # type: ignore[method-assign]
    async with it.watch:
        await asyncio.sleep(1)
    assert "trunk telecom is no longer looked after" in caplog.text
