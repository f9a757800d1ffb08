"""The worker processes that a process has."""

import os
from pathlib import Path


def workers(module: str, parent: int | None = None) -> list[int]:
    """Those of a process, or of this one, that run a module and live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process_id = int(stat.parent.name)
        if int(fields[1]) == (parent or os.getpid()) and runs(process_id, module):
            found.append(process_id)
    return found


def runs(process_id: int, module: str) -> bool:
    """Whether a process lives and runs a module."""
    try:
        command = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return False
    return module.encode() in command.split(b"\0")
