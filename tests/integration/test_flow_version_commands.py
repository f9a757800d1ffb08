"""`hotline flow versions`, `show`, `diff`, `save`, `publish`, against a running service."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from hotline import flow_commands
from ivr_flows.flow import BUILT_IN
from tests.fakes.console import SmallService
from tests.integration import test_queue_commands as queues
from tests.integration.test_queue_commands import run

pytestmark = pytest.mark.integration
service = queues.service
CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
RETITLED = CITIZEN.replace("title: 市民热线", "title: 新的流程")


async def flow(directory: Path, *words: str) -> Result:
    """Run `hotline flow`."""
    return await run(flow_commands.app, directory, *words)


async def saved(directory: Path, text: str, note: str = "title") -> Result:
    """Run `hotline flow save` with a text."""
    file = directory / "new.yaml"
    file.write_text(text, encoding="utf-8")
    return await flow(directory, "save", "citizen", str(file), "--note", note)


def words_of(output: str) -> list[list[str]]:
    """The cells of a printed table without its head."""
    return [line.split() for line in output.splitlines()[1:]]


async def test_versions_are_listed_newest_first(
    service: SmallService, tmp_path: Path
) -> None:
    kept = await saved(tmp_path, RETITLED)
    assert kept.output == "flow citizen: version 2 is kept as a draft\n"
    listed = await flow(tmp_path, "versions", "citizen")
    assert listed.exit_code == 0, listed.output
    draft, seeded = words_of(listed.output)
    assert (draft[:2], draft[4:]) == (["2", "draft"], ["li", "title"])
    assert (seeded[:2], seeded[4:]) == (["1", "published"], ["file"])
    for_programs = await flow(tmp_path, "versions", "citizen", "--json")
    assert [each["number"] for each in json.loads(for_programs.output)] == [2, 1]


async def test_shown_version_is_the_text_to_the_letter(
    service: SmallService, tmp_path: Path
) -> None:
    await saved(tmp_path, RETITLED)
    assert (await flow(tmp_path, "show", "citizen", "1")).output == CITIZEN
    assert (await flow(tmp_path, "show", "citizen", "2")).output == RETITLED


async def test_difference_names_both_versions_and_the_changed_line(
    service: SmallService, tmp_path: Path
) -> None:
    await saved(tmp_path, RETITLED)
    lines = (await flow(tmp_path, "diff", "citizen", "1", "2")).output.splitlines()
    assert lines[:2] == ["--- version 1", "+++ version 2"]
    changed = [line for line in lines[2:] if line[0] in "+-"]
    assert changed == ["-title: 市民热线", "+title: 新的流程"]
    same = await flow(tmp_path, "diff", "citizen", "1", "1")
    assert (same.output, same.exit_code) == ("", 0)


async def test_publication_and_roll_back_are_told(
    service: SmallService, tmp_path: Path
) -> None:
    await saved(tmp_path, RETITLED)
    done = await flow(tmp_path, "publish", "citizen", "2", "--note", "tried")
    assert done.output == "flow citizen: new calls meet version 2\n"
    back = await flow(tmp_path, "roll-back", "citizen")
    assert back.output == "flow citizen: new calls meet version 1 again\n"
    assert service.view.flows.published("citizen").version == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("versions", "citzen"), "did you mean 'citizen'?"),
        (("show", "citizen", "7"), "The flow 'citizen' has no version 7"),
        (("diff", "citizen", "1", "7"), "The flow 'citizen' has no version 7"),
        (("publish", "citizen", "1"), "New calls meet version 1 already"),
        (("roll-back", "citizen"), "had no other version before"),
        (("save", "citizen", "not-there.yaml"), "not-there.yaml cannot be read"),
    ],
)
async def test_what_cannot_be_done_is_said_with_status_one(
    service: SmallService, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    refused = await flow(tmp_path, *words)
    assert refused.exit_code == 1
    assert said in refused.output
