"""Paths that lead out of the archive, and bodies that are too large or broken."""

from pathlib import Path

import httpx
import pytest

from console.accounts.account import Role
from console.body_limit import BODY_BYTES
from recordings.entry import Recording, State
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
SECRET = b"RIFF what nobody may read"


async def keep(service: SmallService, call_id: str, path: str) -> None:
    """A recording whose file is said to be there."""
    entry = Recording(
        call_id=call_id, state=State.CLOSED, started_at=service.clock.now(), path=path
    )
    await service.archive.store.append(entry)


@pytest.mark.parametrize(
    "path",
    ["../secret.wav", "2026/../../secret.wav", "{root}/secret.wav", "../api-token"],
)
async def test_recording_whose_path_leads_out_is_not_given(
    service: SmallService, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.wav").write_bytes(SECRET)
    await keep(service, "A", path.format(root=tmp_path))
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        answer = await auditor.get("/api/v1/recordings/A/audio")
    assert answer.status_code == 410
    assert SECRET not in answer.content


@pytest.mark.parametrize(
    "call_id",
    ["..%2F..%2Fapi-token", "%2e%2e", "....//", "A%00", "A\\..\\B", "%252e%252e%252fx"],
)
async def test_call_id_that_is_a_path_finds_nothing(
    service: SmallService, call_id: str
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as auditor:
        for path in (f"/api/v1/recordings/{call_id}/audio", f"/static/x/{call_id}"):
            answer = await auditor.get(path)
            assert answer.status_code in (404, 422), (path, answer.text)


FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        (FORM, b"name=" + b"x" * BODY_BYTES, 413),
        (FORM, b"name=" + b"x" * 401 + b"&password=y", 422),
        (FORM, b"%%%=&&&==", 422),
        (FORM, b"name=a&name=b", 422),
        (FORM, b"\xff\xfe\x00", 422),
        (PARTS, b"--x\r\nContent-Disposition: form-data; name=", 422),
        (PARTS, b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--", 400),
        (PARTS, b"--y--", 400),
        ({"content-type": "multipart/form-data"}, b"--x--", 400),
        ({"content-type": "application/json"}, b'{"name": "auditor"}', 422),
        ({"content-type": "text/plain"}, b"name=auditor&password=x", 422),
    ],
)
async def test_broken_forms_are_refused_and_break_nothing(
    service: SmallService, headers: dict[str, str], content: bytes, status: int
) -> None:
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        for path in ("/log-in", "/accounts"):
            answer = await administrator.post(path, headers=headers, content=content)
            assert answer.status_code == status, (path, answer.text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"name":',
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": NaN}',
        b'{"name": "\\ud800", "role": "auditor", "password": "x"}',
        b'{"name": "a\\u0000b", "role": "auditor", "password": "a few words x"}',
    ],
)
async def test_broken_json_is_refused_and_breaks_nothing(
    service: SmallService, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    async with logged_in(service.app, Role.ADMINISTRATOR) as administrator:
        answer: httpx.Response = await administrator.post(
            "/api/v1/accounts", headers=headers, content=body
        )
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error_id"]
