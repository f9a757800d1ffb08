"""`hotline speech`: what is recognised and understood, and how well."""

import asyncio
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from hotline.check_speech import check_speech
from hotline.finding import Finding, Verdict
from hotline.recognition import recogniser
from hotline.speech_tables import print_score
from ivr_flows.understanding.answers import AnswerLanguage, Question
from ivr_flows.understanding.by_ear import understand_heard
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand
from ivr_flows.understanding.table import TableFault, read_table, score
from telephony.speech.audio import TELEPHONE_RATE, read_wav
from telephony.speech.recognition import Heard, Recogniser, RecognitionError

app = typer.Typer(
    help="Spoken answers: recognised and understood.", no_args_is_help=True
)

Language = Annotated[AnswerLanguage, typer.Option(help="What is spoken.")]
Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
DEFAULT_CONFIG = Path("hotline.toml")
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


@app.command()
def check(config: Config = DEFAULT_CONFIG) -> None:
    """Load the speech model and say which words it does not know."""
    with _plain_errors():
        settings = load_settings(config)
    findings = asyncio.run(_findings(settings))
    for finding in findings:
        typer.echo(f"{finding.what}: {finding.words}")
    if any(finding.verdict is Verdict.FAULT for finding in findings):
        raise typer.Exit(1)


async def _findings(settings: Settings) -> list[Finding]:
    return [finding async for finding in check_speech(settings)]


@app.command()
def recognise(
    file: Annotated[Path, typer.Argument(help="8 kHz mono WAV, 16 bits.")],
    question: Asked = Question.SATISFIED,
    language: Language = "zh",
    model: Annotated[
        Path | None,
        typer.Option(help="A Vosk model's folder; else that of the settings."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """What is said in a recording, and what it means as an answer."""
    with _plain_errors():
        _readable(file)
        settings = load_settings(config) if config.exists() or not model else Settings()
        ear = recogniser(settings, language, model=model)
        heard = asyncio.run(_heard(file, ear, question, language))
    if heard.silent:
        typer.echo("nobody speaks")
        return
    found = understand_heard(
        heard.text, question, language, heard_confidence=heard.confidence
    )
    began, ended = heard.began_seconds or 0, heard.ended_seconds or 0
    typer.echo(
        f"heard ({heard.confidence:.2f}, {began:.2f} to {ended:.2f} s): {heard.text}"
    )
    typer.echo(f"{found.answer} ({found.confidence:.2f}): {found.reason}")


def _readable(file: Path) -> None:
    try:
        _, rate = read_wav(file)
    except EOFError:
        raise wave.Error(f"{file} is no WAV file") from None
    if rate != TELEPHONE_RATE:
        raise wave.Error(f"{file} has {rate} Hz: convert it to {TELEPHONE_RATE} Hz")


async def _heard(
    file: Path, ear: Recogniser, question: Question, language: AnswerLanguage
) -> Heard:
    phrases = lexicon(language).grammar(question)
    async with (
        ear as running,
        running.listen(file, phrases, from_seconds=0, complete=True) as listening,
    ):
        return await listening.heard


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (
        OSError,
        RecognitionError,
        SettingsError,
        TableFault,
        wave.Error,
    ) as error:
        typer.echo(str(error), file=sys.stderr)
        raise typer.Exit(1) from None
