"""Health and metrics, as machines see them."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from acd.messages import AgentLogsIn, CallerEnters
from console.documents import DOCS
from tests.fakes.console import SmallService, small_service
from tests.fakes.console_parts import FakeBroker

pytestmark = pytest.mark.integration


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service with a broker."""
    async with small_service(tmp_path, mqtt=FakeBroker()) as service:
        yield service


@pytest.fixture
async def stranger(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with service.client({}) as client:
        yield client


async def test_service_that_lives_and_is_ready_says_so(
    stranger: httpx.AsyncClient,
) -> None:
    assert (await stranger.get("/health/live")).json() == {"status": "live"}
    assert (await stranger.get("/health/ready")).json() == {"status": "ready"}


async def test_service_that_is_not_ready_says_what_is_wrong(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    service.checks["database"] = "nothing could be written for 12 s"
    answer = await stranger.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "faults": {"database": "nothing could be written for 12 s"},
    }
    assert (await stranger.get("/health/live")).status_code == 200
    assert "hotline_ready 0.0" in (await stranger.get("/metrics")).text


async def test_metrics_show_queues_and_agents_at_this_moment(
    service: SmallService, stranger: httpx.AsyncClient
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    text = (await stranger.get("/metrics")).text
    assert 'hotline_queue_waiting{queue="tax"} 1.0' in text
    assert 'hotline_queue_waiting{queue="general"} 0.0' in text
    assert 'hotline_agents{state="ready"} 1.0' in text
    assert 'hotline_agents{state="logged_out"} 2.0' in text
    assert "hotline_legs_allowed 1000.0" in text
    assert "hotline_legs_in_use 3.0" in text
    assert "hotline_mqtt_pending 2.0" in text
    assert "hotline_mqtt_connected 1.0" in text
    longest = re.search(r'longest_wait_seconds{queue="tax"} (\S+)', text)
    assert longest
    assert 0 <= float(longest[1]) < 10


async def test_every_name_begins_with_hotline_and_is_documented(
    stranger: httpx.AsyncClient,
) -> None:
    text = (await stranger.get("/metrics")).text
    names = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    documented = (DOCS / "metrics.md").read_text(encoding="utf-8")
    assert len(names) > 30
    for name in names:
        assert name.startswith("hotline_")
        assert f"`{name}`" in documented or name.startswith("hotline_process_")
    for name in re.findall(r"^\| `(hotline_\w+)` ", documented, re.MULTILINE):
        assert name in names or name == "hotline_process_", name


async def test_prometheus_may_ask_for_openmetrics(stranger: httpx.AsyncClient) -> None:
    accept = {"accept": "application/openmetrics-text; version=1.0.0"}
    answer = await stranger.get("/metrics", headers=accept)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


async def test_service_without_a_broker_shows_no_mqtt(tmp_path: Path) -> None:
    async with (
        small_service(tmp_path / "other") as service,
        service.client({}) as stranger,
    ):
        assert "mqtt" not in (await stranger.get("/metrics")).text


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (package prometheus) is missing"
)
async def test_promtool_finds_no_fault_in_all_of_it(
    stranger: httpx.AsyncClient,
) -> None:
    text = (await stranger.get("/metrics")).content
    pipe = asyncio.subprocess.PIPE
    promtool = await asyncio.create_subprocess_exec(
        "promtool", "check", "metrics", stdin=pipe, stdout=pipe, stderr=pipe
    )
    out, err = await promtool.communicate(text)
    assert (promtool.returncode, out + err) == (0, b"")


async def test_disk_of_the_recordings_that_hangs_is_told_as_nothing(
    service: SmallService,
    stranger: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "hotline_recordings_disk_free_bytes" in (await stranger.get("/metrics")).text

    async def hang() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(service.archive, "room", hang)
    monkeypatch.setattr("console.disk_metrics.LOOK_SECONDS", 0.01)
    text = (await stranger.get("/metrics")).text
    assert "hotline_recordings_disk_free_bytes" not in text
    assert "hotline_ready 1.0" in text
