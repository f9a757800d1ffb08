"""Versions of flows in a real database: seeded by the file, published, published again."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from acd.flow_versions.desk import FlowView
from acd.flow_versions.version import (
    AlreadyPublished,
    NothingBefore,
    PublishedMeanwhile,
    TextUnchanged,
    VersionRefused,
    VersionState,
)
from acd.rule_changes.rows import Author
from config.database import Database, DatabaseError
from config.settings import HotlineSection, IvrSection, Settings
from hotline.flow_versions import flow_desk, open_flows
from ivr_flows.flow import BUILT_IN
from ivr_flows.language import FlowError
from ivr_flows.prompts import Prompts
from tests.fakes.console import TRUNK, SmallService, small_database, small_service

pytestmark = pytest.mark.integration

ZHANG = Author(name="zhang", peer="127.0.0.1")
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
RETITLED = CITIZEN.replace("title: 市民热线", "title: 新的流程")
FAULTY = CITIZEN.replace("then: goodbye", "then: persn", 1)


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    async with small_service(tmp_path) as service:
        yield service


def settings_with(folder: Path, flow: str) -> Settings:
    """A hotline whose flow lies in a folder of its own."""
    flows = folder / "flows"
    flows.mkdir(exist_ok=True)
    (flows / "citizen.yaml").write_text(flow, encoding="utf-8")
    return Settings(
        hotline=HotlineSection(data_dir=folder), ivr=IvrSection(flows_dir=flows)
    )


async def test_file_is_the_first_version_and_what_calls_meet(
    service: SmallService,
) -> None:
    flows = service.view.flows
    (version,) = await flows.versions("citizen")
    assert (version.number, version.state) == (1, VersionState.PUBLISHED)
    assert version.from_file
    assert flows.published("citizen").version == 1


async def test_draft_is_met_by_nobody_until_it_is_published(
    service: SmallService,
) -> None:
    flows = service.view.flows
    draft = await flows.save("citizen", RETITLED, "title", ZHANG)
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    assert flows.published("citizen").version == 1
    with pytest.raises(TextUnchanged):
        await flows.save("citizen", RETITLED, "", ZHANG)
    await flows.publish("citizen", 2, "tried", ZHANG)
    assert flows.published("citizen").title == "新的流程"
    states = [version.state for version in await flows.versions("citizen")]
    assert states == [VersionState.PUBLISHED, VersionState.EARLIER]


async def test_roll_back_publishes_what_was_before_again(service: SmallService) -> None:
    flows = service.view.flows
    with pytest.raises(NothingBefore):
        await flows.roll_back("citizen", "", ZHANG)
    await flows.save("citizen", RETITLED, "", ZHANG)
    await flows.publish("citizen", 2, "", ZHANG)
    view = await flows.roll_back("citizen", "complaints", ZHANG)
    assert (view.version, view.newest) == (1, 2)
    told = await flows.publications("citizen")
    assert [(each.number, each.instead_of) for each in told] == [(1, 2), (2, 1), (1, 0)]
    assert (told[0].published_by, told[0].note) == ("zhang", "complaints")
    assert told[0].is_roll_back


async def test_faulty_version_is_kept_but_not_published(service: SmallService) -> None:
    flows = service.view.flows
    await flows.save("citizen", FAULTY, "", ZHANG)
    with pytest.raises(VersionRefused, match="there is no step 'persn'") as refused:
        await flows.publish("citizen", 2, "", ZHANG)
    assert refused.value.findings[0].line > 1
    assert flows.published("citizen").version == 1
    assert len(await flows.publications("citizen")) == 1


@pytest.mark.parametrize(
    ("name", "question"), [("follow_up", "satisfied"), ("recall", "comes")]
)
async def test_version_whose_answers_would_not_be_counted_is_not_published(
    service: SmallService, tmp_path: Path, name: str, question: str
) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=tmp_path), trunks=(TRUNK,))
    calls = await open_flows(settings, service.database, NOW)
    text = (BUILT_IN / f"{name}.yaml").read_text(encoding="utf-8")
    renamed = re.sub(rf"\b{question}: *(?=[\[\n])", "asked: ", text)
    async with Prompts(settings, tmp_path / "spoken") as prompts:
        desk = flow_desk(
            settings,
            service.database,
            calls,
            service.distributor,
            prompts,
            service.clock,
        )
        await desk.save(name, renamed, "", ZHANG)
        with pytest.raises(VersionRefused, match="'asked' asks it: give it this name"):
            await desk.publish(name, 2, "", ZHANG)
    assert calls[name].version == 1


async def test_version_that_no_voice_can_speak_is_not_published(
    service: SmallService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = service.view.flows
    text = "steps:\n  end: {do: hang_up, say: …}\n"
    await flows.save("citizen", text, "", ZHANG)
    async with Prompts(settings_with(tmp_path, text), tmp_path / "spoken") as prompts:
        monkeypatch.setattr(flows, "_prepare", prompts.prepare_flow)
        with pytest.raises(VersionRefused, match="cannot be spoken"):
            await flows.publish("citizen", 2, "", ZHANG)
    assert flows.published("citizen").version == 1
    assert len(await flows.publications("citizen")) == 1


async def test_publisher_who_looked_before_another_one_is_refused(
    service: SmallService,
) -> None:
    flows = service.view.flows
    await flows.save("citizen", RETITLED, "", ZHANG)
    await flows.publish("citizen", 2, "", ZHANG, instead_of=1)
    with pytest.raises(AlreadyPublished):
        await flows.publish("citizen", 2, "", ZHANG)
    with pytest.raises(PublishedMeanwhile, match="Version 2"):
        await flows.publish("citizen", 1, "", ZHANG, instead_of=1)


async def test_of_two_who_publish_at_once_one_is_refused(
    service: SmallService,
) -> None:
    flows = service.view.flows
    await flows.save("citizen", RETITLED, "", ZHANG)
    await flows.save("citizen", CITIZEN + "\n# other\n", "", ZHANG)
    done = await asyncio.gather(
        flows.publish("citizen", 2, "", ZHANG, instead_of=1),
        flows.publish("citizen", 3, "", ZHANG, instead_of=1),
        return_exceptions=True,
    )
    assert [type(each) for each in done] == [FlowView, PublishedMeanwhile]
    assert flows.published("citizen").version == 2
    assert [each.number for each in await flows.publications("citizen")] == [2, 1]


async def test_those_who_save_at_once_have_a_number_each(service: SmallService) -> None:
    flows = service.view.flows
    texts = [f"{CITIZEN}\n# {n}\n" for n in range(5)]
    kept = await asyncio.gather(
        *(flows.save("citizen", each, "", ZHANG) for each in texts)
    )
    assert [each.number for each in kept] == [2, 3, 4, 5, 6]
    assert [each.text for each in kept] == texts


async def test_database_refuses_to_change_what_was_written(
    service: SmallService,
) -> None:
    for words in (
        "UPDATE flow_versions SET text = ''",
        "DELETE FROM flow_publications",
    ):
        with pytest.raises(DatabaseError, match="kept as they were"):
            async with service.database.begin() as connection:
                await connection.execute(text(words))


async def test_changed_file_counts_while_nobody_has_published(tmp_path: Path) -> None:
    async with small_database(tmp_path) as database:
        await open_flows(settings_with(tmp_path, CITIZEN), database, NOW)
        again = await open_flows(settings_with(tmp_path, CITIZEN), database, NOW)
        assert again["citizen"].version == 1
        changed = await open_flows(settings_with(tmp_path, RETITLED), database, NOW)
        assert changed["citizen"].version == 2
        assert changed["citizen"].title == "新的流程"


async def test_changed_file_never_overrides_what_was_published(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service:
        flows, database = service.view.flows, service.database
        await flows.save("citizen", RETITLED, "", ZHANG)
        await flows.publish("citizen", 2, "", ZHANG)
        of_file = CITIZEN.replace("title: 市民热线", "title: 文件")
        started = await open_flows(settings_with(tmp_path, of_file), database, NOW)
        assert started["citizen"].version == 2
        newest = await flows.version("citizen")
        assert (newest.number, newest.from_file) == (3, True)
        assert newest.state is VersionState.DRAFT
        assert (await flows.flow("citizen")).file_differs == 3
        await open_flows(settings_with(tmp_path, of_file), database, NOW)
        assert (await flows.version("citizen")).number == 3


async def test_broken_file_does_not_stop_a_hotline_that_has_published(
    tmp_path: Path,
) -> None:
    async with small_service(tmp_path) as service:
        flows, database = service.view.flows, service.database
        await flows.save("citizen", RETITLED, "", ZHANG)
        await flows.publish("citizen", 2, "", ZHANG)
        started = await open_flows(settings_with(tmp_path, FAULTY), database, NOW)
        assert started["citizen"].version == 2


async def test_broken_file_stops_a_first_start_with_file_and_line(
    tmp_path: Path,
) -> None:
    async with small_database(tmp_path) as database:
        with pytest.raises(FlowError, match=r"flows/citizen\.yaml:\d+: there is no"):
            await open_flows(settings_with(tmp_path, FAULTY), database, NOW)
        assert await _kept(database) == 0


async def test_published_version_that_cannot_be_read_any_more_gives_way_to_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with small_service(tmp_path) as service:
        async with service.database.begin() as connection:
            for words in (
                "INSERT INTO flow_versions VALUES ('citizen', 2, '2026-03-02 00:00:00', 'zhang', '', '', 0, 'steps: {}')",
                "INSERT INTO flow_publications VALUES (9, 'citizen', 2, 1, '2026-03-02 00:00:00', 'zhang', '', '', 0)",
            ):
                await connection.execute(text(words))
        settings = Settings(hotline=HotlineSection(data_dir=tmp_path))
        started = await open_flows(settings, service.database, NOW)
    assert started["citizen"].version == 1
    assert "cannot be read any more" in caplog.text


async def _kept(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM flow_versions")))
