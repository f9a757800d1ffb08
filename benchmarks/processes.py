"""What a process uses, read from /proc (Linux)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """Seconds of a processor used so far: by the process, and by its children."""

    own: float
    children: float

    def __sub__(self, earlier: "Cpu") -> "Cpu":
        return Cpu(
            own=self.own - earlier.own, children=self.children - earlier.children
        )


def cpu_of(pid: int) -> Cpu:
    """All threads of a process, and all of its children, ended or alive."""
    values = _stat(pid)
    waited_for = (int(values[13]) + int(values[14])) / TICKS_PER_SECOND
    alive = (cpu_of(child) for child in _children(pid))
    return Cpu(
        own=(int(values[11]) + int(values[12])) / TICKS_PER_SECOND,
        children=waited_for + sum(cpu.own + cpu.children for cpu in alive),
    )


def resident_megabytes(pid: int) -> float:
    """What a process keeps in memory, its children not counted."""
    for line in _read(pid, "smaps_rollup").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has no memory")


def _stat(pid: int) -> list[str]:
    """The fields of `stat` from the third one on: no name confuses them."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    found = (_task_children(task) for task in tasks)
    return [int(child) for children in found for child in children.split()]


def _task_children(task: Path) -> str:
    try:
        return (task / "children").read_text(encoding="ascii")
    except FileNotFoundError:  # a thread that has just ended
        return ""


def _read(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
