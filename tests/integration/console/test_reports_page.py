"""Reports on pages and as sheets, made from real records."""

import csv
import io
from datetime import timedelta

import httpx
import pytest
from openpyxl import load_workbook

from console.accounts.account import Role
from tests.fakes import call_events as told
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
DAY = "2026-07-20"


@pytest.fixture
async def reported(service: SmallService) -> SmallService:
    """One call was answered and two were given up, on a Monday and on the day after."""
    await service.record(
        *told.answered_call("A"),
        *told.abandoned_call("B", caller="+8613900000001"),
        *told.abandoned_call("C", start=told.after(86400), caller="+8613900000002"),
    )
    return service


async def test_day_is_told_by_queue_hour_and_agent(reported: SmallService) -> None:
    async with reported.client() as client:
        answer = await client.get(f"/api/v1/reports/day?date={DAY}")
    report = answer.json()
    assert (report["first"], report["last"]) == (DAY, DAY)
    assert [line["counts"]["offered"] for line in report["totals"]] == [2, 2]
    assert len(report["lines"]) == 24
    assert [
        n for n, line in enumerate(report["lines"]) if line["counts"]["offered"]
    ] == [9]
    assert [line["agent_id"] for line in report["agents"]] == ["1001"]


async def test_week_and_month_add_the_days_up(reported: SmallService) -> None:
    async with reported.client() as client:
        week = (await client.get(f"/api/v1/reports/week?date={DAY}")).json()
        month = (await client.get(f"/api/v1/reports/month?date={DAY}")).json()
    assert (week["first"], week["last"]) == (DAY, "2026-07-26")
    offered = [line["counts"]["offered"] for line in week["lines"]]
    assert offered == [2, 1, 0, 0, 0, 0, 0]
    assert (month["first"], month["last"]) == ("2026-07-01", "2026-07-31")
    assert month["totals"] == [
        line | {"start": month["totals"][0]["start"]} for line in week["totals"]
    ]


async def test_sheets_hold_the_figures_with_part_and_whole(
    reported: SmallService,
) -> None:
    async with reported.client() as client:
        path = f"/api/v1/reports/day/sheet?date={DAY}"
        book = await client.get(path)
        lines = await client.get(f"{path}&format=csv&table=times&language=en")
    assert book.headers["content-disposition"].endswith(f'"hotline-day-{DAY}.xlsx"')
    sheets = load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["按队列", "按小时", "按坐席"]
    header, general, whole = sheets["按队列"].values
    assert header[:2] == ("队列", "请求人工")
    at = header.index("接通率")
    assert header[at : at + 3] == ("接通率", "接通率: 分子", "接通率: 分母")
    assert general[at : at + 3] == (0.5, 1, 2)
    assert whole[0] == "全部"
    assert lines.content.startswith(b"\xef\xbb\xbf"), "so that Excel reads Chinese"
    rows = list(csv.DictReader(io.StringIO(lines.content.decode("utf-8-sig"))))
    assert len(rows) == 24
    assert (rows[9]["Begins"], rows[9]["Offered"]) == ("09:00", "2")
    assert rows[9]["Connect rate: whole"] == "2"


async def test_page_shows_the_same_and_leads_on(reported: SmallService) -> None:
    async with logged_in(reported.app, Role.SHIFT_MANAGER) as client:
        text = (await client.get(f"/reports?period=week&date={DAY}")).text
        assert "2026-07-20 – 2026-07-26" in text
        assert "33.3&nbsp;%" in text
        assert "1/3" in text
        assert 'rel="prev"' in text
        assert "date=2026-07-19" in text
        assert "date=2026-07-27" in text
        for address in links_to_sheets(text):
            assert (await client.get(address)).status_code == 200


def links_to_sheets(text: str) -> list[str]:
    """Where the page's downloads are."""
    parts = text.split('href="/api/v1/reports/')[1:]
    found = ["/api/v1/reports/" + part.split('"')[0] for part in parts]
    assert len(found) == 5
    return [address.replace("&amp;", "&") for address in found]


async def test_period_without_a_call_is_shown_empty(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        answer = await client.get("/reports?period=month&date=2026-02-11")
    assert answer.status_code == 200
    assert "2026-02-01 – 2026-02-28" in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_day_at_the_end_of_the_calendar_is_refused(
    service: SmallService, day: str
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for path in (
            f"/reports?period=month&date={day}",
            f"/reports/daily?date={day}",
            f"/api/v1/reports/week?date={day}",
            f"/api/v1/reports/month/sheet?format=pdf&date={day}",
            f"/api/v1/reports/daily-review/pdf?date={day}",
            f"/api/v1/roster/days/{day}",
            f"/api/v1/statistics/agents?date={day}",
            f"/api/v1/statistics/agents/1001?date={day}",
        ):
            assert (await client.get(path)).status_code == 422, path


async def test_daily_review_is_a_sheet_to_sign(reported: SmallService) -> None:
    async with logged_in(reported.app, Role.SHIFT_MANAGER) as client:
        text = (await client.get(f"/reports/daily?date={DAY}")).text
        assert "<h1>日清日结（草稿） 2026-07-20 星期一</h1>" in text
        assert '<th scope="col">接通率</th>' in text
        assert "值班长" in text
        yesterday = reported.view.statistics.today() - timedelta(days=1)
        usual: httpx.Response = await client.get("/reports/daily")
        assert f'value="{yesterday}"' in usual.text


async def test_agent_and_campaign_manager_see_no_reports(service: SmallService) -> None:
    for role in (Role.AGENT, Role.CAMPAIGN_MANAGER):
        async with logged_in(service.app, role) as client:
            assert (await client.get("/reports")).status_code == 403
            assert (await client.get("/api/v1/reports/day")).status_code == 403
