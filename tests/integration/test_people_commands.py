"""`hotline people`, against a running service and its database."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from typer.testing import Result

from config.settings import load_settings
from console.routes.parts import LONGEST_PAGE
from console.server import HttpServer
from hotline.api_client import ApiClient
from hotline.people import commands
from hotline.people.names import names_by_id
from hotline.staffing import loop_commands
from tests.fakes.console import SmallService, small_service
from tests.integration.test_api_commands import config
from tests.integration.test_queue_commands import run

pytestmark = pytest.mark.integration
FILE = """id,name,posts,contact,queues,qualifications,recall_number,home_minutes,leave
2001,李强,phones;dispatch,sip:2001@127.0.0.1:5272,tax,上岗证=2027-06-30,13812345678,20,
2002,赵敏,quality,,,,13812345679,45,2026-12-01..2026-12-03
2003,孙宇,phones,2003,,,,,
"""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """With the key of its seal where the settings say."""
    key = tmp_path / "people-key"
    key.touch(0o600)
    key.write_bytes(base64.b64encode(b"k" * 32))
    async with (
        small_service(tmp_path) as service,
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
    ):
        config(tmp_path, server.port)
        yield service


async def people(directory: Path, *arguments: str) -> Result:
    """Run `hotline people`."""
    return await run(commands.app, directory, *arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")
    return file


async def test_file_is_taken_in_and_each_refused_line_told(
    service: SmallService, tmp_path: Path, file: Path
) -> None:
    result = await people(tmp_path, "import", str(file))
    assert result.exit_code == 1
    assert "line 4: contact" in result.output
    assert "2 new, 0 changed, 0 known before, 1 refused" in result.output
    again = await people(tmp_path, "import", str(file))
    assert "0 new, 0 changed, 2 known before, 1 refused" in again.output


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("full", [[], ["--full"]], ids=["masked", "whole"])
async def test_what_is_exported_can_be_imported_and_changes_nothing(
    service: SmallService, tmp_path: Path, file: Path, kind: str, full: list[str]
) -> None:
    await people(tmp_path, "import", str(file))
    target = str(tmp_path / f"all.{kind}")
    assert (await people(tmp_path, "export", target, *full)).exit_code == 0
    result = await people(tmp_path, "import", target)
    assert "0 new, 0 changed, 5 known before, 0 refused" in result.output
    person = await service.view.people.person("2001")
    assert person.recall_number == "+8613812345678"


async def test_list_and_show_mask_numbers_unless_they_are_wanted(
    service: SmallService, tmp_path: Path, file: Path
) -> None:
    await people(tmp_path, "import", str(file))
    listed = (await people(tmp_path, "list")).output
    assert "赵敏" in listed
    assert "138****5679" in listed
    assert "12345678" not in listed
    shown = await people(tmp_path, "show", "2001", "--full", "--json")
    assert json.loads(shown.output)["recall_number"] == "+8613812345678"
    assert "2026-12-01..2026-12-03" in (await people(tmp_path, "show", "2002")).output


async def test_person_who_is_removed_is_unknown(
    service: SmallService, tmp_path: Path, file: Path
) -> None:
    await people(tmp_path, "import", str(file))
    assert (await people(tmp_path, "remove", "2002")).exit_code == 0
    result = await people(tmp_path, "show", "2002")
    assert result.exit_code == 1
    assert "nobody '2002'; see: hotline people list" in result.output


async def test_key_that_is_gone_is_told(
    service: SmallService, tmp_path: Path, file: Path
) -> None:
    (tmp_path / "people-key").unlink()
    result = await people(tmp_path, "list")
    assert result.exit_code == 1
    assert "put it back from a backup" in result.output


async def test_tables_name_everybody_however_many_there_are(
    service: SmallService, tmp_path: Path, file: Path
) -> None:
    lines = [f"p{n:03},N{n},quality" for n in range(2 * LONGEST_PAGE)]
    file.write_text("\n".join(["id,name,posts", *lines]), encoding="utf-8")
    await people(tmp_path, "import", str(file))
    found = await asyncio.to_thread(_names, tmp_path)
    assert found["p000"] == "N0" and found["p399"] == "N399"
    shown = await run(loop_commands.app, tmp_path, "propose")
    assert shown.exit_code == 0, shown.output


def _names(directory: Path) -> dict[str, str]:
    with ApiClient(load_settings(directory / "hotline.toml")) as client:
        return names_by_id(client)
