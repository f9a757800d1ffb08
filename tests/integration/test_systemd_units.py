"""The units for systemd: whole, well closed in, and what they start can be started."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from console.documents import DOCS
from hotline.cli import app

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
    ),
]

UNITS = sorted((DOCS.parent / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PROGRAM = "/opt/hotline/.venv/bin/hotline"
MOST_EXPOSED = 16
"""Tenths of what `systemd-analyze security` counts; 0 is best, a plain service has 96."""


def unit_file(file: Path) -> configparser.RawConfigParser:
    """A unit as systemd reads it, but for keys that come twice."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(file.read_text(encoding="utf-8"))
    return parser


def said(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says."""
    return subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True
    )


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    program = tmp_path / "hotline"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, str(program))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    for unit in UNITS:
        verdict = said(
            "verify", "--man=no", "--recursive-errors=no", tmp_path / unit.name
        )
        about_ours = [line for line in verdict.stderr.splitlines() if "hotline" in line]
        assert (verdict.returncode, about_ours) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_services_are_closed_in(unit: Path) -> None:
    verdict = said(
        "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", unit
    )
    assert verdict.returncode == 0, verdict.stdout[-400:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_a_command_of_hotline(unit: Path) -> None:
    line = unit_file(unit)["Service"]["ExecStart"]
    words = shlex.split(re.search(rf"{PROGRAM} ([^']+)", line)[1])  # type: ignore[index]
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known
