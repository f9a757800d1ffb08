"""Flows written in tests, as a city would write them."""

import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

from config.calendar import Calendar
from ivr_flows.finding import Finding
from ivr_flows.flow import check_flow, load_flow
from ivr_flows.language import Flow, read_flow
from ivr_flows.prompts.catalogue import Catalogue

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, ten in the morning in China."""
CATALOGUE = Catalogue()


def written(folder: Path, text: str) -> Path:
    """The file `f.yaml` with the text."""
    file = folder / "f.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


def flow_of(folder: Path, text: str) -> Flow:
    """The flow of the text, which must be good."""
    return load_flow(written(folder, text))


def findings(
    folder: Path,
    text: str,
    *,
    prompts: Catalogue | None = None,
    today: date | None = None,
) -> list[Finding]:
    """What the checks find in a flow that can be read; its queue is `general`."""
    return check_flow(
        read_flow(written(folder, text)),
        queues=["general"],
        skills=["tax", "housing"],
        prompts=prompts or CATALOGUE,
        calendar=Calendar(),
        today=today or date(2026, 3, 2),
    )
