"""The API on a real database and the real engine, asked inside this process."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from acd import events as e
from acd.messages import CallerEnters, OfferAnswered, OfferRings
from tests.fakes.console import SmallService, small_service
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


async def has_called(
    service: SmallService,
    call_id: str,
    *,
    minute: int = 0,
    caller: str = CALLER,
    outcome: e.Outcome = e.Outcome.ABANDONED_IN_IVR,
    queue: str = "",
) -> None:
    """A call of one minute that is over and in the records."""
    at = service.clock.now() + timedelta(minutes=minute)
    events: list[e.Event] = [
        e.CallArrived(
            at=at,
            call_id=call_id,
            caller=caller,
            called="12345",
            peer="127.0.0.1",
            sip_call_id=f"sip-{call_id}",
        ),
        e.CallAnswered(at=at, call_id=call_id),
    ]
    if queue:
        events.append(e.CallerEntered(at=at, call_id=call_id, queue=queue, position=1))
    end = at + timedelta(minutes=1)
    events.append(
        e.CallMissed(
            at=end,
            call_id=call_id,
            caller=caller,
            called="12345",
            queue=queue,
            stage=outcome,
        )
    )
    events.append(
        e.CallEnded(at=end, call_id=call_id, outcome=outcome, cause="peer_hung_up")
    )
    await service.record(*events)


def ids(page: httpx.Response) -> list[str]:
    """The calls' ids of a page."""
    return [item["id"] for item in page.json()["items"]]


# Calls


async def test_calls_are_listed_with_whole_numbers(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A")
    answer = await client.get(f"{API}/calls")
    assert answer.status_code == 200
    call = answer.json()["items"][0]
    assert (call["caller"], call["outcome"]) == (CALLER, "abandoned_in_ivr")
    assert call["arrived_at"].endswith("Z")


async def test_pages_follow_each_other_without_gap_or_repetition(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    for number in range(5):
        await has_called(service, f"C{number}", minute=number)
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = await client.get(
            f"{API}/calls", params={"limit": 2, "before": following}
        )
        seen += ids(page)
        following = page.json()["next"]
    assert seen == ["C4", "C3", "C2", "C1", "C0"]


async def test_calls_are_filtered(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A", outcome=e.Outcome.BLOCKED)
    await has_called(service, "B", minute=1, caller="+8613900000000")
    await has_called(service, "C", minute=2, queue="tax")

    async def found(**params: str) -> list[str]:
        return ids(await client.get(f"{API}/calls", params=params))

    middle = (service.clock.now() + timedelta(seconds=90)).isoformat()
    assert await found(outcome="blocked") == ["A"]
    assert await found(caller="+8613900000000") == ["B"]
    assert await found(queue="tax") == ["C"]
    assert await found(since=middle) == ["C"]
    assert await found(until=middle) == ["B", "A"]
    assert await found(agent="1001") == []


async def test_caller_whose_plus_was_not_escaped_is_found(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A")
    assert ids(await client.get(f"{API}/calls?caller={CALLER}")) == ["A"]


async def test_call_is_told_with_its_whole_story(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A", queue="general")
    story = (await client.get(f"{API}/calls/A")).json()
    assert story["call"]["id"] == "A"
    assert [event["kind"] for event in story["queue_events"]] == ["ENTERQUEUE"]
    assert set(story) >= {"call", "legs", "steps", "queue_events"}


async def test_decisions_about_a_call_are_told(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A", queue="general")
    assert (await client.get(f"{API}/calls/A/decisions")).json() == []
    unknown = await client.get(f"{API}/calls/nowhere/decisions")
    assert unknown.status_code == 404
    assert unknown.json()["error_id"] == "call_unknown"


async def test_missed_calls_are_the_ledger(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await has_called(service, "A")
    await has_called(service, "B", minute=1, caller="")
    page = (await client.get(f"{API}/missed-calls")).json()
    assert [item["call_id"] for item in page["items"]] == ["B", "A"]
    owed = (await client.get(f"{API}/missed-calls?state=owed")).json()
    assert [item["caller"] for item in owed["items"]] == [CALLER]


# Queues and agents


async def test_queues_show_who_waits_now(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    queues = {
        queue["name"]: queue for queue in (await client.get(f"{API}/queues")).json()
    }
    assert (queues["tax"]["waiting"], queues["general"]["waiting"]) == (1, 0)
    assert queues["general"]["agents"]["logged_out"] == 3


async def set_state(
    client: httpx.AsyncClient, agent: str, **body: Any
) -> httpx.Response:
    """Ask for an agent's state."""
    return await client.post(f"{API}/agents/{agent}/state", json=body)


async def test_agent_logs_in_pauses_gets_ready_and_logs_out(
    client: httpx.AsyncClient,
) -> None:
    states = []
    for wish in ("logged_in", "paused", "ready", "logged_out"):
        answer = await set_state(client, "1001", state=wish, reason="lunch")
        assert answer.status_code == 200
        states.append((answer.json()["state"], answer.json()["reason"]))
    expected = [("ready", ""), ("paused", "lunch"), ("ready", ""), ("logged_out", "")]
    assert states == expected
    listed = (await client.get(f"{API}/agents")).json()
    assert [agent["id"] for agent in listed] == ["1001", "1002", "1003"]


async def test_agent_who_talks_is_paused_after_his_talk(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await set_state(client, "1001", state="logged_in")
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    service.distributor.send(OfferRings(offer_id="A-1"))
    service.distributor.send(OfferAnswered(offer_id="A-1"))
    answer = await set_state(client, "1001", state="paused", reason="training")
    assert (answer.status_code, answer.json()["state"]) == (202, "talking")


async def test_agent_who_is_logged_out_cannot_get_ready(
    client: httpx.AsyncClient,
) -> None:
    answer = await set_state(client, "1001", state="ready")
    assert answer.status_code == 409
    assert answer.json()["error_id"] == "agent_logged_out"


async def test_unknown_agent_is_refused_with_the_nearest(
    client: httpx.AsyncClient,
) -> None:
    for answer in (
        await set_state(client, "10011", state="ready"),
        await client.get(f"{API}/agents/10011"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error_id"] == "agent_unknown"
        assert "'1001'" in answer.json()["message"]
