"""Agents come and go while calls wait; a queue goes when nothing needs it any more."""

from dataclasses import replace
from datetime import date

import httpx
import pytest

from acd.events import CallOffered, Outcome
from acd.messages import (
    AgentLogsIn,
    CallerEnters,
    OfferAnswered,
    TalkEnd,
    TalkEnds,
)
from acd.people import store as people
from acd.people.archive import removed_queues
from acd.rule_changes.changes import RuleChanges, RulesRefused
from acd.rule_changes.rows import Author
from console.routes.edits import edit
from tests.fakes import call_events as told
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
API = "/api/v1"
WANG = f"{API}/agents/1001/profile"


@pytest.fixture
def offered(service: SmallService) -> list[tuple[str, str]]:
    """Calls and the agents who are rung for them, as it happens."""
    seen: list[tuple[str, str]] = []
    service.bus.subscribe(CallOffered, lambda e: seen.append((e.call_id, e.agent_id)))
    return seen


NEW = {"id": "1009", "contact": "sip:1009@127.0.0.1:5271", "queues": ["tax"]}


async def test_agent_who_is_added_is_rung_without_a_new_start(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    answer = await client.post(f"{API}/agents", json=NEW | {"state": "ready"})
    assert (answer.status_code, offered) == (201, [("A", "1009")])
    assert service.distributor.profiles["1009"].contact == NEW["contact"]
    again = await client.post(f"{API}/agents", json=NEW)
    assert "'1009' is there already" in again.json()["message"]
    rows = await people.agent_rows(service.database)
    assert [row.id for row in rows] == ["1001", "1002", "1003", "1009"]


async def test_agent_who_is_removed_is_offered_nothing_and_unknown(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    answer = await client.delete(f"{API}/agents/1001?by=Li")
    assert (answer.status_code, answer.json()) == (200, {"name": "1001"})
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    login = await client.post(f"{API}/agents/1001/state", json={"state": "logged_in"})
    assert (offered, login.status_code) == ([], 404)
    assert [a.id for a in service.distributor.agents()] == ["1002", "1003"]
    assert (await client.delete(f"{API}/agents/1001")).status_code == 404
    (change,) = (await client.get(f"{API}/rule-changes")).json()["items"]
    assert (change["changed_by"], change["name"], change["new"]) == ("Li", "1001", {})
    everybody = await people.agent_rows(service.database, with_removed=True)
    assert [row.id for row in everybody] == ["1001", "1002", "1003"]


async def test_agent_who_is_removed_in_a_talk_ends_it_first(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    send, offers = service.distributor.send, list[str]()
    service.bus.subscribe(CallOffered, lambda event: offers.append(event.offer_id))
    await client.patch(f"{API}/queues/general/rules", json={"wrap_up_seconds": 0})
    send(AgentLogsIn(agent_id="1001"))
    send(CallerEnters(call_id="A", queue="general"))
    send(OfferAnswered(offer_id=offers[0]))
    assert (await client.delete(f"{API}/agents/1001")).status_code == 202
    assert service.distributor.agents()[0].state == "talking"
    send(TalkEnds(call_id="A", end=TalkEnd.CALLER))
    assert [a.id for a in service.distributor.agents()] == ["1002", "1003"]


async def test_agent_who_was_removed_can_be_added_again(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await client.delete(f"{API}/agents/1001")
    back = {"id": "1001", "contact": "sip:new@127.0.0.1:5272"}
    assert (await client.post(f"{API}/agents", json=back)).status_code == 201
    assert service.distributor.agents()[0].contact == "sip:new@127.0.0.1:5272"
    assert service.distributor.agents()[0].queues == ("general", "tax")


async def test_contact_changes_at_once_and_a_put_without_one_keeps_it(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await client.patch(WANG, json={"contact": "sip:wang@127.0.0.1:5273"})
    assert service.distributor.profiles["1001"].contact == "sip:wang@127.0.0.1:5273"
    await client.put(WANG, json={"weight": 2})
    assert service.distributor.profiles["1001"].contact == "sip:wang@127.0.0.1:5273"
    shared = await client.patch(WANG, json={"contact": "sip:1002@127.0.0.1"})
    assert any("the same contact" in w for w in shared.json()["warnings"])


async def test_queue_that_is_needed_is_not_removed(client: httpx.AsyncClient) -> None:
    first = await client.delete(f"{API}/queues/general")
    assert "is the first queue" in first.json()["message"]
    needed = await client.delete(f"{API}/queues/tax")
    assert needed.status_code == 422
    assert "agent '1003': he is in the queue 'tax'" in needed.json()["message"]


async def test_queue_that_is_added_works_at_once_and_its_agents_are_rung(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    await client.patch(f"{API}/agents/1001/profile", json={"queues": []})
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    new = {"name": "water", "ring_seconds": 15}
    answer = await client.post(f"{API}/queues?by=Li", json=new)
    assert (answer.status_code, answer.json()["rules"]["ring_seconds"]) == (201, 15)
    service.distributor.send(CallerEnters(call_id="A", queue="water"))
    assert offered == [("A", "1001")]
    names = [queue.name for queue in await people.queue_rows(service.database)]
    assert names == ["general", "tax", "water"] == list(service.distributor.queue_names)
    change = (await client.get(f"{API}/rule-changes?name=water")).json()["items"][0]
    assert (change["changed_by"], change["old"]) == ("Li", {})
    again = await client.post(f"{API}/queues", json=new)
    assert (again.status_code, again.json()["error_id"]) == (422, "rules_contradict")


async def test_new_queue_that_contradicts_others_is_refused_and_not_kept(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    lost = {"name": "water", "overflow": [{"when": "no_agents", "to": "nowhere"}]}
    assert (await client.post(f"{API}/queues", json=lost)).status_code == 422
    assert (await client.post(f"{API}/queues", json={"name": "W"})).status_code == 422
    assert len(await people.queue_rows(service.database)) == 2
    assert "water" not in service.distributor.queue_names


async def test_queue_that_nobody_needs_is_removed_and_who_waits_there_is_served(
    service: SmallService, client: httpx.AsyncClient, offered: list[tuple[str, str]]
) -> None:
    await client.patch(f"{API}/agents/1003/profile", json={"queues": ["general"]})
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    assert (await client.delete(f"{API}/queues/tax")).status_code == 200
    assert [q.name for q in await people.queue_rows(service.database)] == ["general"]
    assert await removed_queues(service.database) == ["tax"]
    assert [queue.name for queue in service.distributor.queues()] == ["general"]
    service.distributor.send(AgentLogsIn(agent_id="1003"))
    assert offered == [("A", "1003")]
    assert (await client.delete(f"{API}/queues/tax")).status_code == 404
    assert (await client.post(f"{API}/queues", json={"name": "tax"})).status_code == 201
    assert await removed_queues(service.database) == []


async def test_queue_that_a_flow_leads_to_or_that_owes_calls_is_not_removed(
    service: SmallService,
) -> None:
    changes = service.view.rule_changes
    author = Author(name="", peer="")
    await changes.change_profile("1003", edit({"queues": ["general"]}), author)
    named = RuleChanges(
        service.database,
        service.distributor,
        service.clock,
        lambda: date(2026, 3, 2),
        flows_by_queue=lambda: {"tax": "citizen"},
    )
    with pytest.raises(RulesRefused, match="the flow 'citizen' leads to"):
        await named.remove_queue("tax", author)
    missed = told.missed("A", told.START, Outcome.ABANDONED_IN_QUEUE)
    await service.record(replace(missed, queue="tax"))
    await service.desk.fold()
    with pytest.raises(RulesRefused, match="1 call-backs are owed"):
        await changes.remove_queue("tax", author)
