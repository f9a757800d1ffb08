"""Recordings over the API: what is known, and the audio by byte range."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile

from recordings.entry import Recording, State
from recordings.retention import expire
from tests.fakes.console import SmallService, small_service

pytestmark = pytest.mark.integration
API = "/api/v1/recordings"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service with its archive."""
    async with small_service(tmp_path) as service:
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the token."""
    async with service.client() as client:
        yield client


async def keep(
    service: SmallService, call_id: str, *, suffix: str = ".flac", minute: int = 0
) -> bytes:
    """Store a second of real audio as a call's recording; returns the file's bytes."""
    path = Path("2026") / f"{call_id}{suffix}"
    file = service.archive.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(7).integers(-9000, 9000, (8000, 2), np.int16)
    soundfile.write(file, noise, 8000)
    await store(service, call_id, path=str(path), minute=minute)
    return file.read_bytes()


async def store(
    service: SmallService,
    call_id: str,
    *,
    path: str,
    minute: int = 0,
    state: State = State.CLOSED,
) -> Recording:
    """Put a recording's facts into the archive."""
    entry = Recording(
        call_id=call_id,
        state=state,
        started_at=service.clock.now() + timedelta(minutes=minute),
        path=path,
        seconds=1.0,
        left_dbfs=-14.5,
        agent_silent=True,
    )
    return await service.archive.store.append(entry)


async def test_recordings_are_listed_the_newest_first_page_by_page(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    for number in range(5):
        await store(service, f"R{number}", path="", minute=number)
    seen: list[str] = []
    query = "limit=2"
    while query:
        page = (await client.get(f"{API}?{query}")).json()
        seen += [item["call_id"] for item in page["items"]]
        # The next page is asked for unescaped, as people do it by hand.
        query = f"limit=2&before={page['next']}" if page["next"] else ""
    assert seen == ["R4", "R3", "R2", "R1", "R0"]


async def test_one_recording_is_told_with_its_proof(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await store(service, "R", path="")
    told = (await client.get(f"{API}/R")).json()
    assert (told["call_id"], told["state"], told["sequence"]) == ("R", "closed", 1)
    assert told["agent_silent"] is True
    assert len(told["chain"]) == 64


@pytest.mark.parametrize(
    ("suffix", "media_type"), [(".flac", "audio/flac"), (".wav", "audio/wav")]
)
async def test_whole_audio_is_the_file(
    service: SmallService, client: httpx.AsyncClient, suffix: str, media_type: str
) -> None:
    audio = await keep(service, "R", suffix=suffix)
    answer = await client.get(f"{API}/R/audio")
    assert (answer.status_code, answer.content) == (200, audio)
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["accept-ranges"] == "bytes"
    assert f"R{suffix}" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-99", 0, 99), ("100-", 100, None), ("-50", -50, None), ("5-5", 5, 5)],
)
async def test_range_of_bytes_is_a_part_of_the_file(
    service: SmallService,
    client: httpx.AsyncClient,
    asked: str,
    first: int,
    last: int | None,
) -> None:
    audio = await keep(service, "R")
    answer = await client.get(f"{API}/R/audio", headers={"range": f"bytes={asked}"})
    part = audio[first : None if last is None else last + 1]
    start = first % len(audio)
    assert (answer.status_code, answer.content) == (206, part)
    end = start + len(part) - 1
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(audio)}"


async def test_range_beyond_the_end_is_416_with_the_length(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    audio = await keep(service, "R")
    answer = await client.get(
        f"{API}/R/audio", headers={"range": f"bytes={len(audio)}-"}
    )
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(audio)}"
    assert answer.json()["error_id"] == "range_not_satisfiable"


async def test_broken_range_is_refused_in_the_one_form(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await keep(service, "R")
    answer = await client.get(f"{API}/R/audio", headers={"range": "bytes=nonsense"})
    assert (answer.status_code, answer.json()["error_id"]) == (400, "bad_request")


async def test_player_may_ask_for_the_head_first(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    audio = await keep(service, "R")
    answer = await client.head(f"{API}/R/audio")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(audio))


async def test_recording_without_audio_says_so(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await store(service, "R", path="", state=State.FAILED)
    answer = await client.get(f"{API}/R/audio")
    assert answer.status_code == 404
    assert answer.json()["error_id"] == "recording_without_audio"


async def test_recording_whose_file_is_gone_says_so(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await store(service, "R", path="2026/R.flac")
    answer = await client.get(f"{API}/R/audio")
    assert answer.status_code == 410
    assert answer.json()["error_id"] == "recording_file_missing"


@pytest.mark.parametrize("kept", ["../secret.wav", "{tmp}/secret.wav", "api-token"])
async def test_no_entry_leads_out_of_the_archive(
    service: SmallService, client: httpx.AsyncClient, tmp_path: Path, kept: str
) -> None:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    service.archive.root.mkdir(exist_ok=True)
    (service.archive.root / "api-token").write_bytes(b"secret")
    await store(service, "R", path=kept.format(tmp=tmp_path))
    answer = await client.get(f"{API}/R/audio")
    assert answer.status_code == 410


@pytest.mark.parametrize(
    "path",
    ["..%2F..%2Fhotline.sqlite", "../hotline.sqlite", "%2e%2e", "R%00", "R%2F..%2FR"],
)
async def test_id_that_is_a_path_finds_nothing(
    service: SmallService, client: httpx.AsyncClient, path: str
) -> None:
    await keep(service, "R")
    answer = await client.get(f"{API}/{path}/audio")
    assert answer.status_code in (404, 422)


async def test_audio_that_retention_took_is_not_there(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await keep(service, "R")
    await expire(service.archive, retention_days=0, now=service.clock.now())
    answer = await client.get(f"{API}/R/audio")
    assert answer.json()["error_id"] == "recording_without_audio"


async def test_who_read_a_recording_is_in_the_log(
    service: SmallService, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "console")
    await keep(service, "R")
    await client.get(f"{API}/R/audio")
    assert "call R: its recording is read by 127.0.0.1" in caplog.text
