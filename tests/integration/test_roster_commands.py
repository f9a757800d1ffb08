"""`hotline roster`, against a running service and its database."""

import json
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import Result

from console.server import HttpServer
from hotline.roster import commands
from tests.fakes.console import SmallService, small_service
from tests.integration.test_api_commands import config
from tests.integration.test_queue_commands import run

pytestmark = pytest.mark.integration
WEEK = ("--week", "2026-W49")
FILE = """person,day,start,end,post,breaks
1001,2026-12-01,08:00,16:30,phones,12:00-12:30
1001,2026-12-02,08:00,16:30,phones,12:00-12:30
1002,2026-12-01,22:00,06:00,phones,
1002,2026-12-02,08:00,16:00,phones,
"""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    async with (
        small_service(tmp_path) as service,
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
    ):
        config(tmp_path, server.port)
        (tmp_path / "roster.csv").write_text(FILE, encoding="utf-8")
        yield service


async def roster(directory: Path, *arguments: str) -> Result:
    """Run `hotline roster`."""
    return await run(commands.app, directory, *arguments)


async def test_file_is_taken_in_and_each_refused_line_told(
    service: SmallService, tmp_path: Path
) -> None:
    file = str(tmp_path / "roster.csv")
    result = await roster(tmp_path, "import", file)
    assert result.exit_code == 1
    assert "line 5: 2 h of rest beside the shift of 2026-12-01 22:00–06:00" in (
        result.output
    )
    assert "3 new, 0 changed, 0 known before, 1 refused" in result.output
    again = await roster(tmp_path, "import", file)
    assert "0 new, 0 changed, 3 known before, 1 refused" in again.output


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_what_is_exported_can_be_imported_and_changes_nothing(
    service: SmallService, tmp_path: Path, kind: str
) -> None:
    await roster(tmp_path, "import", str(tmp_path / "roster.csv"))
    target = str(tmp_path / f"week.{kind}")
    result = await roster(tmp_path, "export", target, *WEEK)
    assert "3 shifts in" in result.output
    for more in ([], ["--replace"]):
        result = await roster(tmp_path, "import", target, *more)
        assert "0 new, 0 changed, 3 known before, 0 refused" in result.output


async def test_week_and_day_are_shown(service: SmallService, tmp_path: Path) -> None:
    await roster(tmp_path, "import", str(tmp_path / "roster.csv"))
    shown = (await roster(tmp_path, "show", *WEEK)).output
    assert "Agent 2" in shown
    assert "06:00" in shown
    empty = (await roster(tmp_path, "show", "--week", "2026-W50")).output
    assert "No shift begins from 2026-12-07 to 2026-12-13." in empty
    day = json.loads(
        (await roster(tmp_path, "show", "--day", "2026-12-01", "--json")).output
    )
    assert day["posts"][0]["rostered"][34] == 1
    assert "08:00" in (await roster(tmp_path, "show", "--day", "2026-12-01")).output


async def test_day_is_drawn(service: SmallService, tmp_path: Path) -> None:
    await roster(tmp_path, "import", str(tmp_path / "roster.csv"))
    file = tmp_path / "day.svg"
    day = ("--day", "2026-12-01", "--picture", str(file))
    assert (await roster(tmp_path, "show", *day)).exit_code == 0
    assert ElementTree.parse(file).getroot().tag.endswith("svg")
    nobody = await roster(tmp_path, "show", *day, "--post", "quality")
    assert nobody.exit_code == 1


async def test_person_is_off_on_a_day(service: SmallService, tmp_path: Path) -> None:
    await roster(tmp_path, "import", str(tmp_path / "roster.csv"))
    result = await roster(tmp_path, "remove", "1001", "2026-12-01")
    assert "taken out: 08:00–16:30 phones" in result.output
    again = await roster(tmp_path, "remove", "1001", "2026-12-01")
    assert (again.exit_code, "has no shift" in again.output) == (1, True)


@pytest.mark.parametrize("week", ["2026-49", "2026-W54", "49"])
async def test_week_that_is_none_is_told(
    service: SmallService, tmp_path: Path, week: str
) -> None:
    result = await roster(tmp_path, "show", "--week", week)
    assert result.exit_code == 2
    assert "write one like 2026-W49" in result.output
