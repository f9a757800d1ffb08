"""`hotline queues` and the profiles of `hotline agents`, against a running service."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from acd.messages import CallerEnters, CallerLeaves
from acd.talk_events import CallPriorityChanged
from console.server import HttpServer
from hotline import agent_commands, queue_commands, talk_commands
from tests.fakes.console import SmallService, small_service
from tests.integration.test_api_commands import config

pytestmark = pytest.mark.integration


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service whose console is on a port of the system's choice."""
    async with (
        small_service(tmp_path) as service,
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
    ):
        config(tmp_path, server.port)
        yield service


async def run(app: typer.Typer, directory: Path, *arguments: str) -> Result:
    """Run a command beside the service."""
    file = str(directory / "hotline.toml")
    environment = {"COLUMNS": "200", "LOGNAME": "li"}
    return await asyncio.to_thread(
        CliRunner().invoke, app, [*arguments, "--config", file], env=environment
    )


async def queues(directory: Path, *arguments: str) -> Result:
    """Run `hotline queues`."""
    return await run(queue_commands.app, directory, *arguments)


async def agents(directory: Path, *arguments: str) -> Result:
    """Run `hotline agents`."""
    return await run(agent_commands.app, directory, *arguments)


async def test_list_shows_every_queue(service: SmallService, tmp_path: Path) -> None:
    result = await queues(tmp_path, "list")
    assert result.exit_code == 0
    assert [name for name in ("general", "tax") if name in result.output] == [
        "general",
        "tax",
    ]


async def test_rules_are_set_as_in_the_file_and_shown(
    service: SmallService, tmp_path: Path
) -> None:
    rules = ("strategy=linear", "skills={tax=2}", "max_penalty=1", "weight=1.5")
    result = await queues(tmp_path, "set", "tax", *rules)
    assert result.exit_code == 0, result.output
    assert "! queue 'tax': nobody has the skill 'tax'" in result.output
    await queues(tmp_path, "set", "tax", "max_penalty=none", 'title="税务"')
    shown = (await queues(tmp_path, "show", "tax")).output
    for line in ('strategy = "linear"', "skills = {tax = 2}", "max_penalty = none"):
        assert line in shown
    assert 'title = "税务"' in shown
    assert service.distributor.rules_of("tax").weight == 1.5


async def test_queue_is_added_and_removed_by_command(
    service: SmallService, tmp_path: Path
) -> None:
    added = await queues(tmp_path, "add", "water", "strategy=linear")
    assert added.exit_code == 0, added.output
    assert "water is added." in added.output
    assert service.distributor.rules_of("water").strategy == "linear"
    assert "li (127.0.0.1): queue water" in (await queues(tmp_path, "changes")).output
    removed = await queues(tmp_path, "remove", "water")
    assert removed.exit_code == 0, removed.output
    assert "water" not in service.distributor.queue_names


async def test_what_is_shown_can_be_set_again(
    service: SmallService, tmp_path: Path
) -> None:
    rules = (
        'skills={"税务"=2}',
        "relax=[{after_seconds=30, also_queues=['general']}]",
        "overflow=[{when='wait', limit=90.5, to='general'}]",
        "hours={workday='8:30-17:30'}",
        "admission={places_per_agent=1.5}",
    )
    assert (await queues(tmp_path, "set", "tax", *rules)).exit_code == 0
    lines = (await queues(tmp_path, "show", "tax")).output.splitlines()
    shown = [line for line in lines if not line.startswith("!")]
    assert 'hours = {workday = "8:30-17:30"}' in shown
    written = [line.replace(" = ", "=", 1) for line in shown]
    again = await queues(tmp_path, "set", "general", *written)
    assert again.exit_code == 1  # its overflow would go to itself
    assert "overflow by wait goes to the queue itself" in again.stderr
    before = service.distributor.rules_of("tax")
    assert (await queues(tmp_path, "set", "tax", *written)).exit_code == 0
    assert service.distributor.rules_of("tax") == before


async def test_wrong_rule_is_one_line_and_status_1(
    service: SmallService, tmp_path: Path
) -> None:
    for rule, words in (
        ("strategy=lineal", "did you mean 'linear'?"),
        ("stratgy=linear", "stratgy is not a setting; did you mean 'strategy'?"),
        ("strategy", "write one like ring_seconds=15"),
        ("weight=nan", "numbers must be finite"),
        ("weight=true", "weight: true and false are no numbers"),
    ):
        result = await queues(tmp_path, "set", "tax", rule)
        assert result.exit_code == 1
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


async def test_changes_tell_who_changed_what(
    service: SmallService, tmp_path: Path
) -> None:
    await queues(tmp_path, "set", "tax", "priority=3")
    await agents(tmp_path, "skills", "1001", "tax=2")
    told = (await queues(tmp_path, "changes")).output
    assert "li (127.0.0.1): queue tax: priority 0 -> 3" in told
    assert "agent 1001: skills {} -> {tax = 2}" in told
    assert "queue tax" not in (await queues(tmp_path, "changes", "1001")).output


async def test_levels_are_added_and_taken_away_one_by_one(
    service: SmallService, tmp_path: Path
) -> None:
    await agents(tmp_path, "skills", "1001", "tax=2", "housing=1")
    result = await agents(tmp_path, "skills", "1001", "tax=3", "housing=none")
    assert result.output.strip() == "1001: skills tax=3"
    assert (await agents(tmp_path, "skills", "1001")).output == result.output
    wrong = await agents(tmp_path, "skills", "1001", "tax")
    assert wrong.exit_code == 1
    assert "write one like tax=3" in wrong.stderr


async def test_queues_penalties_and_weight_are_set_and_seen(
    service: SmallService, tmp_path: Path
) -> None:
    for command, said in [
        (("queues", "1001", "tax", "general"), "1001: queues tax, general"),
        (("penalties", "1001", "tax=4"), "1001: penalties tax=4"),
        (("weight", "1001", "2.5"), "1001: weight 2.5"),
        (("weight", "1001"), "1001: weight 2.5"),
        (("penalties", "1002"), "1002: penalties none"),
    ]:
        result = await agents(tmp_path, *command)
        assert (result.exit_code, result.output.strip()) == (0, said)
    listed = (await agents(tmp_path, "list")).output
    assert "tax, general" in listed


async def test_agent_who_does_not_exist_is_named_with_the_nearest(
    service: SmallService, tmp_path: Path
) -> None:
    result = await agents(tmp_path, "queues", "101", "tax")
    assert result.exit_code == 1
    assert "There is no agent '101'; did you mean '1001'?" in result.stderr


async def test_priority_of_a_waiting_call_is_set_by_command(
    service: SmallService, tmp_path: Path
) -> None:
    told: list[CallPriorityChanged] = []
    service.bus.subscribe(CallPriorityChanged, told.append)
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    result = await run(talk_commands.app, tmp_path, "priority", "A", "emergency")
    assert result.output == "Call A waits with priority emergency.\n"
    assert (told[0].priority, told[0].asked_by) == (1000, "li")
    for words, said in (
        (("A", "soon"), "write 0 to 100, or emergency"),
        (("A", "500"), "less than or equal to 100"),
        (("B", "5"), "call B does not wait in a queue now"),
    ):
        refused = await run(talk_commands.app, tmp_path, "priority", *words)
        assert refused.exit_code == 1
        assert said in refused.stderr
    service.distributor.send(CallerLeaves(call_id="A"))
