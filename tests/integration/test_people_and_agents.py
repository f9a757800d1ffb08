"""One table of people is the truth: a person and the agent that he is never differ."""

from pathlib import Path

import pytest

from acd.people import desk as desk_module
from acd.people.archive import PersonUnknown
from acd.people.events import PersonLeft
from acd.people.store import agent_rows
from acd.rule_changes.rows import Author
from config.database import DatabaseError
from tests.fakes.console import SmallService, small_service

pytestmark = pytest.mark.integration
LI = Author(name="li", peer="127.0.0.1")


async def agents(service: SmallService) -> tuple[list[str], list[str]]:
    """The agents of the database, and those of the engine."""
    kept = [row.id for row in await agent_rows(service.database)]
    return kept, [agent.id for agent in service.distributor.agents()]


@pytest.mark.parametrize(
    "line",
    [
        {"id": "1001", "posts": "quality"},
        {"id": "1001", "queues": "tax"},
        {"id": "4001", "posts": "phones", "contact": "sip:4001@127.0.0.1"},
    ],
    ids=["leaves the phones", "other queues", "comes to the phones"],
)
async def test_person_and_agent_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: dict[str, str]
) -> None:
    async def full(*_: object) -> None:
        raise DatabaseError("the disk is full")

    async with small_service(tmp_path) as service:
        people = service.view.people
        before = await people.everybody(), await agents(service)
        with monkeypatch.context() as broken:
            broken.setattr(desk_module, "keep_person", full)
            with pytest.raises(DatabaseError):
                await people.take([line], LI)
        assert (await people.everybody(), await agents(service)) == before
        queues = {a.id: a.queues for a in service.distributor.agents()}
        assert queues["1001"] == ("general",)
        taken = await people.take([line], LI)
        assert (taken.new + taken.changed, taken.refused) == (1, ())
        kept, in_engine = await agents(service)
        assert kept == in_engine


async def test_all_are_told_who_left_whichever_way_he_was_removed(
    tmp_path: Path,
) -> None:
    async with small_service(tmp_path) as service, service.client() as client:
        left: list[str] = []
        service.bus.subscribe(PersonLeft, lambda told: left.append(told.person_id))
        people = service.view.people
        await people.take([{"id": "q1", "name": "Quality", "posts": "quality"}], LI)
        await people.remove("q1", LI)
        await people.remove("1001", LI)
        answer = await client.delete("/api/v1/agents/1002")
        assert answer.status_code == 200
        assert left == ["q1", "1001", "1002"]
        for who in left:
            with pytest.raises(PersonUnknown):
                await people.person(who)
        kept, in_engine = await agents(service)
        assert kept == in_engine == ["1003"]


async def test_who_only_leaves_the_phones_has_not_left(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service:
        left: list[str] = []
        service.bus.subscribe(PersonLeft, lambda told: left.append(told.person_id))
        await service.view.people.take([{"id": "1001", "posts": "quality"}], LI)
        assert left == []
        assert (await service.view.people.person("1001")).person.name == "Agent 1"
        kept, in_engine = await agents(service)
        assert kept == in_engine == ["1002", "1003"]


async def test_new_name_is_the_agents_at_once(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service:
        await service.view.people.take([{"id": "1001", "name": "王伟"}], LI)
        names = {agent.id: agent.name for agent in service.distributor.agents()}
        assert names["1001"] == "王伟"
        [row] = [r for r in await agent_rows(service.database) if r.id == "1001"]
        assert row.name == "王伟"
