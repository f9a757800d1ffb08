"""Rules and profiles by the API: they count at once, are checked, and are kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import CallOffered
from acd.messages import (
    AgentLogsIn,
    CallerEnters,
    CallerLeaves,
)
from acd.people import store as people
from acd.rule_changes.rows import Author
from acd.talk_events import CallPriorityChanged
from config.database import DatabaseUnavailable, StatementRejected
from config.queue_settings import QueueSection
from console.routes.edits import edit
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
API = "/api/v1"
TAX, GENERAL = f"{API}/queues/tax/rules", f"{API}/queues/general/rules"
WANG = f"{API}/agents/1001/profile"


@pytest.fixture
def offered(service: SmallService) -> list[tuple[str, str]]:
    """Calls and the agents who are rung for them, as it happens."""
    seen: list[tuple[str, str]] = []
    service.bus.subscribe(CallOffered, lambda e: seen.append((e.call_id, e.agent_id)))
    return seen


async def test_rules_are_told_with_their_defaults(client: httpx.AsyncClient) -> None:
    answer = (await client.get(TAX)).json()
    assert (answer["name"], answer["warnings"]) == ("tax", [])
    assert answer["rules"]["strategy"] == "longest_idle"
    assert answer["rules"]["max_penalty"] is None


async def test_rules_reach_a_caller_who_waits_already(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    await client.patch(GENERAL, json={"skills": {"housing": 1}})
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    assert offered == []
    assert (await client.patch(GENERAL, json={"skills": {}})).status_code == 200
    assert offered == [("A", "1001")]


async def test_new_skill_of_an_agent_reaches_a_caller_who_waits_already(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    skills = (("tax", 2),)
    service.distributor.send(CallerEnters(call_id="A", queue="general", skills=skills))
    await client.patch(WANG, json={"skills": {"tax": 1}})
    assert offered == []
    answer = await client.patch(WANG, json={"skills": {"tax": 2}})
    assert offered == [("A", "1001")]
    assert answer.json()["rules"] == {
        "contact": "sip:1001@127.0.0.1",
        "queues": ["general"],
        "skills": {"tax": 2},
        "penalties": {},
        "weight": 1.0,
    }
    agent = (await client.get(f"{API}/agents/1001")).json()
    assert agent["skills"] == {"tax": 2}


async def test_agent_whom_a_queue_gains_is_rung_for_those_who_wait_there(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    await client.patch(WANG, json={"queues": ["tax"], "penalties": {"tax": 3}})
    assert offered == [("A", "1001")]
    (view, *_) = (await client.get(f"{API}/agents")).json()
    assert (view["queues"], view["penalties"]) == (["tax"], {"tax": 3})
    service.distributor.send(CallerLeaves(call_id="A"))


async def test_change_is_the_truth_at_the_next_start(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    relax = [{"after_seconds": 20, "lower_skills_by": 1}]
    hours = {"workday": "08:30-17:30"}
    overflow = [{"when": "closed", "to": "general"}]
    given = {"relax": relax, "hours": hours, "overflow": overflow}
    await client.patch(TAX, json=given)
    await client.put(WANG, json={"skills": {"tax": 9}})
    queues = {queue.name: queue for queue in await people.queue_rows(service.database)}
    assert queues["tax"].relax[0].after_seconds == 20
    assert queues["tax"].hours == hours
    assert service.distributor.rules_of("tax").overflow[0].to == "general"
    (wang, *_) = await people.agent_rows(service.database)
    assert (wang.queues, wang.skills, wang.name) == ((), {"tax": 9}, "Agent 1")
    assert service.distributor.agents()[0].queues == ("general", "tax")


async def test_put_replaces_all_rules_and_patch_only_what_is_given(
    client: httpx.AsyncClient,
) -> None:
    await client.patch(TAX, json={"ring_seconds": 33, "priority": 4})
    patched = (await client.patch(TAX, json={"priority": 5})).json()["rules"]
    assert (patched["ring_seconds"], patched["priority"]) == (33, 5)
    put = (await client.put(TAX, json={"priority": 6})).json()["rules"]
    assert (put["ring_seconds"], put["priority"]) == (20, 6)


@pytest.mark.parametrize(
    ("path", "body", "error_id", "words"),
    [
        (TAX, {"stratgy": "linear"}, "invalid_request", "did you mean 'strategy'?"),
        (TAX, {"name": "taxes"}, "invalid_request", "name is not a setting"),
        (TAX, {"music": "x.wav"}, "invalid_request", "music is not a setting"),
        (TAX, {"weight": -1}, "invalid_request", "weight: Input should be greater"),
        (TAX, {"skills": {"tax": 0}}, "invalid_request", "skills.tax: "),
        (
            TAX,
            {"announce_position_seconds": 0.4},
            "invalid_request",
            "announced every 5 s at most",
        ),
        (TAX, {"ring_seconds": True}, "invalid_request", "true and false are no"),
        (TAX, {"skills": {"tax": True}}, "invalid_request", "true and false are no"),
        (TAX, {"ring_seconds": 1e-9}, "invalid_request", "greater than or equal to 1"),
        (
            TAX,
            {"overflow": [{"when": "wait", "limit": 1e26}]},
            "invalid_request",
            "less than or equal to 1000000",
        ),
        (TAX, {"strategy": "lineal"}, "rules_contradict", "did you mean 'linear'?"),
        (
            TAX,
            {"overflow": [{"when": "wait", "limit": 9, "to": "tax"}]},
            "rules_contradict",
            "goes to the queue itself",
        ),
        (
            TAX,
            {"hours": {"workdays": "8:00-9:00"}},
            "rules_contradict",
            "'workdays' is unknown; did you mean 'workday'?",
        ),
        (
            WANG,
            {"queues": ["genral"]},
            "rules_contradict",
            "he is in the queue 'genral', which does not exist; did you mean 'general'?",
        ),
        (WANG, {"order": 3}, "invalid_request", "order is not a setting"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    client: httpx.AsyncClient,
    path: str,
    body: dict[str, Any],
    error_id: str,
    words: str,
) -> None:
    before = (await client.get(path)).json()
    answer = await client.patch(path, json=body)
    assert (answer.status_code, answer.json()["error_id"]) == (422, error_id)
    assert words in answer.json()["message"]
    assert (await client.get(path)).json() == before
    changes = (await client.get(f"{API}/rule-changes")).json()
    assert changes == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("path", "error_id", "words"),
    [
        (f"{API}/queues/taxx/rules", "queue_unknown", "did you mean 'tax'?"),
        (f"{API}/agents/10011/profile", "agent_unknown", "did you mean '1001'?"),
    ],
)
async def test_nobody_is_changed_who_is_not_there(
    client: httpx.AsyncClient, path: str, error_id: str, words: str
) -> None:
    for answer in (await client.get(path), await client.patch(path, json={})):
        assert (answer.status_code, answer.json()["error_id"]) == (404, error_id)
        assert words in answer.json()["message"]


async def test_what_a_change_makes_doubtful_elsewhere_is_told(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.patch(
        f"{API}/agents/1003/profile", json={"queues": ["general"]}
    )
    assert answer.json()["warnings"] == [
        "queue 'tax': it can never be served: no agent is in it"
    ]
    assert (await client.get(WANG)).json()["warnings"] == []


async def test_every_change_is_kept_with_who_and_when(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await client.patch(TAX, json={"priority": 2}, params={"by": "李班长"})
    await client.patch(WANG, json={"weight": 2})
    page = (await client.get(f"{API}/rule-changes", params={"limit": 1})).json()
    assert [item["kind"] for item in page["items"]] == ["agent"]
    page = (await client.get(f"{API}/rule-changes?before={page['next']}")).json()
    (change,) = page["items"]
    assert (change["name"], change["changed_by"]) == ("tax", "李班长")
    assert (change["old"]["priority"], change["new"]["priority"]) == (0, 2)
    assert change["at"].endswith("Z")
    only = (await client.get(f"{API}/rule-changes?name=1001")).json()["items"]
    assert [item["kind"] for item in only] == ["agent"]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM rule_changes", "UPDATE rule_changes SET name = 'x'"]
)
async def test_what_was_changed_cannot_be_altered_afterwards(
    service: SmallService, client: httpx.AsyncClient, statement: str
) -> None:
    await client.patch(TAX, json={"priority": 2})
    with pytest.raises(StatementRejected, match="kept as they were"):
        async with service.database.begin() as connection:
            await connection.exec_driver_sql(statement)


async def test_changes_at_the_same_moment_do_not_undo_each_other(
    service: SmallService,
) -> None:
    changes, author = service.view.rule_changes, Author(name="", peer="")
    await asyncio.gather(
        *(
            changes.change_rules("tax", edit({name: 3}), author)
            for name in ("priority", "weight", "max_penalty", "ring_seconds")
        )
    )
    rules = service.distributor.rules_of("tax")
    assert (rules.priority, rules.weight) == (3, 3)
    assert (rules.max_penalty, rules.ring_seconds) == (3, 3)


async def test_queue_that_the_engine_does_not_know_yet_is_not_changed(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    seeded_since = QueueSection(name="night")
    await people.seed(service.database, [], [seeded_since], service.clock.now())
    answer = await client.patch(f"{API}/queues/night/rules", json={"priority": 3})
    assert (answer.status_code, answer.json()["error_id"]) == (404, "queue_unknown")
    assert seeded_since in await people.queue_rows(service.database)
    assert (await client.get(f"{API}/rule-changes")).json()["items"] == []


async def test_change_that_cannot_be_kept_is_taken_back_from_the_engine(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, seen = service.database.begin, list[int]()

    @asynccontextmanager
    async def without_room() -> AsyncIterator[AsyncConnection]:
        with pytest.raises(RuntimeError):
            async with begin() as connection:
                yield connection
                seen.append(service.distributor.rules_of("tax").priority)
                raise RuntimeError("undone, as a commit is that finds no room")
        raise DatabaseUnavailable("the disk is full")

    monkeypatch.setattr(service.database, "begin", without_room)
    answer = await client.patch(TAX, json={"priority": 3})
    assert (answer.status_code, answer.json()["error_id"]) == (
        503,
        "database_unavailable",
    )
    assert 3 in seen, "it counted before it was kept"
    assert service.distributor.rules_of("tax").priority == 0
    assert (await client.get(TAX)).json()["rules"]["priority"] == 0


async def test_rules_kept_before_there_were_bounds_are_read_within_them(
    service: SmallService,
) -> None:
    kept = {"announce_position_seconds": 1e-9, "ring_seconds": 0.25}
    async with service.database.begin() as connection:
        line = people.queues.update().where(people.queues.c.name == "tax")
        await connection.execute(line.values(rules=kept))
    queues = {queue.name: queue for queue in await people.queue_rows(service.database)}
    tax = queues["tax"]
    assert (tax.announce_position_seconds, tax.ring_seconds) == (5, 1)


async def test_waiting_call_is_made_an_emergency_with_who_asked(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    told: list[CallPriorityChanged] = []
    service.bus.subscribe(CallPriorityChanged, told.append)
    for call_id in ("A", "B"):
        service.distributor.send(CallerEnters(call_id=call_id, queue="general"))
    path = f"{API}/calls/B/priority"
    answer = await client.post(f"{path}?by=li", json={"priority": "emergency"})
    assert answer.json() == {"call_id": "B", "agent_id": ""}
    assert (told[0].priority, told[0].position, told[0].asked_by) == (1000, 1, "li")
    assert told[0].peer == "127.0.0.1"
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    assert offered == [("B", "1001")]
    for wrong in (True, 101, -1, "soon", None):
        refused = await client.post(path, json={"priority": wrong})
        assert refused.json()["error_id"] == "invalid_request"
    gone = await client.post(f"{API}/calls/C/priority", json={"priority": 5})
    assert (gone.status_code, gone.json()["error_id"]) == (409, "call_not_waiting")
    for call_id in ("A", "B"):
        service.distributor.send(CallerLeaves(call_id=call_id))
