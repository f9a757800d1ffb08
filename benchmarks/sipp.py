"""SIPp, a load generator that we did not write (Debian: sip-tester), as a process."""

import asyncio
import contextlib
import csv
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from benchmarks.places import SERVICE

SCENARIOS: Final = Path(__file__).parent / "scenarios"
MEDIA_PORT: Final = 24700
STATISTICS_SECONDS: Final = 1
_MESSAGE: Final = re.compile(
    r"^-{20,} (?P<at>[-\d]+ [:.\d]+)\n"
    r".*?\n\n(?P<start>INVITE|SIP/2\.0 200) .*?^Call-ID: (?P<call>\S+).*?^CSeq: 1 INVITE",
    re.M | re.S,
)


class SippMissing(Exception):
    """SIPp is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What SIPp says of its calls so far."""

    made: int
    went_well: int
    failed: int


class Sipp:
    """One running SIPp; an async context manager that ends it."""

    def __init__(
        self, scenario: str, *options: object, at: tuple[str, int], folder: Path
    ) -> None:
        self._scenario, self._options, self._at = scenario, options, at
        self._folder = Path(tempfile.mkdtemp(prefix=f"sipp-{scenario}-", dir=folder))

    _process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        program = shutil.which("sipp")
        if not program:
            raise SippMissing("SIPp is missing: apt-get install sip-tester")
        self._process = await asyncio.create_subprocess_exec(
            program,
            *(str(word) for word in self._arguments()),
            cwd=self._folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return self

    def _arguments(self) -> tuple[object, ...]:
        return (
            *("-sf", SCENARIOS / f"{self._scenario}.xml", "-nostdin"),
            *("-i", self._at[0], "-p", self._at[1]),
            *("-mi", self._at[0], "-mp", MEDIA_PORT),
            *("-trace_stat", "-stf", "statistics.csv", "-fd", STATISTICS_SECONDS),
            "-trace_err",
            *self._options,
            f"{SERVICE[0]}:{SERVICE[1]}",
        )

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()

    async def finished(self, seconds: float) -> None:
        """Wait until all calls are over; `TimeoutError`."""
        async with asyncio.timeout(seconds):
            await self._process.wait()

    def counts(self) -> Counts:
        """The statistics so far, at most a second old, exact at the end."""
        file = self._folder / "statistics.csv"
        rows = list(csv.DictReader(_text(file).splitlines(), delimiter=";"))
        if not rows:
            return Counts(made=0, went_well=0, failed=0)
        last = rows[-1]
        return Counts(
            made=int(last["TotalCallCreated"]),
            went_well=int(last["SuccessfulCall(C)"]),
            failed=int(last["FailedCall(C)"]),
        )

    def answer_times(self) -> list[float]:
        """INVITE to 200 of each call, in ns; needs the option `-trace_msg`.

        SIPp's own response times step by 4 ms, the moments in this trace do not.
        """
        files = self._folder.glob(f"{self._scenario}_*_messages.log")
        return [t for file in files for t in answer_times(_text(file))]

    def errors(self) -> str:
        """The beginning of what SIPp complains about."""
        files = self._folder.glob(f"{self._scenario}_*_errors.log")
        return "".join(_text(file)[:2000] for file in files)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def answer_times(trace: str) -> list[float]:
    """INVITE to 200 of each call in a message trace, in ns."""
    sent: dict[str, float] = {}
    times: dict[str, float] = {}
    for part in re.split(r"^(?=-{20,} )", trace, flags=re.M):
        if not (found := _MESSAGE.match(part)):
            continue
        moment = datetime.fromisoformat(found["at"]).replace(tzinfo=UTC).timestamp()
        if found["start"] == "INVITE":
            sent.setdefault(found["call"], moment)
        elif found["call"] in sent:
            times.setdefault(found["call"], 1e9 * (moment - sent[found["call"]]))
    return list(times.values())
