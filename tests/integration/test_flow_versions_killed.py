"""A service that is killed between the draft and its publication: the draft is kept, no more."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from typing import NoReturn

import pytest

from acd.flow_versions.desk import Checked, FlowDesk
from acd.flow_versions.store import publications_of, versions_of
from acd.flow_versions.version import VersionState
from acd.rule_changes.rows import Author
from config.clock import LoopClock
from config.database import Database
from config.settings import HotlineSection, Settings
from hotline.flow_versions import open_flows, trier
from ivr_flows.flow import BUILT_IN
from ivr_flows.language import Flow, parse_flow
from ivr_flows.prompts.catalogue import Catalogue
from tests.fakes.console import small_database

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
CHILD = "import sys; from tests.integration.test_flow_versions_killed import publish; publish(sys.argv[1])"
ZHANG = Author(name="zhang", peer="127.0.0.1")
CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
RETITLED = CITIZEN.replace("title: 市民热线", "title: 新的流程")


def publish(folder: str) -> NoReturn:
    """Save and publish; the power fails while the sentences are synthesised."""
    asyncio.run(_publish(Path(folder)))
    raise AssertionError("it has been published")


async def _publish(folder: Path) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=folder))
    async with Database(settings.database_url) as database:
        clock, texts = LoopClock(), Catalogue()
        flows = await open_flows(settings, database, clock.now())
        tries = trier(settings, [], texts)
        desk = FlowDesk(database, flows, _good, tries, texts, _power_fails, clock)
        draft = await desk.save("citizen", RETITLED, "title", ZHANG)
        await desk.publish("citizen", draft.number, "tried", ZHANG)


async def _good(name: str, text: str) -> Checked:
    return Checked(findings=(), flow=parse_flow(text, f"{name}.yaml"))


async def _power_fails(_: Flow) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_killed_publication_leaves_a_draft_and_the_version_in_force(
    tmp_path: Path,
) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=tmp_path))
    async with small_database(tmp_path):
        pass
    child = [sys.executable, "-c", CHILD, str(tmp_path)]
    died = await asyncio.to_thread(run, child, cwd=ROOT, timeout=25, check=False)
    assert died.returncode == -signal.SIGKILL
    async with Database(settings.database_url) as database:
        started = await open_flows(settings, database, datetime.now(UTC))
        assert started["citizen"].version == 1
        draft, seeded = await versions_of(database, "citizen")
        assert (draft.number, draft.state) == (2, VersionState.DRAFT)
        assert (seeded.number, seeded.state) == (1, VersionState.PUBLISHED)
        assert len(await publications_of(database, "citizen")) == 1
