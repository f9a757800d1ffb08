"""The shift desk: what its parts show, and what its buttons do."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from acd.adjustments.effect import Measured
from acd.adjustments.store import keep_measured, keep_round
from console.accounts.account import Role
from tests.fakes.accounts import add_accounts, logged_in
from tests.fakes.console import SmallService, small_service
from tests.fakes.shift_day import fill_shift, keep_a_recall, record_week_in

pytestmark = pytest.mark.integration


@pytest.fixture
async def busy_service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service that knows a week of calls."""
    await record_week_in(tmp_path)
    async with small_service(tmp_path) as service:
        await add_accounts(service.view.accounts)
        yield service


async def proposal_of(manager: httpx.AsyncClient, who: str) -> str:
    """The open proposal for somebody, as the page offers it."""
    kept = (await manager.get("/api/v1/staffing")).json()
    (found,) = [
        p["id"]
        for p in kept["proposals"]
        if p["proposed"]["move"]["before"]["person_id"] == who
    ]
    assert isinstance(found, str)
    return found


async def place_of(manager: httpx.AsyncClient, who: str) -> str:
    """The post at which the page shows somebody."""
    text = (await manager.get("/shift-desk/crew")).text
    found = re.search(rf'data-person="{who}"[^>]*data-where="(\w+)"', text)
    assert found, text
    return found[1]


async def test_shift_manager_begins_there_and_sees_the_people_of_the_day(
    service: SmallService,
) -> None:
    await fill_shift(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        assert (await manager.get("/")).headers["location"] == "/shift-desk"
        page = await manager.get("/shift-desk")
        assert page.status_code == 200
        for words in ("王芳", "李强", "张敏", "赵磊", "未签入", "Plan 1", "预案 1"):
            assert (words in page.text) == (words != "Plan 1"), words
        assert await place_of(manager, "1003") == "dispatch"


async def test_agent_cannot_open_it(service: SmallService) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        for path in ("", "/crew", "/day", "/proposals", "/plans"):
            answer = await agent.get(f"/shift-desk{path}")
            assert answer.status_code == 403, path


async def test_proposal_is_accepted_seen_and_taken_back(
    busy_service: SmallService,
) -> None:
    await fill_shift(busy_service)
    async with logged_in(busy_service.app, Role.SHIFT_MANAGER) as manager:
        part = await manager.post("/shift-desk/look")
        assert part.headers["hx-trigger"] == "shift-desk-changed"
        assert "采纳所选" in part.text
        assert "人·15 分钟" in part.text
        chosen = await proposal_of(manager, "1003")
        form = {"ids": chosen, "turn": "accept"}
        part = await manager.post("/shift-desk/proposals", data=form)
        assert part.status_code == 200
        assert "已采纳" in part.text
        assert await place_of(manager, "1003") == "phones"
        await manager.post("/shift-desk/proposals", data=form | {"turn": "undo"})
        assert await place_of(manager, "1003") == "dispatch"
        again = await manager.post(
            "/shift-desk/proposals", data=form, headers={"hx-request": "true"}
        )
        assert (again.status_code, again.json()["error_id"]) == (
            409,
            "proposal_refused",
        )


async def test_what_was_declined_is_told_in_words_with_his_name(
    busy_service: SmallService,
) -> None:
    await fill_shift(busy_service)
    async with logged_in(busy_service.app, Role.SHIFT_MANAGER) as manager:
        await manager.post("/shift-desk/look")
        form = {"ids": await proposal_of(manager, "1003"), "turn": "decline"}
        await manager.post("/shift-desk/proposals", data=form)
        part = await manager.post("/shift-desk/look")
    assert "张敏 的“调入话务”未采纳：本小时内不再提出" in part.text


async def test_what_came_of_an_accepted_look_stands_beside_what_was_expected(
    busy_service: SmallService,
) -> None:
    await fill_shift(busy_service)
    async with logged_in(busy_service.app, Role.SHIFT_MANAGER) as manager:
        part = await manager.post("/shift-desk/look")
        assert "实际效果" not in part.text, "nothing is accepted yet"
        form = {"ids": await proposal_of(manager, "1003"), "turn": "accept"}
        part = await manager.post("/shift-desk/proposals", data=form)
        expected = await first_effect(manager)
        assert outcome_rows(part.text)[0] == [f"{expected} → –", "–"]
        kept = await busy_service.view.adjustments.last_accepted()
        assert kept
        first, second = kept.round.effects[:2]
        measured = (
            Measured(cell=first.cell, offered=8, in_time=0.625),
            Measured(cell=second.cell, offered=0, in_time=None),
        )
        await keep_measured(busy_service.database, kept.id, measured)
        await manager.post("/shift-desk/look")
        rows = outcome_rows((await manager.get("/shift-desk/proposals")).text)
        assert rows[0] == [f"{expected} → 62%", "8"]
        assert rows[1][1] == "0"
        assert rows[1][0].endswith("→ –")
        await manager.post("/shift-desk/proposals", data=form | {"turn": "undo"})
        part = await manager.get("/shift-desk/proposals")
        assert "实际效果" not in part.text, "it was taken back"


async def first_effect(manager: httpx.AsyncClient) -> str:
    """The share in time that the newest round expects of its first quarter of an hour."""
    kept = (await manager.get("/api/v1/staffing")).json()
    return f"{kept['round']['effects'][0]['in_time_after']:.0%}"


def outcome_rows(part: str) -> list[list[str]]:
    """Expected and measured, and the calls, of each row."""
    table = part[part.index("实际效果") :]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL)
    return [
        [re.sub(r"<span.*?</span>|<.*?>", "", cell).strip() for cell in cells[-2:]]
        for cells in (re.findall(r"<td.*?</td>", row, re.DOTALL) for row in rows)
    ]


async def test_person_is_moved_by_hand_and_back(service: SmallService) -> None:
    await fill_shift(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        form = {"person_id": "1003", "post": "phones"}
        part = await manager.post("/shift-desk/moves", data=form)
        assert part.status_code == 200, part.text
        assert await place_of(manager, "1003") == "phones"
        states = {a.id: a.state for a in service.distributor.agents()}
        assert states["1003"] == "ready"
        (line,) = (await manager.get("/api/v1/staffing/proposals")).json()
        assert (line["state"], line["decided_by"]) == ("accepted", "shift-manager")
        undo = {"ids": line["id"], "turn": "undo"}
        part = await manager.post("/shift-desk/proposals", data=undo)
        assert "已撤销" in part.text
        assert await place_of(manager, "1003") == "dispatch"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"person_id": "1003", "post": "quality"}, 409),
        ({"person_id": "1003", "post": "dispatch"}, 409),
        ({"person_id": "9999", "post": "phones"}, 409),
        ({"person_id": "1003", "post": "phones", "until": "10:07"}, 422),
        ({"person_id": "1003", "post": "reception"}, 422),
    ],
)
async def test_move_that_cannot_be_is_refused_and_changes_nothing(
    service: SmallService, wanted: dict[str, str], status: int
) -> None:
    await fill_shift(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        answers = [
            await manager.post("/shift-desk/moves", data=wanted),
            await manager.post("/api/v1/staffing/moves", json=wanted),
        ]
        assert [a.status_code for a in answers] == [status, status]
        assert await place_of(manager, "1003") == "dispatch"
        assert (await manager.get("/api/v1/staffing/proposals")).json() == []


async def test_plan_is_armed_started_and_stepped_down(service: SmallService) -> None:
    await fill_shift(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        armed = await manager.get("/shift-desk/plans/dry-run", params={"level": 1})
        assert armed.status_code == 200, armed.text
        assert "赵磊" in armed.text
        assert (await manager.get("/api/v1/plans")).json()["state"]["level"] == 0
        order = {"level": "1", "note": "停电"}
        part = await manager.post("/shift-desk/plans", data=order)
        assert 'data-level="1"' in part.text
        assert "停电" in part.text
        assert await place_of(manager, "2001") == "phones"
        part = await manager.post("/shift-desk/plans", data={"level": "0"})
        assert 'data-level="0"' in part.text
        assert await place_of(manager, "2001") == "training"


async def test_day_has_its_quarters_of_an_hour(busy_service: SmallService) -> None:
    await fill_shift(busy_service)
    async with logged_in(busy_service.app, Role.SHIFT_MANAGER) as manager:
        await manager.post("/shift-desk/look")
        part = await manager.get("/shift-desk/day")
    assert part.status_code == 200
    assert part.text.count('<th scope="row">') == 96
    assert "今日余下有" in part.text


async def test_recall_shows_who_is_there_and_who_is_late(
    service: SmallService,
) -> None:
    await fill_shift(service)
    await keep_a_recall(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        text = (await manager.get("/shift-desk/plans")).text
    figures = re.findall(r"<dt>(.+?)</dt><dd[^>]*>(\d+)</dd>", text)
    assert figures == [
        ("已呼叫", "3"),
        ("已确认", "1"),
        ("已到岗", "1"),
        ("不能到岗", "1"),
        ("迟到", "1"),
    ]
    assert "已过 10 / 30 分钟" in text
    rows = re.findall(r'<th scope="row">(\S+)</th>\s*<td>(\S+)', text)
    assert ("李强", "已确认，在途") in rows
    assert "赵磊" not in dict(rows)


async def test_quarter_after_midnight_is_told_as_one_of_the_next_day(
    busy_service: SmallService,
) -> None:
    await fill_shift(busy_service)
    async with logged_in(busy_service.app, Role.SHIFT_MANAGER) as manager:
        await manager.post("/shift-desk/look")
        kept = await busy_service.view.adjustments.last()
        assert kept
        first, *_ = kept.round.effects
        moved = [replace(one, cell=97) for one in kept.round.proposed if one.missing]
        await keep_round(
            busy_service.database,
            replace(
                kept.round,
                at=kept.round.at + timedelta(seconds=1),
                proposed=tuple(moved),
                effects=(replace(first, cell=95), replace(first, cell=96)),
            ),
        )
        part = (await manager.get("/shift-desk/proposals")).text
    heads = re.findall(r'<th scope="row">([^<]+)</th>', part)
    assert heads[:2] == ["23:45", "次日 00:00"]
    assert moved and "次日 00:15" in part and "24:" not in part
