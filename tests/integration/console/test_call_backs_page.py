"""The pages of missed calls and call-backs: lists, filters, and turns by hand."""

import pytest

from console.accounts.account import Role
from tests.fakes import call_events as told
from tests.fakes.accounts import logged_in
from tests.fakes.call_events import after
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration

FIRST, SECOND = "01AAAAAFIRST", "01BBBBSECOND"


@pytest.fixture
async def owing(service: SmallService) -> SmallService:
    """Two citizens gave up."""
    await service.record(
        *told.abandoned_call(FIRST, caller="+8613812345678"),
        *told.abandoned_call(SECOND, start=after(600), caller="+8613999990000"),
    )
    await service.desk.fold()
    return service


async def test_shift_manager_sees_whom_we_owe_a_call(owing: SmallService) -> None:
    async with logged_in(owing.app, Role.SHIFT_MANAGER) as client:
        text = (await client.get("/call-backs")).text
        assert text.index("+8613999990000") < text.index("+8613812345678")
        assert "待回拨" in text
        found = (await client.get("/call-backs?number=13812345678")).text
        assert "+8613812345678" in found
        assert "+8613999990000" not in found
        none = (await client.get("/call-backs?state=done&kind=promise")).text
        assert "没有符合条件的回拨" in none


async def test_auditor_sees_masked_numbers_and_cannot_guess_one(
    owing: SmallService,
) -> None:
    async with logged_in(owing.app, Role.AUDITOR) as client:
        for path in ("/call-backs", "/call-backs/missed", f"/call-backs/{FIRST}"):
            text = (await client.get(path)).text
            assert "138****5678" in text
            assert "13812345678" not in text
        guessed = (await client.get("/call-backs?number=13812345678")).text
        assert "139****0000" in guessed, "it narrows nothing"
        assert "立即回拨" not in (await client.get(f"/call-backs/{FIRST}")).text


async def test_missed_calls_lead_to_what_became_of_them(owing: SmallService) -> None:
    async with logged_in(owing.app, Role.SHIFT_MANAGER) as client:
        text = (await client.get("/call-backs/missed?state=owed")).text
        assert "在排队中放弃" in text
        assert f'href="/call-backs/{FIRST}"' in text


async def test_debt_is_paid_and_ended_by_hand(owing: SmallService) -> None:
    async with logged_in(owing.app, Role.SHIFT_MANAGER) as client:
        for turn in ("place", "retry", "refused"):
            path = f"/call-backs/{FIRST}"
            answer = await client.post(path, data={"turn": turn})
            assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert owing.desk.placed == [FIRST]
        text = (await client.get(f"/call-backs/{FIRST}")).text
        assert "不需要回拨" in text
        again = await client.post(f"/call-backs/{FIRST}", data={"turn": "cancel"})
        assert again.status_code == 422
        assert 'role="alert"' in again.text


async def test_call_back_that_there_is_not_is_told(service: SmallService) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await client.get("/call-backs/NOTHING")
        assert answer.status_code == 404
        assert "NOTHING" in answer.text
