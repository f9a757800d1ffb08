"""SIPp, a peer that we did not write, as a process beside the test."""

import asyncio
import contextlib
from pathlib import Path
from typing import Self

from tests.fakes.ports import free_port, is_taken

SCENARIOS = Path(__file__).parent / "scenarios"


class Sipp:
    """One running SIPp; its exit status 0 says that every call went as written."""

    def __init__(
        self, process: asyncio.subprocess.Process, place: tuple[int, str], errors: Path
    ) -> None:
        self.place = place
        self._process = process
        self._errors = errors

    @classmethod
    async def start(
        cls,
        scenario: str,
        *options: object,
        target: str,
        folder: Path,
        address: str = "127.0.0.2",
        port: int = 0,
        calls: int = 1,
    ) -> Self:
        """Run `scenarios/<scenario>.xml`, or SIPp's own `uac` and `uas`, for `calls`."""
        port, media_port = port or free_port(address), free_port(address)
        file = SCENARIOS / f"{scenario}.xml"
        which = ["-sf", str(file)] if file.exists() else ["-sn", scenario]
        arguments = [
            *which, "-i", address, "-p", port, "-mp", media_port, "-m", calls, "-s", "12345",
            "-nostdin", "-timeout", "300s", "-timeout_error", *options, target,
        ]  # fmt: skip
        errors = folder / f"sipp_{port}.err"
        with errors.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                "sipp",
                *(str(argument) for argument in arguments),
                cwd=folder,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=stderr,
            )
        return cls(process, (port, address), errors)

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def listens(self, seconds: float = 60) -> None:
        """Wait until it can be called; it tells nobody when that is."""
        async with asyncio.timeout(seconds):
            while not is_taken(*self.place):
                if not self.runs:
                    raise RuntimeError(f"SIPp ended at its start:\n{self.errors()}")
                await asyncio.sleep(0.02)

    def errors(self) -> str:
        """What it wrote to stderr."""
        return self._errors.read_text("utf-8", "replace")

    async def finished(self, seconds: float = 310) -> int:
        """Wait for the end; the exit status."""
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    def signal(self, number: int) -> None:
        """Send this process a signal."""
        self._process.send_signal(number)

    async def end(self) -> None:
        """End this process, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
