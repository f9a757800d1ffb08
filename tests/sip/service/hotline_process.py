"""`hotline run` as its operator starts it: a process of its own, with a file."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
START_SECONDS = 60.0


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class HotlineProcess:
    """One data directory and the service on it, which may be killed and started again."""

    folder: Path
    agents: list[dict[str, Any]]
    queues: str = '[[queues]]\nname = "general"\nwrap_up_seconds = 0\n'
    extra: str = ""
    sip: str = ""
    sip_port: int = field(default_factory=free_port)
    console_port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def config(self) -> Path:
        """The settings' file."""
        return self.folder / "hotline.toml"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def log(self) -> str:
        """Everything that the service has logged so far."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def write_config(self) -> None:
        """Write the settings as an operator would."""
        agents = "".join(
            "[[agents]]\n"
            + "".join(f"{key} = {json.dumps(value)}\n" for key, value in agent.items())
            for agent in self.agents
        )
        prompts = self.folder.parent / "prompts-cache"
        prompts.mkdir(exist_ok=True)
        self.data.mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (self.data / "prompts").symlink_to(prompts)
        self.config.write_text(
            f'[hotline]\ndata_dir = "{self.data}"\ndrain_seconds = 5\n'
            f'[sip]\nport = {self.sip_port}\nrtp_ports = "44000-45999"\n{self.sip}\n'
            f"[console]\nport = {self.console_port}\n{self.extra}\n{self.queues}{agents}",
            encoding="utf-8",
        )

    async def start(self) -> None:
        """Start and wait until it is ready."""
        self.write_config()
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "hotline", "run", "--config", str(self.config),
                cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        before = self.log.count("ready: ")
        async with asyncio.timeout(START_SECONDS):
            while self.log.count("ready: ") == before:
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.05)

    async def signal(self, number: int) -> None:
        """Send a signal and wait for the end."""
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(30):
            await self.process.wait()

    async def stop(self) -> None:
        """End it as an operator does, twice if he must."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            await asyncio.sleep(0.3)
            await self.signal(signal.SIGINT)

    async def command(self, *words: str) -> tuple[int, str]:
        """Run a `hotline` command with this file; its status and all it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hotline", *words, "--config", str(self.config),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode()

    async def get(self, path: str) -> Any:
        """Read from the API with the token that the service made."""
        token = (self.data / "api-token").read_text(encoding="utf-8").strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.console_port}{path}",
            headers={"Authorization": f"Bearer {token}"},
        )
        return await asyncio.to_thread(_read_json, request)

    async def call_that_ended(self, number: int = 0) -> dict[str, Any]:
        """The newest call but `number`, with its story, once it has ended."""
        async with asyncio.timeout(10):
            while True:
                items = (await self.get("/api/v1/calls"))["items"]
                if len(items) > number and items[number]["ended_at"]:
                    story = await self.get(f"/api/v1/calls/{items[number]['id']}")
                    return story["call"] | story
                await asyncio.sleep(0.1)


def _read_json(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)
