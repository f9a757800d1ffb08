"""`hotline backup` and `hotline restore`."""

from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from hotline.backups.making import make_backup
from hotline.backups.manifest import Manifest
from hotline.backups.restoring import restore as put_back

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
BackupFile = Annotated[Path, typer.Argument(help="The backup's file.")]
DEFAULT_CONFIG = Path("hotline.toml")


def backup(
    file: BackupFile,
    config: Config = DEFAULT_CONFIG,
    recordings: Annotated[
        bool, typer.Option("--recordings", help="With the audio of calls.")
    ] = False,
    keys: Annotated[
        bool, typer.Option("--keys", help="With the keys: who has it, has all.")
    ] = False,
) -> None:
    """Write all records to one file, while the service runs or not."""
    made = make_backup(load_settings(config), file, recordings=recordings, keys=keys)
    typer.echo(f"{file}: {_size(made)}.")
    for name in made.gone:
        typer.echo(f"Not in it, for it was deleted meanwhile: {name}")
    if not recordings:
        typer.echo("Recordings are not in it; --recordings takes them in.")
    if not keys:
        typer.echo(
            "The keys (people-key, console-key, api-token) are not in it: keep them apart, or what they seal stays so for ever."
        )


def restore(file: BackupFile, config: Config = DEFAULT_CONFIG) -> None:
    """Put a backup into an empty place: whole and proved, or not at all."""
    settings = load_settings(config)
    made = put_back(settings, file)
    typer.echo(f"{settings.hotline.data_dir}: {_size(made)}, each proved by its hash.")
    typer.echo(f"It is of {made.made_at.astimezone():%Y-%m-%d %H:%M:%S}.")
    if not made.keys:
        keys = f"{settings.people_key_file}, {settings.console_key_file}"
        typer.echo(f"Now put back the keys: {keys}")
    if made.recordings:
        typer.echo("Prove the recordings with: hotline recordings verify")
    else:
        typer.echo("It holds no recordings: put back those that you keep elsewhere.")


def _size(manifest: Manifest) -> str:
    return f"{len(manifest.files)} files, {manifest.bytes / 1e6:.1f} MB"
