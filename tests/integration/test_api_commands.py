"""`hotline agents` against a running service, and without one."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send
from typer.testing import CliRunner, Result

from acd.messages import AgentLogsIn, CallerEnters, OfferAnswered
from console.server import HttpServer
from hotline.agent_commands import app
from tests.fakes.console import TOKEN, SmallService, small_service

pytestmark = pytest.mark.integration
LOOPBACK = ip_address("127.0.0.1")
UNUSED_PORT = 22019


def config(directory: Path, port: int, token: str = TOKEN) -> Path:
    """A settings file for a console on this port, and its token."""
    file = directory / "hotline.toml"
    file.write_text(
        f'hotline.data_dir = "{directory}"\nconsole.port = {port}\n', encoding="utf-8"
    )
    if token:
        (directory / "api-token").write_text(token)
        (directory / "api-token").chmod(0o600)
    return file


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service whose console is on a port of the system's choice."""
    async with (
        small_service(tmp_path) as service,
        HttpServer(service.app, LOOPBACK, 0) as server,
    ):
        config(tmp_path, server.port)
        yield service


async def run(directory: Path, *arguments: str) -> Result:
    """Run the command beside the service, as a terminal of 160 columns does."""
    file = str(directory / "hotline.toml")
    return await asyncio.to_thread(
        CliRunner().invoke, app, [*arguments, "--config", file], env={"COLUMNS": "160"}
    )


async def test_list_shows_every_agent(service: SmallService, tmp_path: Path) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1003"))
    result = await run(tmp_path, "list")
    assert result.exit_code == 0
    rows = [line for line in result.output.splitlines() if "Agent" in line]
    assert len(rows) == 3
    assert "ready" in rows[2]
    assert "general, tax" in rows[2]
    assert "logged out" in rows[0]


async def test_agent_logs_in_pauses_gets_ready_and_logs_out(
    service: SmallService, tmp_path: Path
) -> None:
    for command, said in [
        (("login", "1001"), "1001 is ready."),
        (("pause", "1001", "--reason", "lunch"), "1001 is paused."),
        (("ready", "1001"), "1001 is ready."),
        (("logout", "1001"), "1001 is logged out."),
    ]:
        result = await run(tmp_path, *command)
        assert (result.exit_code, result.output.strip()) == (0, said)


async def test_reason_of_a_pause_is_shown(
    service: SmallService, tmp_path: Path
) -> None:
    await run(tmp_path, "login", "1001")
    await run(tmp_path, "pause", "1001", "--reason", "[bold]lunch")
    assert "[bold]lunch" in (await run(tmp_path, "list")).output


async def test_agent_who_talks_is_told_when_his_pause_begins(
    service: SmallService, tmp_path: Path
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    service.distributor.send(OfferAnswered(offer_id="A-1"))
    result = await run(tmp_path, "pause", "1001")
    assert result.output.strip() == "1001 will be paused after the talk that he is in."


async def test_unknown_agent_is_refused_with_the_nearest(
    service: SmallService, tmp_path: Path
) -> None:
    result = await run(tmp_path, "login", "101")
    assert result.exit_code == 1
    assert "There is no agent '101'; did you mean '1001'?" in result.stderr


async def test_id_with_a_slash_is_an_unknown_agent(
    service: SmallService, tmp_path: Path
) -> None:
    result = await run(tmp_path, "login", "../1001")
    assert result.exit_code != 0


async def test_agent_who_is_logged_out_cannot_get_ready(
    service: SmallService, tmp_path: Path
) -> None:
    result = await run(tmp_path, "ready", "1001")
    assert result.exit_code == 1
    assert "log in first" in result.stderr


async def test_token_of_another_service_is_refused(
    service: SmallService, tmp_path: Path
) -> None:
    (tmp_path / "api-token").write_text("x" * 43)
    result = await run(tmp_path, "list")
    assert result.exit_code == 1
    assert "api-token" in result.stderr
    assert "--config" in result.stderr


async def test_service_that_does_not_run_says_how_to_start_it(tmp_path: Path) -> None:
    config(tmp_path, UNUSED_PORT)
    result = await run(tmp_path, "list")
    assert result.exit_code == 2
    assert result.stderr.strip() == (
        f"hotline is not running at http://127.0.0.1:{UNUSED_PORT}; "
        "start it with: hotline run"
    )


async def test_missing_token_says_who_makes_it(tmp_path: Path) -> None:
    config(tmp_path, UNUSED_PORT, token="")
    result = await run(tmp_path, "list")
    assert result.exit_code == 2
    assert "hotline run" in result.stderr


async def test_token_that_others_can_read_says_chmod(tmp_path: Path) -> None:
    config(tmp_path, UNUSED_PORT)
    (tmp_path / "api-token").chmod(0o644)
    result = await run(tmp_path, "list")
    assert result.exit_code == 2
    assert "chmod 600" in result.stderr


async def test_missing_settings_say_how_to_make_them(tmp_path: Path) -> None:
    result = await run(tmp_path, "list")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", b"SSH-2.0-OpenSSH_9.2\r\n"],
)
async def test_something_else_on_the_port_is_recognised(
    tmp_path: Path, answer: bytes
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as other:
        config(tmp_path, other.sockets[0].getsockname()[1])
        result = await run(tmp_path, "list")
    assert result.exit_code == 2
    assert "hotline" in result.stderr
    assert "Traceback" not in result.output


async def test_watch_goes_on_until_the_service_ends(tmp_path: Path) -> None:
    answered: asyncio.Queue[None] = asyncio.Queue()
    async with small_service(tmp_path) as service:

        async def told_of(scope: Scope, receive: Receive, send: Send) -> None:
            await service.app(scope, receive, send)
            if scope["type"] == "http":
                answered.put_nowait(None)

        async with HttpServer(told_of, LOOPBACK, 0) as server:
            config(tmp_path, server.port)
            watching = asyncio.create_task(run(tmp_path, "list", "--watch"))
            await answered.get()
            service.distributor.send(AgentLogsIn(agent_id="1001"))
            for _ in range(3):  # the first may have been on its way already
                await answered.get()
            assert not watching.done()
        result = await watching
    assert result.exit_code == 2
    assert [line for line in result.output.splitlines() if "ready" in line]
    assert "hotline is not running" in result.stderr
