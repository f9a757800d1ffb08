"""`hotline run` as its operator starts it: a process of its own, with a file."""

import asyncio
import json
import re
import signal
import sqlite3
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.ports import free_port, own
from tests.sip.service.program import Program, WarmStarter

START_SECONDS = 300.0
TROUBLE = ("Traceback (most recent", "was never", "Task was destroyed", "CRITICAL")


@dataclass
class HotlineProcess:
    """One data directory and the service on it, which may be killed and started again.

    The data lie in `place`, if it is given. `expected_errors` are parts of the error lines that a test provokes; any other one
    fails it. `secrets` must never be in the log; the numbers that phones call from are
    so anyway.
    """

    folder: Path
    starter: WarmStarter
    agents: list[dict[str, Any]]
    queues: str = '[[queues]]\nname = "general"\nwrap_up_seconds = 0\n'
    place: Path | None = None
    extra: str = ""
    hotline: str = "drain_seconds = 5"
    sip: str = ""
    expected_errors: tuple[str, ...] = ()
    cold: bool = False
    secrets: set[str] = field(default_factory=set)
    sip_port: int = field(default_factory=free_port)
    console_port: int = field(default_factory=free_port)
    program: Program | None = None

    @property
    def config(self) -> Path:
        """The settings' file."""
        return self.folder / "hotline.toml"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.place or self.folder / "data"

    @property
    def log_file(self) -> Path:
        """Where the service logs to, in all its lives."""
        return self.folder / "log"

    @property
    def log(self) -> str:
        """Everything that the service has logged so far."""
        with suppress(FileNotFoundError):
            return self.log_file.read_text(encoding="utf-8")
        return ""

    @property
    def address(self) -> str:
        """Where it is called."""
        return f"127.0.0.1:{self.sip_port}"

    def write_config(self) -> None:
        """Write the settings as an operator would."""
        agents = "".join(
            "[[agents]]\n"
            + "".join(f"{key} = {json.dumps(value)}\n" for key, value in agent.items())
            for agent in self.agents
        )
        rtp = own("service-rtp", *range(44000, 60000, 2000))
        prompts = self.folder.parent / "prompts-cache"
        prompts.mkdir(exist_ok=True)
        self.data.mkdir(exist_ok=True)
        with suppress(FileExistsError):
            (self.data / "prompts").symlink_to(prompts)
        self.config.write_text(
            f'[hotline]\ndata_dir = "{self.data}"\n{self.hotline}\n'
            f'[sip]\nport = {self.sip_port}\nrtp_ports = "{rtp}-{rtp + 1999}"\n{self.sip}\n'
            f"[console]\nport = {self.console_port}\n{self.extra}\n{self.queues}{agents}",
            encoding="utf-8",
        )

    async def start(self) -> None:
        """Start and wait until it is ready."""
        before = self.log.count("ready: ")
        program = await self.begin()
        async with asyncio.timeout(START_SECONDS):
            while self.log.count("ready: ") == before:
                assert program.status is None, self.log
                await asyncio.sleep(0.02)

    async def begin(self) -> Program:
        """Start, and wait for nothing."""
        self.write_config()
        words = ("run", "--config", str(self.config))
        if self.cold:
            self.program = await Program.cold(words, self.log_file)
        else:
            self.program = await Program.warm(self.starter, words, self.log_file)
        return self.program

    async def kill(self) -> None:
        """End it as a power cut would, but for the kernel's memory."""
        assert self.program
        self.program.signal(signal.SIGKILL)
        assert await self.program.end() == -signal.SIGKILL

    async def stop(self) -> None:
        """End it as an operator does, twice if he must; it must end well."""
        if not self.program or self.program.status is not None:
            return
        self.program.signal(signal.SIGINT)
        try:
            await self.program.end(0.3)
        except TimeoutError:
            self.program.signal(signal.SIGINT)
        assert await self.program.end() == 0, self.log

    async def command(self, *words: str, told: str = "") -> tuple[int, str]:
        """Run a `hotline` command with this file, told this on its standard input.

        Its status and all it printed.
        """
        output = self.folder / f"said-by-{'-'.join(words[:2])}-{free_port()}"
        entered = output.with_suffix(".told")
        entered.write_text(told, encoding="utf-8")
        words = (*words, "--config", str(self.config))
        program = await Program.warm(self.starter, words, output, entered)
        return await program.end(), output.read_text(encoding="utf-8")

    async def get(self, path: str) -> Any:
        """Read from the API with the token that the service made; JSON or text."""
        token = (self.data / "api-token").read_text(encoding="utf-8").strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.console_port}{path}",
            headers={"Authorization": f"Bearer {token}"},
        )
        return await asyncio.to_thread(_read, request)

    async def metric(self, sample: str) -> float:
        """The value of a sample of `/metrics`, 0 when it is not there yet."""
        text = await self.get("/metrics")
        found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.M)
        return float(found[1]) if found else 0.0

    async def call_that_ended(self, number: int = 0) -> dict[str, Any]:
        """The newest call but `number`, with its story, once it has ended."""
        async with asyncio.timeout(60):
            while True:
                items = (await self.get("/api/v1/calls"))["items"]
                if len(items) > number and items[number]["ended_at"]:
                    return await self.story(items[number]["id"])
                await asyncio.sleep(0.1)

    async def story(self, call_id: str) -> dict[str, Any]:
        """A call, with its legs, steps and queue events."""
        story = await self.get(f"/api/v1/calls/{call_id}")
        told: dict[str, Any] = story["call"] | story
        return told

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What the database holds, read past the service."""
        file = f"file:{self.data / 'hotline.sqlite'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=60)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query)]

    async def logged(self, sentence: str, seconds: float = 60) -> str:
        """Wait for a line of the log that holds these words."""
        async with asyncio.timeout(seconds):
            while True:
                for line in self.log.splitlines():
                    if sentence in line:
                        return line
                await asyncio.sleep(0.05)

    def assert_log_is_sound(self, secrets: set[str]) -> None:
        """No secret, no traceback, and no error that the test has not provoked."""
        told = [it for it in secrets | self.secrets if it in self.log]
        assert not told, f"the log tells {told}:\n{self.log}"
        lines = self.log.splitlines()
        wrong = [line for line in lines if any(word in line for word in TROUBLE)]
        wrong += [line for line in lines if " ERROR " in line and not self._due(line)]
        assert not wrong, self.log

    def _due(self, line: str) -> bool:
        return any(part in line for part in self.expected_errors)


def _read(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=60) as response:
        text = response.read().decode()
        is_json = "json" in response.headers["content-type"]
    return json.loads(text) if is_json else text
