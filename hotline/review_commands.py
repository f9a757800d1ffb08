"""`hotline campaigns review`: doubtful answers are listed, heard and set by a person."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from hotline.call_tables import terminal
from hotline.campaign_tables import reviews_table
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    leave,
    path_of,
    service_client,
)
from hotline.database_reading import print_json
from outbound.reviews.review import ClipUnknown, of_clip

app = typer.Typer(
    name="review",
    help="Doubtful answers: list, hear and set them.",
    no_args_is_help=True,
)
Clip = Annotated[str, typer.Argument(help="CALL:QUESTION, from `review list`.")]
PLAYERS = (
    ("paplay",),
    ("aplay", "-q"),
    ("play", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("afplay",),
)
"""Programs that play a WAV file, the first that is there is taken."""


@app.command("list")
def list_reviews(
    campaign: Annotated[str, typer.Option(help="Only of this one.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the answers that a person should hear, the newest first."""
    with service_client(config) as (client, _):
        query = {"campaign": campaign, "limit": str(limit)}
        items = client.get(path_of("reviews", **query))["items"]
    if as_json:
        print_json(items)
    elif items:
        terminal().print(reviews_table(items))
    else:
        typer.echo("No answer waits for a person.")


@app.command()
def export(
    clip: Clip,
    output: Annotated[Path, typer.Option(help="Where to: a name in .wav or .flac.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write the sound of question and answer into a file."""
    file_format = output.suffix.lower().removeprefix(".")
    if file_format not in ("wav", "flac"):
        leave(f"{output} is neither .wav nor .flac; write --output clip.wav")
    _write(output, _sound(config, clip, file_format))
    typer.echo(f"{output}")


@app.command()
def play(clip: Clip, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Play question and answer on this machine."""
    player = next((each for each in PLAYERS if shutil.which(each[0])), None)
    if player is None:
        names = ", ".join(each[0] for each in PLAYERS)
        leave(f"no player is here ({names}); take: hotline campaigns review export")
    with tempfile.TemporaryDirectory(prefix="hotline-clip-") as folder:
        file = Path(folder) / "clip.wav"
        _write(file, _sound(config, clip, "wav"))
        if subprocess.run([*player, str(file)], check=False).returncode:
            leave(f"{player[0]} cannot play it; take: hotline campaigns review export")


@app.command("set")
def set_answer(
    clip: Clip,
    answer: Annotated[str, typer.Argument(help='What was heard; or "unclear".')],
    by: Annotated[str, typer.Option(help="Who heard it.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Set what you heard; the rates use it, and what was first stays."""
    call_id, question = _parts(clip)
    with service_client(config) as (client, _):
        body = {"answer": answer, "by": by or account()}
        _, review = client.post(path_of("reviews", call_id, question), body)
    typer.echo(f"{clip} is {review['answer']}, by {review['reviewed_by']}")


def _sound(config: Path, clip: str, file_format: str) -> bytes:
    call_id, question = _parts(clip)
    with service_client(config) as (client, _):
        path = path_of("reviews", call_id, question, "clip", format=file_format)
        return client.read(path)


def _parts(clip: str) -> tuple[str, str]:
    try:
        return of_clip(clip)
    except ClipUnknown as error:
        leave(str(error))


def _write(file: Path, sound: bytes) -> None:
    try:
        file.write_bytes(sound)
    except OSError as error:
        leave(f"{file} cannot be written ({error.strerror}); name another --output")
