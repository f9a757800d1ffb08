"""Reports on staffing by command and API, from a city whose loop has looked."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from acd.adjustments.rules import LoopRules
from acd.people.person import Post
from acd.plans.desk import PlanOrder
from acd.plans.rules import Plan1, PlansRules
from acd.staffing_reports.daily_reading import NextDayRules
from acd.staffing_reports.report_worker import STAFFING_REPORTS
from acd.staffing_reports.reports import StaffingReportKind, StaffingWanted
from acd.statistics.reporter import Reporter
from config.calendar import Calendar
from hotline.cli import app
from tests.fakes.console import small_service
from tests.integration.staffed_city import CELL, MANAGER, NOON, TODAY, ZONE, City, city

pytestmark = pytest.mark.integration
REPORTS = "/api/v1/staffing/reports"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[City]:
    """At noon the loop has looked once; 12 calls came in each quarter before."""
    (tmp_path / "hotline.toml").write_text(
        f'hotline.data_dir = "{tmp_path}"\nhotline.timezone = "{ZONE}"\n'
    )
    async with city(tmp_path) as made, made.desk() as desk:
        await desk.look()
        yield made


async def run(directory: Path, kind: str, *arguments: str) -> Result:
    """Run `hotline staffing report`; it reads the database on a loop of its own."""
    config = str(directory / "hotline.toml")
    line = ["staffing", "report", kind, "--config", config, *arguments]
    return await asyncio.to_thread(CliRunner().invoke, app, line)


async def test_day_is_told_by_quarters_of_an_hour(here: City, tmp_path: Path) -> None:
    result = await run(tmp_path, "intervals", "--date", f"{TODAY}", "--json")
    report = json.loads(result.output)
    lines = {(x["queue"], x["cell"]): x for x in report["intervals"]}
    assert (report["rounds"], len(report["intervals"])) == (1, 192)
    before, now = lines["all", CELL - 1], lines["all", CELL]
    assert before["came"]["counts"]["answered"] == before["came"]["once"] == 12
    assert before["ahead"]["day_ahead"]["calls"] == pytest.approx(12, abs=0.5)
    assert before["ahead"]["last"] is None
    assert (now["rostered"], now["ahead"]["required"] > 2) == (2, True)
    assert [total["queue"] for total in report["totals"]] == ["general", "all"]


async def test_every_figure_goes_into_a_table_file(here: City, tmp_path: Path) -> None:
    sheet, drawn = tmp_path / "day.xlsx", tmp_path / "day.svg"
    files = ("--table", str(sheet), "--picture", str(drawn))
    result = await run(tmp_path, "intervals", "--date", f"{TODAY}", *files)
    assert result.exit_code == 0
    header, *rows = load_workbook(sheet).active.iter_rows(values_only=True)
    assert len(rows) == 192
    whole = [dict(zip(header, row, strict=True)) for row in rows][96 + CELL - 1]
    assert (whole["queue"], whole["offered"], whole["rostered"]) == ("all", 12, 2)
    assert "<svg" in drawn.read_text(encoding="utf-8")


async def test_accuracy_is_that_of_the_rounds_as_they_were_made(
    here: City, tmp_path: Path
) -> None:
    file = tmp_path / "accuracy.csv"
    days = ("--from", f"{TODAY}", "--to", f"{TODAY}")
    result = await run(tmp_path, "accuracy", *days, "--table", str(file))
    assert result.exit_code == 0
    with file.open(encoding="utf-8") as source:
        lines = list(csv.DictReader(source))
    rows = [x for x in lines if (x["queue"], x["horizon"]) == ("all", "day_ahead")]
    intervals = await run(tmp_path, "intervals", "--date", f"{TODAY}", "--json")
    known = [
        (x["ahead"]["day_ahead"]["calls"], x["came"]["once"])
        for x in json.loads(intervals.output)["intervals"]
        if x["queue"] == "all" and x["ahead"]["day_ahead"]
    ]
    wrong = sum(abs(foreseen - came) for foreseen, came in known)
    assert [(x["forecasts"], x["calls"]) for x in rows] == [("4", "47")] * 2
    assert float(rows[0]["error"]) == pytest.approx(wrong / 47, abs=1e-4)


async def test_days_without_a_round_are_said_to_be(tmp_path: Path, here: City) -> None:
    result = await run(tmp_path, "accuracy", "--to", "2026-01-07")
    assert result.exit_code == 1
    assert "no round was made from 2026-01-01 to 2026-01-07" in result.output


async def test_queue_that_is_not_there_is_refused(here: City, tmp_path: Path) -> None:
    result = await run(tmp_path, "intervals", "--date", f"{TODAY}", "--queue", "moon")
    assert (result.exit_code, "no queue 'moon'" in result.output) == (1, True)


async def test_process_makes_the_same_report(here: City) -> None:
    wanted = StaffingWanted(
        kind=StaffingReportKind.ACCURACY,
        first=TODAY,
        last=TODAY,
        zone=ZONE,
        now=NOON + timedelta(hours=2),
        rules=NextDayRules.of(LoopRules(), Calendar()),
    )
    async with Reporter(here.database.url, STAFFING_REPORTS) as reporter:
        report = json.loads(await reporter.make(wanted))
    [day] = report["days"]
    assert (day["day"], day["rounds"]) == (f"{TODAY}", 1)


async def test_reports_are_asked_for_over_the_api(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service, service.client() as client:
        intervals = await client.get(f"{REPORTS}/intervals")
        assert len(intervals.json()["intervals"]) == 96
        accuracy = await client.get(f"{REPORTS}/accuracy")
        assert (accuracy.status_code, accuracy.json()["days"]) == (200, [])
        refused = await client.get(
            f"{REPORTS}/accuracy", params={"first": "2026-01-01", "last": "2026-11-01"}
        )
        assert (refused.status_code, refused.json()["field"]) == (422, "first")


async def test_people_are_told_how_they_kept_to_the_roster(
    here: City, tmp_path: Path
) -> None:
    """1001 took all calls; no log tells that 1002 was ever there."""
    file = tmp_path / "people.xlsx"
    result = await run(
        tmp_path, "adherence", "--date", f"{TODAY}", "--table", str(file)
    )
    assert result.exit_code == 0
    header, *rows = load_workbook(file).active.iter_rows(values_only=True)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    figures = ("person", "rostered_minutes", "there_minutes", "absent_minutes")
    assert [tuple(line[name] for name in figures) for line in told] == [
        ("1002", 360, 0, 360),
        ("1001", 360, 360, 0),
    ]


async def test_activation_of_a_plan_is_told_with_its_timeline(
    here: City, tmp_path: Path
) -> None:
    posts = PlansRules(plan_1=Plan1(posts=(Post.DISPATCH,)))
    async with here.plans(posts) as plans:
        await plans.order(PlanOrder(level=1, author=MANAGER, note="power cut"))
        await plans.order(PlanOrder(level=0, author=MANAGER))
    days = ("--from", f"{TODAY}", "--to", f"{TODAY}")
    result = await run(tmp_path, "plans", *days, "--json")
    [story] = json.loads(result.output)["stories"]
    assert (story["highest"], story["moved"], story["recall"]) == (1, 1, None)
    told = [(moment["what"], moment["who"]) for moment in story["timeline"]]
    assert sorted(told) == [
        ("back", "1003"),
        ("changed", "li"),
        ("changed", "li"),
        ("moved", "1003"),
    ]
    file = tmp_path / "plans.csv"
    table = await run(tmp_path, "plans", *days, "--table", str(file))
    assert "4 rows in" in table.output
    shown = await run(tmp_path, "plans", *days)
    assert "up to plan 1" in shown.output
    nothing = await run(tmp_path, "plans", "--to", "2026-01-07")
    assert "No plan was on from 2026-01-01 to 2026-01-07." in nothing.output


async def test_draft_for_the_review_is_one_page_about_two_days(
    here: City, tmp_path: Path
) -> None:
    page, drawn = tmp_path / "review.md", tmp_path / "next.svg"
    files = ("--text", str(page), "--picture", str(drawn))
    result = await run(tmp_path, "daily", "--date", f"{TODAY}", *files)
    assert result.exit_code == 0, result.output
    written = page.read_text(encoding="utf-8")
    assert "# 日清日结（草稿） 2026-07-20 星期一" in written
    assert "| 全部 | 48 | 48 | 100.0% | 100.0% |" in written
    assert "Agent 2 缺勤 360 分钟" in written
    assert "2026-07-21 星期二（工作日）：预测来电" in written
    assert "次日话务尚未排班" in written
    assert "2026-07-21" in drawn.read_text(encoding="utf-8")
    english = await run(tmp_path, "daily", "--date", f"{TODAY}", "--language", "en")
    assert "Nobody is rostered on the phones yet." in english.output


async def test_draft_is_made_over_the_api_and_knows_the_loops_rules(
    tmp_path: Path,
) -> None:
    async with small_service(tmp_path) as service, service.client() as client:
        draft = (await client.get(f"{REPORTS}/daily")).json()
        yesterday = service.view.statistics.today() - timedelta(days=1)
        assert (draft["day"], draft["next_day"]) == (f"{yesterday}", None)
        assert draft["owed"] == {"open": 0, "promised": 0, "oldest_at": None}
