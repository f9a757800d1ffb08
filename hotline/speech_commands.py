"""`hotline speech`: what is understood, and how well."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hotline.speech_tables import print_score
from ivr_flows.understanding.answers import AnswerLanguage, Question
from ivr_flows.understanding.meaning import understand
from ivr_flows.understanding.table import TableFault, read_table, score

app = typer.Typer(
    help="Spoken answers: recognised and understood.", no_args_is_help=True
)

Language = Annotated[AnswerLanguage, typer.Option(help="What is spoken.")]
Asked = Annotated[Question, typer.Option("--question", help="What was asked.")]


@app.command("understand")
def understand_text(
    text: Annotated[str, typer.Argument(help="What was said.")],
    question: Asked = Question.SATISFIED,
    language: Language = "zh",
) -> None:
    """What a text means as an answer, how sure, and why."""
    found = understand(text, question, language)
    typer.echo(f"{found.answer} ({found.confidence:.2f}): {found.reason}")


@app.command("score")
def score_table(
    file: Annotated[Path, typer.Argument(help="A table of utterances.")],
    language: Language = "zh",
) -> None:
    """How much of a table is understood; status 1 when a bad answer is taken as good."""
    with _plain_errors():
        scored = score(read_table(file), language)
    print_score(scored, Console())
    if any(one.costly for one in scored):
        raise typer.Exit(1)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except TableFault as error:
        typer.echo(str(error), file=sys.stderr)
        raise typer.Exit(1) from None
