"""Notes of calls: kept in order, changed by nobody, gone with the recordings' time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from acd.notes.note import NewNote
from acd.notes.store import add_note, call_notes, expire_notes, notes_of
from config.database import Database, DatabaseError
from console.accounts.account import Role
from tests.fakes import call_events as told
from tests.fakes.accounts import add_accounts, logged_in
from tests.fakes.console import small_database, small_service

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def note(text: str, *, call_id: str = "C", at: datetime = NOW) -> NewNote:
    return NewNote(call_id=call_id, at=at, author="li", agent_id="1001", text=text)


async def test_notes_are_read_back_in_order(tmp_path: Path) -> None:
    async with small_database(tmp_path) as database:
        for text in ("first", "second"):
            await add_note(database, note(text))
        await add_note(database, note("of another", call_id="D"))
        found = await notes_of(database, "C")
    assert [each.text for each in found] == ["first", "second"]
    assert found[0].at == NOW


async def test_database_refuses_to_change_a_note(tmp_path: Path) -> None:
    async with small_database(tmp_path) as database:
        await add_note(database, note("first"))
        with pytest.raises(DatabaseError, match="kept as it was written"):
            await _change(database)
        assert [each.text for each in await notes_of(database, "C")] == ["first"]


async def _change(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(update(call_notes).values(text="other"))


async def test_old_notes_go(tmp_path: Path) -> None:
    async with small_database(tmp_path) as database:
        await add_note(database, note("old", at=NOW - timedelta(days=31)))
        await add_note(database, note("new"))
        assert await expire_notes(database, NOW - timedelta(days=30)) == 1
        assert [each.text for each in await notes_of(database, "C")] == ["new"]


async def test_agent_writes_notes_of_his_own_call_only(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service:
        await add_accounts(service.view.accounts)
        await service.record(*told.answered_call("MINE"))
        await service.record(*told.answered_call("OTHER", agent_id="1002"))
        async with logged_in(service.app, Role.AGENT) as agent:
            path = "/api/v1/calls/{}/notes"
            wish = {"text": " water comes back at six "}
            kept = await agent.post(path.format("MINE"), json=wish)
            refused = await agent.post(path.format("OTHER"), json=wish)
            listed = await agent.get(path.format("MINE"))
    assert (kept.status_code, refused.status_code) == (201, 403)
    assert listed.json() == [kept.json()]
    assert kept.json()["text"] == "water comes back at six"
    assert (kept.json()["author"], kept.json()["agent_id"]) == ("agent", "1001")


async def test_note_of_an_unknown_call_is_refused(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service, service.client() as machine:
        answer = await machine.post("/api/v1/calls/NONE/notes", json={"text": "x"})
    assert (answer.status_code, answer.json()["error_id"]) == (404, "call_unknown")
