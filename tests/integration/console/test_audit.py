"""The audit trail: every change and every recording heard is in it, and stays."""

import pytest
from sqlalchemy import text

from config.database import DatabaseError, DatabaseUnavailable
from console.accounts.account import Role
from console.audit.line import AuditLine
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration


async def told(service: SmallService) -> list[AuditLine]:
    """The trail without log-ins, the newest first."""
    lines = await service.view.audit.lines(limit=50, before_id=None)
    return [line for line in lines if line.operation != "log_in"]


async def test_every_change_is_told_also_one_that_was_refused(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        path = "/api/v1/agents/1001/state"
        await manager.post(path, json={"state": "logged_in"})
        await manager.post(path, json={"state": "asleep"})
        await manager.get("/api/v1/agents")
        await manager.post("/api/v1/tokens", json={"title": "x", "scopes": ["agent"]})
    assert [
        (line.who, line.operation, line.object, line.result)
        for line in await told(service)
    ] == [
        ("shift-manager", "add_token", "", "403"),
        ("shift-manager", "set_agent_state", "agent_id=1001", "422"),
        ("shift-manager", "set_agent_state", "agent_id=1001", "200"),
    ]


async def test_owner_of_this_machine_is_told_with_the_name_he_gives(
    service: SmallService,
) -> None:
    async with service.client() as client:
        await client.delete("/api/v1/agents/1003?by=li%0Awei")
    (line,) = await told(service)
    assert (line.who, line.way, line.object) == (
        "machine",
        "machine",
        "agent_id=1003 by=liwei",
    )


async def test_number_that_was_typed_into_an_address_is_masked(
    service: SmallService,
) -> None:
    async with service.client() as client:
        await client.delete("/api/v1/people/13812345678")
    (line,) = await told(service)
    assert line.object == "person_id=138****5678"


async def test_read_of_a_recording_is_told_and_refused_when_it_cannot_be(
    service: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/recordings/A/audio"
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        assert (await auditor.get(path)).status_code == 404
        (line,) = await told(service)
        assert (line.who, line.operation, line.object) == (
            "auditor",
            "get_recording_audio",
            "call_id=A",
        )

        async def broken(*_: object, **__: object) -> None:
            raise DatabaseUnavailable("the disk is full")

        monkeypatch.setattr(service.view.audit, "note", broken)
        answer = await auditor.get(path)
    assert (answer.status_code, answer.json()["error_id"]) == (503, "audit_unavailable")


async def test_database_refuses_to_change_or_remove_a_line(
    service: SmallService,
) -> None:
    async with service.client() as client:
        await client.delete("/api/v1/agents/1003")
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError, match="kept as it was"):
            async with service.database.begin() as connection:
                await connection.execute(text(statement))
    assert len(await told(service)) == 1


async def test_trail_is_read_by_pages_and_filtered(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        for agent in ("1", "2", "3"):
            await auditor.post(f"/api/v1/agents/{agent}/state", json={"state": "ready"})
        first = (
            await auditor.get("/api/v1/audit", params={"limit": 2, "who": "auditor"})
        ).json()
        following = {"limit": 2, "before": first["next"], "who": "auditor"}
        second = (await auditor.get("/api/v1/audit", params=following)).json()
        objects = [line["object"] for line in first["items"] + second["items"]]
        assert objects == ["agent_id=3", "agent_id=2", "agent_id=1", ""]
        log_ins = await auditor.get("/api/v1/audit", params={"operation": "log_in"})
        assert {line["operation"] for line in log_ins.json()["items"]} == {"log_in"}
        page = await auditor.get("/audit", params={"who": "auditor"})
        assert "agent_id=3" in page.text


async def test_fault_of_ours_is_told(
    service: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(service.distributor, "send", breaks)
    async with service.client() as client:
        answer = await client.post("/api/v1/agents/1001/state", json={"state": "ready"})
    assert answer.status_code == 500
    (line,) = await told(service)
    assert (line.operation, line.result) == ("set_agent_state", "500")
