"""A hotline's data to back up, and how a command and a backup are looked at."""

import json
import sqlite3
import tarfile
from pathlib import Path

from typer.testing import CliRunner, Result

from config.settings import Settings, load_settings
from hotline.cli import app


def settings_in(folder: Path) -> Path:
    """A settings' file whose data lie in `folder`/data."""
    folder.mkdir(exist_ok=True)
    file = folder / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{folder / "data"}"\n', encoding="utf-8")
    return file


def small_data(folder: Path) -> Settings:
    """A hotline that has stopped: a database with one table, keys, a message."""
    settings = load_settings(settings_in(folder))
    data = settings.hotline.data_dir
    (data / "messages").mkdir(parents=True)
    with sqlite3.connect(data / "hotline.sqlite") as database:
        database.execute(
            "CREATE TABLE recordings (call_id, path, deleted_at, sequence, started_at)"
        )
    database.close()
    (data / "people-key").write_text("secret key")
    (data / "console-key").write_text("secret console")
    (data / "api-token").write_text("secret token")
    (data / "records.journal.1").write_text("an event\n")
    (data / "messages" / "m.wav").write_bytes(b"RIFF" + bytes(5000))
    return settings


def command(*words: object) -> Result:
    """What `hotline` says and how it ends."""
    return CliRunner().invoke(app, list(map(str, words)))


def names_in(backup: Path) -> set[str]:
    """The files that its manifest tells of."""
    with tarfile.open(backup) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest
        return {kept["name"] for kept in json.load(manifest)["files"]}
