"""Who may ask, what is refused and how, and the description of it all."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.database import DatabaseUnavailable
from console.body_limit import BODY_BYTES, LIST_BYTES
from console.middleware import OPEN_PATHS, SECURITY_HEADERS
from tests.fakes.console import BEARER, SmallService, small_service
from tests.fakes.console_parts import FakeBroker

pytestmark = pytest.mark.integration
API = "/api/v1"
CALLER = "+8613812345678"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service with its database."""
    async with small_service(tmp_path, mqtt=FakeBroker()) as service:
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the token."""
    async with service.client() as client:
        yield client


# Refusals


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({}, "state"),
        ({"state": "paused", "reason": "x" * 81}, "reason"),
        ({"state": "paused", "until": "noon"}, "until"),
        ({"state": "paused", "reason": 7}, "reason"),
        ([], None),
    ],
)
async def test_wrong_wish_names_its_field(
    client: httpx.AsyncClient, body: Any, field: str | None
) -> None:
    answer = await client.post(f"{API}/agents/1001/state", json=body)
    assert answer.status_code == 422
    assert answer.json()["error_id"] == "invalid_request"
    assert answer.json().get("field") == field


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "outcome=nice",
        "since=yesterday",
        "since=2026-03-01T00:00:00",
        "before=../x",
        f"caller={'1' * 41}",
    ],
)
async def test_wrong_query_names_its_field(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"{API}/calls?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("method", "path", "status", "error_id"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", f"{API}/calls/", 404, "not_found"),
        ("DELETE", f"{API}/calls", 405, "method_not_allowed"),
        ("GET", f"{API}/calls/unknown", 404, "call_unknown"),
        ("GET", f"{API}/recordings/unknown", 404, "recording_unknown"),
        ("GET", f"{API}/recordings/..%2Fx", 404, "not_found"),
        ("GET", f"{API}/calls/{'x' * 65}", 422, "invalid_request"),
    ],
)
async def test_refusal_has_one_form(
    client: httpx.AsyncClient, method: str, path: str, status: int, error_id: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error_id"] == error_id
    assert answer.json()["message"]


async def test_broken_json_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        f"{API}/agents/1001/state",
        content=b'{"state": ',
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error_id"]) == (422, "invalid_request")


async def chunks() -> AsyncIterator[bytes]:
    """A body without an announced length, a little too long."""
    for _ in range(9):
        yield b"x" * (BODY_BYTES // 8)


async def test_body_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    for content in (b"x" * (BODY_BYTES + 1), chunks()):
        answer = await client.post(
            f"{API}/agents/1001/state",
            content=content,
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 413
        assert answer.json()["error_id"] == "body_too_large"


async def test_list_may_be_longer_than_a_command(client: httpx.AsyncClient) -> None:
    order = {"number": CALLER, "closed_at": "2026-01-05T10:00:00+08:00"}
    orders = [{"order_id": f"A-{n}", **order} for n in range(1000)]
    body = json.dumps({"contacts": orders}).encode()
    assert BODY_BYTES < len(body) < LIST_BYTES
    for content, status in ((body, 200), (body.ljust(LIST_BYTES + 1), 413)):
        answer = await client.post(
            f"{API}/campaigns/november/contacts",
            content=content,
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == status


async def test_fault_of_ours_tells_nothing_of_the_inside(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    def breaks() -> str:
        raise RuntimeError(CALLER)

    service.view.checks["sip"] = breaks  # type: ignore[index]
    answer = await client.get("/health/ready")
    assert answer.status_code == 500
    assert answer.json()["error_id"] == "internal_error"
    assert CALLER not in answer.text


async def test_database_that_is_away_is_said(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    @service.app.get("/unavailable")
    async def unavailable() -> None:
        raise DatabaseUnavailable("the database is locked; try again")

    answer = await client.get("/unavailable")
    assert answer.status_code == 503
    assert answer.json()["error_id"] == "database_unavailable"


# Who may ask


async def test_every_route_but_the_open_ones_needs_the_token(
    service: SmallService,
) -> None:
    paths = service.app.openapi()["paths"]
    assert len(paths) > 9
    async with service.client({}) as stranger:
        for path, operations in paths.items():
            for method in operations:
                answer = await stranger.request(method, path.replace("{", ""))
                assert answer.status_code in (401, 429), (method, path)
        for path in OPEN_PATHS:
            assert (await stranger.get(path)).status_code not in (401, 429), path


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": BEARER["Authorization"].lower().replace("bearer", "Basic")},
        {"Cookie": BEARER["Authorization"]},
    ],
)
async def test_stranger_is_turned_away(
    service: SmallService, headers: dict[str, str]
) -> None:
    async with service.client(headers) as stranger:
        for path in (f"{API}/calls", f"{API}/openapi.json", "/nothing"):
            answer = await stranger.get(path)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["error_id"] == "token_required"


async def test_stranger_who_tries_often_must_wait_and_the_token_still_opens(
    service: SmallService,
) -> None:
    async with service.client({}) as stranger:
        answers = [await stranger.get(f"{API}/calls") for _ in range(12)]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    async with service.client() as client:
        assert (await client.get(f"{API}/calls")).status_code == 200


async def test_log_of_a_wrong_try_holds_no_number_and_no_token(
    service: SmallService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    async with service.client({"Authorization": "Bearer mistyped"}) as stranger:
        await stranger.get(f"{API}/calls", params={"caller": CALLER})
    told = [r.getMessage() for r in caplog.records if r.name.startswith("console")]
    assert told
    assert "13812345678" not in "".join(told)
    assert "mistyped" not in "".join(told)


async def test_every_answer_has_the_security_headers(service: SmallService) -> None:
    async with service.client({}) as stranger:
        for path in ("/metrics", f"{API}/calls"):
            headers = (await stranger.get(path)).headers
            for name, value in SECURITY_HEADERS.items():
                assert headers[name] == value


# The description


async def test_description_is_openapi_3_1_and_names_the_errors(
    client: httpx.AsyncClient,
) -> None:
    api = (await client.get(f"{API}/openapi.json")).json()
    assert api["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in api["components"]["schemas"]
    assert set(api["components"]["schemas"]["ErrorBody"]["properties"]) == {
        "error_id",
        "message",
        "field",
        "line",
        "column",
    }
    for path in api["paths"].values():
        for operation in path.values():
            assert operation["security"]
            assert {"401", "422"} <= set(operation["responses"])


async def test_description_sends_nobody_to_another_host(
    service: SmallService,
) -> None:
    async with service.client() as client:
        for path in (f"{API}/openapi.json", "/metrics"):
            text = (await client.get(path)).text
            assert "http://" not in text
            assert "https://" not in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/statistics/intervals?from=zz", "'from' here; known: date, queue"),
        ("/agents?state=ready", "'state' here; known: none"),
        ("/rule-changes?limi=3", "'limi' here; known: before, limit, name"),
    ],
)
async def test_query_that_a_route_does_not_know_is_refused(
    client: httpx.AsyncClient, path: str, words: str
) -> None:
    answer = await client.get(f"/api/v1{path}")
    assert (answer.status_code, answer.json()["error_id"]) == (422, "invalid_request")
    assert words in answer.json()["message"]


async def test_truth_is_no_number(client: httpx.AsyncClient) -> None:
    path = "/api/v1/queues/tax/rules"
    for given in ({"priority": True}, {"max_penalty": False}, {"skills": {"t": True}}):
        answer = await client.patch(path, json=given)
        assert answer.status_code == 422
        assert "are no numbers" in answer.json()["message"]
