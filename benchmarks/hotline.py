"""The service that is measured: `hotline run` in a process of its own, with fresh data."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from benchmarks import processes
from benchmarks.places import (
    CONSOLE_PORT,
    DESK,
    PROMPT_NUMBER,
    ROOT,
    SERVICE,
    SERVICE_RTP_PORTS,
    WORK,
)

START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 30.0
TUNED: Final = "(tuned build"
NO_DISK_IS_SO_FREE: Final = 1_000_000_000
"""As `recordings.min_free_megabytes`: calls go on unrecorded."""


class ServiceFailed(Exception):
    """The service did not start, or ended by itself; the message has its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the service is set up; everything else is as an operator finds it.

    `desk` is where the agents' phones are, one contact for each at one address. With
    `follow_up_lines` it is also the trunk to citizens, who may be called now. The API
    takes so many `requests_per_second`, and twice as many at once.
    """

    agents: int
    recorded: bool = True
    desk: tuple[str, int] = DESK
    follow_up_lines: int = 0
    requests_per_second: int = 100

    def settings(self, data: Path, flows: Path) -> str:
        """The settings' file."""
        free = "" if self.recorded else f"min_free_megabytes = {NO_DISK_IS_SO_FREE}"
        lines = (
            f'[hotline]\ndata_dir = "{data}"\ndrain_seconds = 1\n{self._zone()}',
            f'[sip]\nport = {SERVICE[1]}\nrtp_ports = "{SERVICE_RTP_PORTS}"',
            f"[console]\nport = {CONSOLE_PORT}",
            f"[api]\nrequests_per_second = {self.requests_per_second}",
            f"request_burst = {2 * self.requests_per_second}",
            f"[recordings]\n{free}",
            f'[ivr]\nflows_dir = "{flows}"',
            f'[[numbers]]\ncalled = "{PROMPT_NUMBER}"\nflow = "prompts_only"',
            '[[queues]]\nname = "general"\nwrap_up_seconds = 0\nring_seconds = 60',
            *self._way_out(),
            *(self._agent(number) for number in range(self.agents)),
        )
        return "\n".join(lines)

    def _zone(self) -> str:
        """With follow-up calls it is about noon, so that citizens may be called."""
        ahead = 12 - datetime.now(UTC).hour
        return f'timezone = "Etc/GMT{-ahead:+d}"' if self.follow_up_lines else ""

    def _way_out(self) -> tuple[str, ...]:
        if not self.follow_up_lines:
            return ()
        host, port = self.desk
        return (
            f"[outbound]\nlines = {self.follow_up_lines}\nworkdays_only = false",
            'windows = ["08:00-21:00"]',
            f'[[trunks]]\nname = "citizens"\nhost = "{host}"\nport = {port}',
            'caller_numbers = ["053112345"]\noptions_seconds = 0',
            f"lines = {2 * self.follow_up_lines}\ncalls_per_second = 100",
        )

    def _agent(self, number: int) -> str:
        agent = f"a{number:03}"
        contact = f"sip:{agent}@{self.desk[0]}:{self.desk[1]}"
        values = {"id": agent, "contact": contact, "queues": ["general"]}
        lines = (f"{key} = {json.dumps(value)}" for key, value in values.items())
        return "\n".join(("[[agents]]", 'state = "ready"', *lines))


class Hotline:
    """One run of the service; an async context manager."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._folder = tempfile.TemporaryDirectory(prefix="hotline-bench-")
        self.folder = Path(self._folder.name)

    _process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        self._prepare()
        arguments = ("-m", "hotline", "run", "--config", str(self._settings))
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": _path()},
            )
        try:
            await self._ready()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def pid(self) -> int:
        """The service's process."""
        return self._process.pid

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def cpu(self) -> processes.Cpu:
        """Seconds of a processor that it has used so far."""
        return processes.cpu_of(self.pid)

    def memory(self) -> float:
        """Megabytes that it keeps in memory now."""
        return processes.resident_megabytes(self.pid)

    @property
    def _settings(self) -> Path:
        return self.folder / "hotline.toml"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _prepare(self) -> None:
        flows, prompts = self.folder / "flows", WORK / "prompts"
        for folder in (flows, prompts, self.data):
            folder.mkdir(parents=True, exist_ok=True)
        (self.data / "prompts").symlink_to(prompts)
        (flows / "prompts_only.yaml").write_text(prompts_only(), encoding="utf-8")
        self._settings.write_text(
            self._wanted.settings(self.data, flows), encoding="utf-8"
        )

    async def _ready(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            while "ready: " not in self.log():
                if self._process.returncode is not None:
                    raise ServiceFailed(f"the service did not start:\n{self.log()}")
                await asyncio.sleep(0.05)
        if TUNED not in self.log():
            raise ServiceFailed("the tuned PJSIP is missing; build it: make pjsip")

    async def _stop(self) -> None:
        """The second signal ends the calls at once."""
        for _ in range(2):
            if self._process.returncode is None:
                self._process.send_signal(signal.SIGINT)
                await asyncio.sleep(0.3)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._folder.cleanup()


def prompts_only() -> str:
    """A flow whose prompts last longer than any measurement."""
    prompts = json.dumps(["greeting"] * 40)
    return f"steps:\n  prompts: {{do: say, say: {prompts}}}\n  end: {{do: hang_up}}\n"


def _path() -> str:
    """This source tree before all others, and what the environment adds."""
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
