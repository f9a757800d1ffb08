"""Recordings on the page of a call: peaks, proof, export and legal hold, and who may."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest

from console.accounts.account import Role
from recordings.retention import expire
from tests.fakes.accounts import logged_in
from tests.fakes.call_events import CALLER, START
from tests.fakes.console import SmallService
from tests.integration.console.recorded_call import recorded_call

pytestmark = pytest.mark.integration
API = "/api/v1/recordings"


async def operations(service: SmallService) -> list[tuple[str, str]]:
    """The newest lines of the audit trail: what was done, and how it ended."""
    lines = await service.view.audit.lines(limit=9, before_id=None)
    return [(line.operation, line.result) for line in lines]


async def test_peaks_show_who_speaks_when(service: SmallService) -> None:
    await recorded_call(service, "A")
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.get(f"{API}/A/peaks", params={"columns": 40})
    peaks = answer.json()
    citizen, agent = peaks["citizen"], peaks["agent"]
    assert (len(citizen), len(agent)) == (40, 40)
    assert min(citizen[2:18]) > 20 > max(citizen[22:38])
    assert min(agent[22:38]) > 20 > max(agent[2:18])
    assert 3.9 < peaks["seconds"] < 4.5


async def test_peaks_of_a_changed_file_are_not_those_of_the_old_one(
    service: SmallService,
) -> None:
    entry = await recorded_call(service, "A")
    (service.archive.root / entry.path).write_bytes(b"nothing that is audio")
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.get(f"{API}/A/peaks")
    assert (answer.status_code, answer.json()["error_id"]) == (
        410,
        "recording_unreadable",
    )


async def test_proof_holds_and_is_broken_by_one_changed_byte(
    service: SmallService,
) -> None:
    entry = await recorded_call(service, "A")
    await recorded_call(service, "B")
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        proof = (await auditor.get(f"{API}/A/proof")).json()
        assert (proof["file_unchanged"], proof["entry_follows"]) == (True, True)
        assert proof["next_follows"] is True
        assert "校验通过" in (await auditor.get("/calls/A/proof")).text
        file = service.archive.root / entry.path
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
        assert (await auditor.get(f"{API}/A/proof")).json()["file_unchanged"] is False
        assert "校验不通过" in (await auditor.get("/calls/A/proof")).text


async def test_proof_names_a_changed_entry(service: SmallService) -> None:
    await recorded_call(service, "A")
    await recorded_call(service, "B")
    async with service.database.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE recordings SET seconds = 1 WHERE call_id = 'A'"
        )
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        first = (await auditor.get(f"{API}/A/proof")).json()
        assert (first["file_unchanged"], first["entry_follows"]) == (True, False)


async def test_export_holds_audio_proof_and_record_and_proves_itself(
    service: SmallService,
) -> None:
    entry = await recorded_call(service, "A")
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        answer = await manager.get(f"{API}/A/export")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="A.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    audio = content["A.flac"]
    assert audio == (service.archive.root / entry.path).read_bytes()
    proof = json.loads(content["proof.json"])
    assert hashlib.sha256(audio).hexdigest() == proof["sha256"]
    lines = (proof["previous"], proof["sha256"], "A", content["facts.json"].decode())
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == proof["chain"]
    assert json.loads(content["record.json"])["call"]["caller"] == CALLER
    assert ("export_recording", "200") in await operations(service)


async def test_auditor_exports_without_whole_numbers(service: SmallService) -> None:
    await recorded_call(service, "A")
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.get(f"{API}/A/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        record = packed.read("record.json").decode()
    assert "138****5678" in record
    assert CALLER not in record


async def test_hold_is_set_with_who_and_why_and_keeps_the_audio(
    service: SmallService,
) -> None:
    entry = await recorded_call(service, "A")
    await recorded_call(service, "B")
    later = START + timedelta(days=2000)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        refused = await manager.post(f"{API}/A/hold", json={"held": True, "reason": ""})
        assert refused.status_code == 422
        held = {"held": "true", "reason": "诉讼"}
        assert (await manager.post("/calls/A/hold", data=held)).status_code == 303
        assert await expire(service.archive, retention_days=730, now=later) == 1
        assert (service.archive.root / entry.path).exists()
        page = (await manager.get("/calls/A")).text
        assert "shift-manager · 保全: 诉讼" in page
        released = {"held": False, "reason": "结案"}
        answer = await manager.post(f"{API}/A/hold", json=released)
        assert answer.json()["legal_hold"] is False
        history = (await manager.get(f"{API}/A/holds")).json()
        assert [(one["held"], one["who"], one["reason"]) for one in history] == [
            (True, "shift-manager", "诉讼"),
            (False, "shift-manager", "结案"),
        ]
        assert await expire(service.archive, retention_days=730, now=later) == 1
        again = await manager.post(f"{API}/A/hold", json=released | {"held": True})
        assert (again.status_code, again.json()["error_id"]) == (409, "recording_gone")
    assert ("page_hold_recording", "303") in await operations(service)


async def test_campaign_manager_and_agent_see_a_call_but_no_recording(
    service: SmallService,
) -> None:
    await recorded_call(service, "A")
    for role in (Role.CAMPAIGN_MANAGER, Role.AGENT):
        async with logged_in(service.app, role) as reader:
            page = (await reader.get("/calls/A")).text
            assert 'id="player"' not in page
            for path in ("peaks", "proof", "export", "holds", "audio"):
                assert (await reader.get(f"{API}/A/{path}")).status_code == 403


@pytest.mark.parametrize("part", ["peaks", "export", "audio"])
@pytest.mark.parametrize("path", ["../hotline.sqlite", "/etc/passwd", "../x.flac"])
async def test_no_entry_leads_out_of_the_archive(
    service: SmallService, part: str, path: str
) -> None:
    await recorded_call(service, "A")
    async with service.database.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE recordings SET path = ? WHERE call_id = 'A'", (path,)
        )
    (service.archive.root.parent / "x.flac").write_bytes(b"secret")
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.get(f"{API}/A/{part}")
        assert answer.status_code == 410
        assert b"secret" not in answer.content
        outside = await auditor.get(f"{API}/..%2f..%2fhotline/{part}")
        assert outside.status_code in (404, 422)
