"""Every example of docs/api.md, run against a service as a reader would."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from acd import events as e
from console.documents import DOCS
from console.server import HttpServer
from outbound.campaign import CampaignState
from outbound.contact import FollowUpOutcome
from outbound.store import CampaignStore
from recordings.entry import Recording, State
from tests.fakes.console import TOKEN, SmallService, small_service
from tests.integration.records.test_campaign_store import ANSWER, MONDAY, ORDER, RULES

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]
CALL = "01JNQ4Y5ZK8M2V7W3X9C6B1D0E"
TEXT = (DOCS / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```(?:\n\n```json\n(.*?)```)?", TEXT, re.DOTALL)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """A service with the documented call, and its token where the text says."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "api-token").write_text(TOKEN)
    async with small_service(tmp_path / "data") as service:
        await one_call(service)
        await service.desk.fold()
        await its_recording(service)
        await its_doubtful_answer(service)
        async with HttpServer(service.app, ip_address("127.0.0.1"), 0) as server:
            yield server.url


async def one_call(service: SmallService) -> None:
    """A citizen gave up in the queue."""
    at = service.clock.now()
    of_call: dict[str, Any] = {"at": at, "call_id": CALL}
    numbers: dict[str, Any] = {"caller": "+8613812345678", "called": "12345"}
    gave_up = e.Outcome.ABANDONED_IN_QUEUE
    await service.record(
        e.CallArrived(**of_call, **numbers, peer="127.0.0.1", sip_call_id="a84b4c"),
        e.CallAnswered(**of_call),
        e.CallerEntered(**of_call, queue="general", position=1),
        e.CallMissed(**of_call, **numbers, queue="general", stage=gave_up),
        e.CallEnded(**of_call, outcome=gave_up, cause="peer_hung_up"),
    )


async def its_recording(service: SmallService) -> None:
    """Its audio is kept."""
    file = service.archive.root / "2026" / f"{CALL}.flac"
    file.parent.mkdir(parents=True)
    noise = np.random.default_rng(7).integers(-9000, 9000, (8000, 2), np.int16)
    soundfile.write(file, noise, 8000)
    await service.archive.store.append(
        Recording(
            call_id=CALL,
            state=State.CLOSED,
            started_at=service.clock.now(),
            path=f"2026/{CALL}.flac",
        )
    )


async def its_doubtful_answer(service: SmallService) -> None:
    """It is also a follow-up call in which something was said that is hard to hear."""
    store, unsure = CampaignStore(service.database), replace(ANSWER, confidence=0.4)
    unsure = replace(unsure, clip_start_seconds=0.4, clip_seconds=0.3)
    await store.add("october", [ORDER], MONDAY)
    await store.turn("october", CampaignState.RUNNING, MONDAY)
    (contact,) = await store.due(MONDAY, 1)
    assert await store.lease(contact.id, CALL, MONDAY, RULES)
    await store.ended(CALL, FollowUpOutcome.COMPLETED, [unsure], MONDAY, RULES)


def shape(value: Any) -> Any:
    """The keys of a JSON value, all the way down; a list is as its first item."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return None


async def run(script: str, directory: Path) -> str:
    """Run lines of the documentation; they must succeed."""
    pipe = asyncio.subprocess.PIPE
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euc", script), cwd=directory, stdout=pipe, stderr=pipe
    )
    out, err = await shell.communicate()
    assert shell.returncode == 0, err.decode()
    return out.decode()


async def test_every_example_does_what_the_text_says(url: str, tmp_path: Path) -> None:
    assert len(EXAMPLES) == 52
    for script, documented in EXAMPLES:
        out = await run(script.replace("http://127.0.0.1:8080", url), tmp_path)
        if documented:
            assert shape(json.loads(out)) == shape(json.loads(documented)), script
    audio, rate = soundfile.read(tmp_path / "call.flac")
    assert (audio.shape, rate) == ((8000, 2), 8000)
    clip, rate = soundfile.read(tmp_path / "clip.wav")
    assert (clip.shape, rate) == ((7200, 2), 8000)
    assert (tmp_path / "first-bytes").stat().st_size == 1000
    assert (tmp_path / "api-header").stat().st_mode & 0o077 == 0


def test_every_error_id_is_in_the_table() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("console", "acd")
        for file in (DOCS.parent / folder).rglob("*.py")
    )
    ids = set(re.findall(r'\b[45]\d\d,\s+"([a-z_]+)"', code))
    ids |= set(re.findall(r'\b[45]\d\d: "([a-z_]+)",', code))
    assert {"agent_unknown", "not_found", "too_many_tries"} <= ids
    table = TEXT[TEXT.index("| status |") :]
    assert [id for id in sorted(ids) if f"`{id}`" not in table] == []
