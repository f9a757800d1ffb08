"""The process that makes reports: another one, the same figures, never left behind."""

import asyncio
import json
import os
import re
import select
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from acd.statistics.day_reports import DayReport, ReportKind, Wanted, day_report
from acd.statistics.edges import Span
from acd.statistics.report_worker import DAY_REPORTS
from acd.statistics.reporter import (
    MOST_WAITING,
    Reporter,
    ReportError,
    ReportLate,
    ReportsBusy,
)
from config.database import DatabaseUnavailable
from tests.fakes import call_events as told
from tests.fakes.console import SmallService, small_service
from tests.integration.worker_processes import runs, workers

pytestmark = pytest.mark.integration

DAY = Span(since=told.START, until=told.START + timedelta(days=1))
QUEUES = Wanted(kind=ReportKind.QUEUES, span=DAY, now=DAY.until)
WANTED = [
    QUEUES,
    replace(QUEUES, queue="tax"),
    replace(QUEUES, kind=ReportKind.AGENTS),
    replace(QUEUES, kind=ReportKind.AGENT, agent_id="1001"),
    replace(QUEUES, kind=ReportKind.STAFF, queue=""),
    replace(QUEUES, kind=ReportKind.STAFF, queue="general"),
]
STATISTICS = "/api/v1/statistics"
WORKER = "acd.statistics.report_worker"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """One call was answered, another given up."""
    async with small_service(tmp_path) as service:
        await service.record(*told.answered_call("A"), *told.abandoned_call("B"))
        yield service


async def reported_here(service: SmallService, wanted: Wanted) -> Any:
    """What this process makes of it, as JSON has it."""
    report = await day_report(service.database, wanted)
    return TypeAdapter(DayReport).dump_python(report, mode="json")


def children() -> list[int]:
    """The report processes that this process has."""
    return workers(WORKER)


async def stopped_in_a_report(reports: Reporter[Wanted]) -> asyncio.Task[bytes]:
    """A report is wanted whose process is stopped before it can answer."""
    await reports.make(QUEUES)
    assert reports.process_id
    os.kill(reports.process_id, signal.SIGSTOP)
    wanted = asyncio.create_task(reports.make(WANTED[1]), name="wanted")
    await asyncio.sleep(0)
    return wanted


async def test_reports_equal_those_made_in_this_process(service: SmallService) -> None:
    for wanted in WANTED:
        made = json.loads(await service.view.reports.make(wanted))
        assert made == await reported_here(service, wanted)


async def test_one_other_process_makes_them_all(
    service: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a report is made in the process of the calls")

    day = {"date": told.START.date().isoformat()}
    paths = ("intervals", "agents", "agents/1001", "staff")
    monkeypatch.setattr("acd.statistics.report.store.counted_calls", never)
    monkeypatch.setattr("acd.statistics.report.store.agent_story", never)
    async with service.client() as client:
        answers = [await client.get(f"{STATISTICS}/{it}", params=day) for it in paths]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.headers["content-type"] for answer in answers} == {
        "application/json"
    }
    assert children() == [service.view.reports.process_id]
    assert service.view.reports.process_id != os.getpid()


async def test_killed_process_is_told_as_such_and_replaced(
    service: SmallService,
) -> None:
    reports = service.view.reports
    await reports.make(QUEUES)
    (killed,) = children()
    os.kill(killed, signal.SIGSTOP)
    async with service.client() as client:
        asked = asyncio.create_task(client.get(f"{STATISTICS}/agents"), name="asked")
        while not reports.making:
            await asyncio.sleep(0)
        os.kill(killed, signal.SIGKILL)
        answer = await asked
        assert (answer.status_code, answer.json()["error_id"]) == (503, "report_failed")
        assert "try again" in answer.json()["message"]
        again = await client.get(f"{STATISTICS}/agents")
    assert again.status_code == 200
    assert children() == [reports.process_id] != [killed]


async def test_process_that_died_idle_is_replaced(service: SmallService) -> None:
    reports = service.view.reports
    await reports.make(QUEUES)
    (killed,) = children()
    os.kill(killed, signal.SIGKILL)
    while reports.process_id == killed:
        await asyncio.sleep(0.01)
    assert await reports.make(QUEUES)


async def test_late_process_is_ended_and_replaced(service: SmallService) -> None:
    async with Reporter(
        service.database.url, replace(DAY_REPORTS, limit_seconds=0.01)
    ) as reports:
        with pytest.raises(ReportLate, match=r"longer than 0\.01 s"):
            await reports.make(QUEUES)
        assert children() == []
    assert ReportLate.error_id == "report_late"


async def test_report_asked_for_twice_is_made_once(service: SmallService) -> None:
    reports = service.view.reports
    asked_later = replace(QUEUES, now=QUEUES.now + timedelta(seconds=1))
    made = [
        asyncio.create_task(reports.make(wanted), name="wanted")
        for wanted in (QUEUES, asked_later)
    ]
    await asyncio.sleep(0)
    assert reports.making == 1
    first, second = await asyncio.gather(*made)
    assert first is second
    assert await reports.make(QUEUES) is not first


async def test_who_goes_away_leaves_the_report_to_the_others(
    service: SmallService,
) -> None:
    reports = service.view.reports
    gone, stays = (
        asyncio.create_task(reports.make(QUEUES), name="wanted") for _ in range(2)
    )
    await asyncio.sleep(0)
    gone.cancel()
    assert json.loads(await stays) == await reported_here(service, QUEUES)
    assert gone.cancelled()


async def test_only_so_many_reports_wait(service: SmallService) -> None:
    reports = service.view.reports
    many = [
        replace(QUEUES, queue=f"queue {number}") for number in range(MOST_WAITING + 1)
    ]
    asked = [
        asyncio.create_task(reports.make(wanted), name="wanted") for wanted in many
    ]
    *made, refused = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in made] == [bytes] * MOST_WAITING
    assert isinstance(refused, ReportsBusy)
    assert await reports.make(many[-1])


async def test_database_that_is_gone_is_told_and_the_process_stays(
    service: SmallService, tmp_path: Path
) -> None:
    nowhere = f"sqlite+aiosqlite:///{tmp_path}/nowhere.sqlite"
    async with Reporter(nowhere, DAY_REPORTS) as reports:
        with pytest.raises(DatabaseUnavailable, match=r"There is no database at"):
            await reports.make(QUEUES)
        assert children() == [reports.process_id]


async def test_no_process_to_be_had_is_told(
    service: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.worker_process.sys.executable", "/no/python")
    with pytest.raises(ReportError, match="No process could be started"):
        await service.view.reports.make(QUEUES)


async def test_stopping_in_a_report_and_twice_leaves_nothing(
    service: SmallService,
) -> None:
    async with Reporter(service.database.url, DAY_REPORTS) as reports:
        wanted = await stopped_in_a_report(reports)
    await reports.__aexit__(None, None, None)
    await asyncio.wait({wanted})
    assert wanted.cancelled()
    assert (children(), reports.making) == ([], 0)


async def test_cancelled_stop_leaves_nothing(service: SmallService) -> None:
    reports = Reporter(service.database.url, DAY_REPORTS)
    wanted = await stopped_in_a_report(reports)
    stop = asyncio.create_task(reports.__aexit__(None, None, None), name="stop")
    await asyncio.sleep(0)
    stop.cancel()
    await asyncio.wait({stop, wanted})
    assert children() == []


CITY = """
import asyncio, sys
from datetime import datetime, UTC
from acd.statistics.day_reports import ReportKind, Wanted
from acd.statistics.edges import Span
from acd.statistics.report_worker import DAY_REPORTS
from acd.statistics.reporter import Reporter

async def main():
    now = datetime.now(UTC)
    wanted = Wanted(kind=ReportKind.QUEUES, span=Span(since=now, until=now), now=now)
    async with Reporter(sys.argv[1], DAY_REPORTS) as reports:
        await reports.make(wanted)
        print(reports.process_id, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_process_ends_when_the_service_is_killed(service: SmallService) -> None:
    city = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CITY, service.database.url, stdout=asyncio.subprocess.PIPE
    )
    assert city.stdout
    worker = int(await city.stdout.readline())
    watched = os.pidfd_open(worker)
    assert runs(worker, WORKER)
    city.kill()
    await city.communicate()
    gone, _, _ = await asyncio.to_thread(select.select, [watched], [], [], 10)
    os.close(watched)
    assert gone


def test_every_refusal_of_a_report_is_documented() -> None:
    text = Path("docs/api.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\| 503 \|.*$", text, re.M)
    for refusal in (ReportError, ReportLate, ReportsBusy):
        assert f"`{refusal.error_id}`" in line
