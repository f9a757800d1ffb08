"""`hotline test-call`: does the hotline answer, and is its greeting heard?"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from hotline.test_calls.placing import order_of, place
from telephony.test_call import CallTestFault, CallTestResult

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
DEFAULT_CONFIG = Path("hotline.toml")
WHY = {
    CallTestFault.NOT_PLACED: "it could not be placed",
    CallTestFault.UNREACHABLE: "nothing came back",
    CallTestFault.REFUSED: "it was refused",
    CallTestFault.NO_ANSWER: "nobody answered in time",
    CallTestFault.HUNG_UP: "it was ended before anything was heard",
    CallTestFault.SILENT: "it was answered, and nothing was heard",
}


def make_test_call(
    to: Annotated[
        str, typer.Option(help="A SIP URI; without it what the settings say.")
    ] = "",
    metrics: Annotated[
        Path | None,
        typer.Option(help="Write metrics to this file, for node_exporter."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Call the hotline as a citizen would, and hear its greeting. Status 1 if not."""
    settings = load_settings(config)
    order = order_of(settings, to)
    result = asyncio.run(place(settings.sip, order))
    if metrics:
        _write(metrics, exposition(result, datetime.now(UTC)))
    if result.fault is None:
        typer.echo(
            f"Answered after {result.answer_seconds:.2f} s, {result.sound_seconds:.1f} s of sound heard."
        )
        return
    code = f" (SIP {result.sip_code})" if result.sip_code else ""
    typer.echo(
        f"The test call to {order.target} failed: {WHY[result.fault]}{code}. {result.words}".strip(),
        err=True,
    )
    raise typer.Exit(1)


def exposition(result: CallTestResult, now: datetime) -> str:
    """What came of it in Prometheus' text format."""
    gauges = {
        "ok": ("1 while the last test call was answered and heard.", not result.fault),
        "answer_seconds": ("From INVITE to answer.", result.answer_seconds),
        "timestamp_seconds": ("When it was placed.", round(now.timestamp(), 3)),
    }
    return "".join(
        f"# HELP hotline_test_call_{name} {text}\n# TYPE hotline_test_call_{name} gauge\nhotline_test_call_{name} {float(value)}\n"
        for name, (text, value) in gauges.items()
    )


def _write(file: Path, text: str) -> None:
    """Whole or not at all: it may be read at any moment."""
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, file)
