"""Commands with an Idempotency-Key: carried out once, answered alike, honest when unsure."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from config.database import DatabaseUnavailable
from console.app import create_app
from console.idempotency.keys import Answer, Command
from console.idempotency.store import KeyStore, idempotency_keys
from tests.fakes.console import BEARER, SmallService, small_service

pytestmark = pytest.mark.integration
NEW_QUEUE = {"name": "heating"}
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
COMMAND = Command(caller="c", key="k", fingerprint="f")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service."""
    async with small_service(tmp_path) as service:
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it."""
    async with service.client() as client:
        yield client


def with_key(key: str = "order-1") -> dict[str, str]:
    """The header."""
    return {"Idempotency-Key": key}


async def add_queue(
    client: httpx.AsyncClient, key: str = "order-1", **fields: Any
) -> httpx.Response:
    """Send the command."""
    body = NEW_QUEUE | fields
    return await client.post("/api/v1/queues", json=body, headers=with_key(key))


async def changes(client: httpx.AsyncClient) -> int:
    """How many changes of rules were carried out."""
    return len((await client.get("/api/v1/rule-changes")).json()["items"])


async def test_same_command_with_the_same_key_is_carried_out_once(
    client: httpx.AsyncClient,
) -> None:
    first, second = await add_queue(client), await add_queue(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await changes(client) == 1


async def test_refusal_is_answered_alike_too(client: httpx.AsyncClient) -> None:
    answers = [
        await client.delete("/api/v1/queues/nowhere", headers=with_key())
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[1].json()["error_id"] == "queue_unknown"
    assert answers[1].headers["idempotent-replayed"] == "true"


async def test_other_body_query_or_path_with_the_key_is_refused(
    client: httpx.AsyncClient,
) -> None:
    await add_queue(client)
    for answer in (
        await add_queue(client, ring_seconds=9),
        await client.post("/api/v1/queues?by=Li", json=NEW_QUEUE, headers=with_key()),
        await client.delete("/api/v1/queues/heating", headers=with_key()),
    ):
        assert answer.status_code == 422
        assert answer.json()["error_id"] == "key_of_another_command"
    assert await changes(client) == 1


async def test_other_key_is_another_command(client: httpx.AsyncClient) -> None:
    await add_queue(client, "one")
    await add_queue(client, "two", name="water")
    assert await changes(client) == 2


async def test_restart_keeps_the_answer(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    first = await add_queue(client)
    transport = httpx.ASGITransport(create_app(service.view))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://hotline", headers=BEARER
    ) as later:
        again = await add_queue(later)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_command_that_a_kill_cut_off_is_not_tried_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(KeyStore, "keep", killed)
        with pytest.raises(asyncio.CancelledError):
            await add_queue(client)
    answer = await add_queue(client)
    assert (answer.status_code, answer.json()["error_id"]) == (409, "outcome_unknown")
    assert await changes(client) == 1


async def test_duplicate_at_the_same_time_is_told_to_wait(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(add_queue(client) for _ in range(3)))
    by_status = sorted(each.status_code for each in answers)
    assert by_status == [201, 409, 409]
    refused = next(each for each in answers if each.status_code == 409)
    assert refused.json()["error_id"] == "command_in_progress"
    assert refused.headers["retry-after"] == "1"
    assert await changes(client) == 1


async def test_what_could_not_be_carried_out_may_come_again(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise DatabaseUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(type(service.view.rule_changes), "add_queue", fails)
        assert (await add_queue(client)).status_code == 503
    assert (await add_queue(client)).status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "schlüssel"])
async def test_key_that_is_none_is_refused(client: httpx.AsyncClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = await client.post("/api/v1/queues", json=NEW_QUEUE, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


async def test_body_that_is_too_large_is_refused_and_not_kept(
    client: httpx.AsyncClient,
) -> None:
    large = "x" * 70_000
    assert (await add_queue(client, title=large)).status_code == 413
    assert (await add_queue(client)).status_code == 201


async def test_question_needs_no_key_and_is_never_kept(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(2):
        answer = await client.get("/api/v1/queues", headers=with_key())
        assert "idempotent-replayed" not in answer.headers


async def test_keys_of_one_caller_are_not_those_of_another(
    service: SmallService,
) -> None:
    store, other = (
        KeyStore(service.database),
        Command(caller="d", key="k", fingerprint="f"),
    )
    assert await store.begin(COMMAND, NOW) is None
    assert await store.begin(other, NOW) is None


async def test_neither_key_nor_answer_can_be_read_in_the_database(
    service: SmallService,
) -> None:
    store, key = KeyStore(service.database), "a-key-that-nobody-guesses"
    command = Command(caller="c", key=key, fingerprint="f")
    answer = Answer(status=200, media_type="", body=b"+8613812345678")
    assert await store.begin(command, NOW) is None
    await store.keep(command, answer)
    async with service.database.read() as connection:
        (row,) = await connection.execute(select(idempotency_keys))
    assert key not in str(row)
    assert b"13812345678" not in row.body
    begun = await store.begin(command, NOW)
    assert begun is not None
    assert begun.answer == answer


async def test_key_is_forgotten_after_a_day(service: SmallService) -> None:
    store = KeyStore(service.database)
    await store.begin(COMMAND, NOW)
    await store.keep(COMMAND, Answer(status=200, media_type="", body=b"{}"))
    day = timedelta(hours=24)
    assert await store.begin(COMMAND, NOW + day) is not None
    assert await store.begin(COMMAND, NOW + day + timedelta(seconds=1)) is None


async def test_old_answers_go_also_when_no_key_comes(service: SmallService) -> None:
    store = KeyStore(service.database)
    await store.begin(COMMAND, NOW)
    await store.expire(NOW + timedelta(hours=25))
    assert await store.begin(COMMAND, NOW) is None


async def test_every_command_of_the_description_takes_a_key(
    client: httpx.AsyncClient,
) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            names = {each["name"] for each in operation.get("parameters", ())}
            assert ("Idempotency-Key" in names) is (method != "get"), (method, path)
