"""Names beside ids in the commands' tables, as the service has them."""

import asyncio
from ipaddress import ip_address
from pathlib import Path

import pytest

from config.settings import load_settings
from console.server import HttpServer
from hotline.api_client import ApiClient
from hotline.people.names import names_by_id
from tests.fakes.console import small_service
from tests.integration.test_api_commands import config
from tests.integration.test_people_and_agents import LI

pytestmark = pytest.mark.integration


async def test_names_of_more_people_than_a_page_holds_are_all_known(
    tmp_path: Path,
) -> None:
    people = {f"q{n:03}": f"Quality {n}" for n in range(120)}
    async with (
        small_service(tmp_path) as service,
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
    ):
        lines = [{"id": i, "name": n, "posts": "quality"} for i, n in people.items()]
        await service.view.people.take(lines, LI)
        settings = load_settings(config(tmp_path, server.port))
        with ApiClient(settings) as client:
            names = await asyncio.to_thread(names_by_id, client)
    assert names == people | {f"100{n}": f"Agent {n}" for n in (1, 2, 3)}
