"""The table for people, and the JSON for machines."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from benchmarks.aims import LINES, Line
from benchmarks.figures import Figure, Found, Spread
from benchmarks.places import WORK

_STYLES: Final = {"met": "green", "missed": "bold red"}


def table(found: Mapping[str, Found]) -> Table:
    """One line for each figure that was measured, Asterisk's and our aim beside it."""
    figures = _figures(found)
    made = Table(title="Hotline, measured on the wire", title_justify="left")
    for name in ("", "p50 or value", "p95", "p99", "n"):
        made.add_column(name, justify="right" if name else "left", no_wrap=True)
    for name in ("Asterisk 22", "aim", ""):
        made.add_column(name, no_wrap=True)
    for line in LINES:
        if line.key in figures:
            made.add_row(*_cells(line, figures[line.key]))
    return made


def _cells(line: Line, figure: Figure | None) -> tuple[str, ...]:
    verdict = line.verdict(figure)
    style = _STYLES.get(verdict)
    marked = f"[{style}]{verdict}[/]" if style else verdict
    return (line.label, *_numbers(figure), line.asterisk, line.aim, marked)


def _numbers(figure: Figure | None) -> tuple[str, str, str, str]:
    if figure is None:
        return "-", "", "", "0"
    if isinstance(figure, Spread):
        p50, p95, p99 = figure.p50, figure.p95, figure.p99
        return f"{p50:.2f}", f"{p95:.2f}", f"{p99:.2f}", str(figure.n)
    return f"{figure.value:g}", "", "", str(figure.n)


def _figures(found: Mapping[str, Found]) -> dict[str, Figure | None]:
    return {
        key: figure for one in found.values() for key, figure in one.figures.items()
    }


def write_json(
    found: Mapping[str, Found], file: Path | None, *, quick: bool, circumstances: Any
) -> Path:
    """Write everything that was found; returns where."""
    now = datetime.now(UTC)
    file = file or WORK / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "ended_at": now.isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine(),
        "circumstances": circumstances,
        "figures": _judged(found),
        "facts": {name: one.facts for name, one in found.items()},
    }
    text = json.dumps(values, indent=1, default=_plain, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def _judged(found: Mapping[str, Found]) -> dict[str, Any]:
    figures = _figures(found)
    return {
        line.key: {
            "what": line.label,
            "ours": figures[line.key],
            "asterisk_22": line.asterisk,
            "aim": line.aim,
            "verdict": line.verdict(figures[line.key]),
        }
        for line in LINES
        if line.key in figures
    }


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} does not fit into JSON")


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
