"""`hotline check` looks at the flows that calls really meet, not at their files alone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from config.settings import HotlineSection, IvrSection, Settings
from hotline.check_flows import check_flows
from hotline.finding import Verdict
from hotline.flow_versions import open_flows
from ivr_flows.flow import BUILT_IN
from tests.fakes.console import TRUNK, SmallService, small_service
from tests.integration.test_flow_versions import CITIZEN, FAULTY, RETITLED, ZHANG

pytestmark = pytest.mark.integration
GOOD, WARNING, FAULT = Verdict.GOOD, Verdict.WARNING, Verdict.FAULT
PUBLISHED = "flow citizen, version 2"


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    async with small_service(tmp_path) as service:
        yield service


def settings_with(folder: Path, flow: str = CITIZEN) -> Settings:
    """A hotline with this database and this file."""
    flows = folder / "flows"
    flows.mkdir(exist_ok=True)
    (flows / "citizen.yaml").write_text(flow, encoding="utf-8")
    return Settings(
        hotline=HotlineSection(data_dir=folder), ivr=IvrSection(flows_dir=flows)
    )


async def found(settings: Settings) -> list[tuple[str, Verdict, str]]:
    """What is told of flows, with the first words."""
    findings = await check_flows(settings)
    flows = [each for each in findings if each.what.startswith("flow ")]
    return [(each.what, each.verdict, each.words) for each in flows]


async def publish(service: SmallService, flow: str) -> None:
    """Version 2, by hand."""
    await service.view.flows.save("citizen", flow, "", ZHANG)
    await service.view.flows.publish("citizen", 2, "", ZHANG)


async def insert(service: SmallService, flow: str) -> None:
    """Version 2, as an older Hotline has published it that took such a text."""
    async with service.database.begin() as connection:
        version = "INSERT INTO flow_versions VALUES ('citizen', 2, '2026-03-02 00:00:00', 'zhang', '', '', 0, :text)"
        await connection.execute(text(version), {"text": flow})
        published = "INSERT INTO flow_publications VALUES (9, 'citizen', 2, 1, '2026-03-02 00:00:00', 'zhang', '', '', 0)"
        await connection.execute(text(published))


async def test_without_a_database_the_file_alone_is_told(tmp_path: Path) -> None:
    ((what, verdict, words),) = await found(settings_with(tmp_path))
    assert (what, verdict) == ("flow citizen", GOOD)
    assert words.startswith("good, 7 steps")


async def test_version_that_is_the_file_is_told_in_one_line(
    service: SmallService, tmp_path: Path
) -> None:
    _, told = await found(settings_with(tmp_path))
    assert told == (
        "flow citizen, version 1",
        GOOD,
        "in force, and what the file holds",
    )


async def test_file_that_the_next_start_publishes_is_told(
    service: SmallService, tmp_path: Path
) -> None:
    *_, (what, verdict, words) = await found(settings_with(tmp_path, RETITLED))
    assert (what, verdict) == ("flow citizen, version 1", WARNING)
    assert "the next start publishes the file" in words


async def test_text_that_somebody_published_is_told_to_differ(
    service: SmallService, tmp_path: Path
) -> None:
    await publish(service, RETITLED)
    file, version, differs = await found(settings_with(tmp_path))
    assert file[:2] == ("flow citizen", GOOD)
    assert version[:2] == (PUBLISHED, GOOD)
    assert differs[:2] == (PUBLISHED, WARNING)
    assert "published by zhang" in differs[2]
    assert "hotline flow diff citizen 1 2" in differs[2]


async def test_fault_of_what_is_published_is_a_fault_though_the_file_is_good(
    service: SmallService, tmp_path: Path
) -> None:
    await insert(service, CITIZEN.replace("say: goodbye", "say: goodby"))
    told = await found(settings_with(tmp_path))
    faults = [(what, words) for what, verdict, words in told if verdict is FAULT]
    ((what, words),) = faults
    assert what == PUBLISHED
    assert "there is no sentence 'goodby'" in words


@pytest.mark.parametrize("unread", ["steps: {}", FAULTY])
async def test_published_text_that_cannot_be_read_any_more_is_a_fault(
    service: SmallService, tmp_path: Path, unread: str
) -> None:
    await insert(service, unread)
    told = await found(settings_with(tmp_path))
    faults = [(what, words) for what, verdict, words in told if verdict is FAULT]
    assert [what for what, _ in faults] == [PUBLISHED] * 2
    assert "calls meet the file until another version is published" in faults[1][1]


async def test_faulty_file_is_a_warning_once_somebody_has_published(
    service: SmallService, tmp_path: Path
) -> None:
    faulty = settings_with(tmp_path, FAULTY)
    assert (await found(faulty))[0][1] is FAULT
    await publish(service, RETITLED)
    (what, verdict, words), *_ = await found(faulty)
    assert (what, verdict) == ("flow citizen", WARNING)
    assert "there is no step 'persn'" in words
    started = await open_flows(faulty, service.database, datetime.now(UTC))
    assert started["citizen"].version == 2


async def test_published_text_is_checked_against_the_queues_of_the_database(
    service: SmallService, tmp_path: Path
) -> None:
    flow = (
        "steps:\n  person: {do: enqueue, queue: tax, then: end}\n  end: {do: hang_up}\n"
    )
    await publish(service, flow)
    told = await found(settings_with(tmp_path, flow))
    assert told[0][1] is WARNING, "the settings have no queue tax, the database has"
    assert "there is no queue 'tax'" in told[0][2]
    assert told[-1][:2] == (PUBLISHED, GOOD)


async def test_follow_up_of_which_a_rate_would_count_nothing_is_told_and_starts(
    service: SmallService, tmp_path: Path
) -> None:
    settings = settings_with(tmp_path).model_copy(update={"trunks": (TRUNK,)})
    text = (BUILT_IN / "follow_up.yaml").read_text(encoding="utf-8")
    renamed = text.replace("\n  solved:", "\n  done:").replace("{solved:", "{done:")
    assert settings.ivr.flows_dir
    (settings.ivr.flows_dir / "follow_up.yaml").write_text(renamed, encoding="utf-8")
    faults = [each for each in await found(settings) if each[1] is FAULT]
    ((what, _, words),) = faults
    assert what == "flow follow_up"
    assert "no survey 'solved' asks it" in words
    started = await open_flows(settings, service.database, datetime.now(UTC))
    assert "done" in started["follow_up"].steps
