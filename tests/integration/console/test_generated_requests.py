"""Requests made from the API's own description, right ones and wrong ones: never a 5xx."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from config.settings import ApiSection
from console.app import description
from console.server import HttpServer
from tests.fakes.console import BEARER, small_service

pytestmark = pytest.mark.integration

EXAMPLES = 2
ENDLESS = frozenset({"follow_events", "follow_wallboard"})
"""A stream that does not end cannot be waited for; an agent's is refused to who is made up."""
NOT_NOW = frozenset(
    {"forecast_missing", "report_late", "reports_busy", "too_many_readers"}
)
"""Refusals with 503 that say to come again: nothing broke."""
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations() -> Iterator[Any]:
    """Every operation of the description, as what makes requests for it."""
    schema = schemathesis.openapi.from_dict(_without_security())
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] not in ENDLESS:
            yield operation


def _without_security() -> dict[str, Any]:
    """The description without tokens, which would be made up and wrong."""
    api = description()
    for path in api["paths"].values():
        for operation in path.values():
            operation.pop("security")
    return api


def modes(operation: Any) -> list[GenerationMode]:
    """Right requests of all, wrong ones of those that change something."""
    reads = operation.method.upper() == "GET"
    return [GenerationMode.POSITIVE] if reads else list(GenerationMode)


def ask(url: str) -> tuple[Counter[int], list[str]]:
    """Send some requests of each operation; their statuses, and what broke."""
    statuses: Counter[int] = Counter()
    broken: list[str] = []
    session = requests.Session()
    session.trust_env = False
    for operation in operations():
        for mode in modes(operation):

            @given(case=operation.as_strategy(generation_mode=mode))
            @BOUNDED
            def send(case: Any) -> None:
                answer = case.call(base_url=url, headers=BEARER, session=session)
                statuses[answer.status_code] += 1
                if answer.status_code >= 500 and not _not_now(answer):
                    broken.append(f"{case.as_curl_command()}: {answer.text}")

            # What takes nothing cannot be asked wrongly.
            with suppress(Unsatisfiable):
                send()
    return statuses, broken


def _not_now(answer: Any) -> bool:
    return answer.status_code == 503 and answer.json()["error_id"] in NOT_NOW


async def test_no_request_breaks_the_service(tmp_path: Path) -> None:
    unlimited = ApiSection(requests_per_second=1e6, request_burst=1_000_000)
    async with (
        small_service(tmp_path, api=unlimited) as service,
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
    ):
        statuses, broken = await asyncio.to_thread(ask, server.url)
    assert broken == []
    assert statuses[200] > 30, statuses
    assert statuses[422] > 50, statuses
    assert statuses[401] == 0, statuses
