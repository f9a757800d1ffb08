"""Citizens of many kinds for a campaign: each kind a process, behind a trunk of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.sip import citizens
from tests.sip.citizens import SENTENCES
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.program import ROOT, environment
from tests.sip.tones import tone, write_wav

KINDS = list(citizens.KINDS)
Citizens = dict[str, tuple[str, int]]
"""By number: the kind, and which of its kind it is."""


def number(kind: str, turn: int) -> str:
    """The telephone of one citizen; its trunk is known by the third digit."""
    return f"13{KINDS.index(kind)}0000{turn:04}"


def everybody(many: Mapping[str, int]) -> Citizens:
    """So many of each kind, mixed."""
    return {
        number(kind, turn): (kind, turn)
        for turn in range(max(many.values()))
        for kind, count in many.items()
        if turn < count
    }


def language(kind: str, turn: int) -> str:
    """Who speaks does so in Korean, for which there is a model."""
    return "ko" if kind == "speaks" or (kind, turn % 3) == ("wants_person", 2) else "zh"


def record_prompts(folder: Path) -> None:
    """Each sentence is a tone; a question that may be answered by voice is a long one."""
    for name, hz in SENTENCES.items():
        is_question = name.endswith(("contacted", "solved", "satisfied"))
        seconds = 20.0 if name.endswith("_spoken") else 3.0 if is_question else 1.0
        for spoken in ("zh", "ko"):
            (folder / spoken).mkdir(parents=True, exist_ok=True)
            write_wav(folder / spoken / f"{name}.wav", tone(hz, seconds))


class Kind:
    """The process of one kind of citizen."""

    def __init__(self, kind: str, process: asyncio.subprocess.Process) -> None:
        self.kind, self._process = kind, process
        self.port = 0
        assert process.stdin and process.stdout
        self._input, self._output = process.stdin, process.stdout

    @classmethod
    async def start(cls, kind: str, hotline_port: int) -> "Kind":
        """Start it; the hotline that will call it is at this port."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", citizens.__name__),
            *(kind, address_of(kind), str(hotline_port)),
            cwd=ROOT,
            env=environment() | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(kind, process)

    async def told(self) -> Any:
        """What it writes next."""
        async with asyncio.timeout(60):
            return json.loads(await self._output.readline())

    async def accounts(self) -> list[dict[str, Any]]:
        """What happened in its calls; it ends."""
        self._input.close()
        accounts: list[dict[str, Any]] = await self.told()
        assert await self._process.wait() == 0
        return accounts

    async def end(self) -> None:
        """End it, if it has not ended."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    def trunk(self) -> str:
        """The settings of the trunk that leads to it."""
        return (
            f'[[trunks]]\nname = "{self.kind}"\nhost = "{address_of(self.kind)}"\n'
            f'port = {self.port}\nprefixes = ["+86{number(self.kind, 0)[:3]}"]\n'
            'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
        )


def address_of(kind: str) -> str:
    """Each kind has an address of its own."""
    return f"127.0.1.{1 + KINDS.index(kind)}"


@asynccontextmanager
async def crowd(
    kinds: Mapping[str, int], hotline_port: int
) -> AsyncIterator[list[Kind]]:
    """All processes, ready to be called by the hotline at this port."""
    async with AsyncExitStack() as stack:
        started = []
        for kind in kinds:
            started.append(await Kind.start(kind, hotline_port))
            stack.push_async_callback(started[-1].end)
        for each in started:
            each.port = await each.told()
        yield started


def outbound(crowd: list[Kind], prompts: Path, lines: int) -> str:
    """The settings by which they are called: their trunks, and the whole day as window."""
    return (
        f'[ivr]\nprompts_dir = "{prompts}"\n'
        f'[outbound]\nlines = {lines}\nwindows = ["08:00-21:00"]\n'
        f"workdays_only = false\nannouncement_seconds = 3\n"
        + "".join(each.trunk() for each in crowd)
    )


async def call_all(hotline: HotlineProcess, citizens: Citizens) -> None:
    """The file of orders, whose handling unit is the kind of citizen; and start."""
    file = hotline.folder / "orders.csv"
    lines = (
        f"A-{n},{number},2026-01-01T09:00,{kind},{language(kind, turn)}"
        for n, (number, (kind, turn)) in enumerate(citizens.items())
    )
    head = "order_id,number,closed_at,unit,language"
    file.write_text("\n".join([head, *lines]), "utf-8")
    status, said = await hotline.command("campaigns", "import", "november", str(file))
    new = f"{len(citizens)} new, 0 known before, 0 refused"
    assert (status, new in said) == (0, True), said
    status, said = await hotline.command("campaigns", "start", "november")
    assert status == 0, said


async def all_ended(hotline: HotlineProcess, citizens: Citizens) -> bool:
    """Whether each has been tried, and no try is under way."""
    rows = hotline.rows("SELECT outcome FROM follow_up_attempts")
    return len(rows) >= len(citizens) and all(row["outcome"] for row in rows)
