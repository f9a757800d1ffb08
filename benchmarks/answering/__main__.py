"""`python -m benchmarks.answering`: make the sets of audio and say whether they are the frozen ones."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.answering.cases import Case, cases
from benchmarks.answering.manifest import (
    frozen_rows,
    row_of,
    write_manifest,
)
from benchmarks.answering.reading import (
    ModelReader,
    NoReader,
    PerfectReader,
    Reader,
)
from benchmarks.answering.score import judged, print_judged
from benchmarks.answering.script import SCRIPTS
from telephony.speech.audio import write_wav

app = typer.Typer(help="Audio for answer detection (synthetic).", no_args_is_help=True)


class SetName(StrEnum):
    """Which of the sets."""

    FROZEN = "frozen"
    TUNING = "tuning"
    KOREAN_FROZEN = "korean_frozen"
    KOREAN_TUNING = "korean_tuning"


Chosen = Annotated[SetName, typer.Argument()]


@app.command()
def freeze(chosen: Chosen) -> None:
    """Write the list of a set that has none yet."""
    typer.echo(f"frozen: {write_manifest(chosen, cases(chosen))}")


@app.command()
def verify(chosen: Chosen) -> None:
    """Make a set anew and compare it, sound by sound, with its list."""
    rows = frozen_rows(chosen)
    made = [case for case in cases(chosen) if _told(case, rows)]
    typer.echo(f"{len(made)} of {len(rows)} sounds are those of the list")
    if len(made) != len(rows):
        raise typer.Exit(1)


@app.command()
def write(chosen: Chosen, folder: Path) -> None:
    """Write a set as WAV files, to listen to it."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases(chosen):
        write_wav(folder / f"{case.name}.wav", case.samples)


@app.command()
def score(
    chosen: Chosen,
    model: Annotated[
        Path | None, typer.Option(help="A Vosk model of the set's language.")
    ] = None,
) -> None:
    """Who answered, by sound alone and with words; the confusion, false machines first."""
    made, language = list(cases(chosen)), SCRIPTS[chosen].language
    readers: dict[str, Reader] = {
        "by sound alone": NoReader(),
        "with perfect words": PerfectReader(language),
    }
    if model:
        readers["with the words that the model reads"] = ModelReader(language, model)
    for title, reader in readers.items():
        print_judged(list(judged(made, reader)), Console(), title=title)


def _told(case: Case, rows: dict[str, tuple[str, ...]]) -> bool:
    same = rows.get(case.name) == row_of(case)
    if not same:
        typer.echo(f"{case.name} is another sound: another espeak-ng or numpy made it")
    return same


if __name__ == "__main__":
    app()
