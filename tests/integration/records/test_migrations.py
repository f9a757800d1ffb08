"""The migrations: the same schema as the code's tables, all of a step or nothing."""

import importlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import config.database
from acd.people.archive import all_people
from acd.people.person import Post
from acd.people.store import agent_rows, queue_rows
from config.database import Database, DatabaseError, DatabaseUnavailable, metadata
from config.queue_settings import QueueSection

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
STORES = sorted(
    file
    for package in (
        *("acd", "console", "hotline", "ivr_flows"),
        *("outbound", "recordings", "telephony"),
    )
    for name in ("store.py", "archive.py")
    for file in (ROOT / package).rglob(name)
)

OF_AN_OLDER_VERSION = (
    "INSERT INTO queues VALUES ('tax', 'longest_idle', 15, 10, 2, 30, '/music.wav')",
    "INSERT INTO queues VALUES ('general', 'longest_idle', 20, 0, 1, 30, NULL)",
    "INSERT INTO agents VALUES ('1002', '', 'sip:2@127.0.0.1', '[]', '{}', 0, 'full', 'ready', '', '2026-03-02')",
    "INSERT INTO agents VALUES ('1001', '', 'sip:1@127.0.0.1', '[]', '{}', 0, 'full', 'ready', '', '2026-03-02')",
)


def differences(connection: Connection) -> list[object]:
    """What a new migration would have to do."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrations_make_the_tables_that_the_code_knows(url: str) -> None:
    for file in STORES:
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    assert {"calls", "missed_calls", "people", "recordings"} <= set(metadata.tables)
    async with Database(url) as database, database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_a_database_again_changes_nothing(url: str) -> None:
    for _ in range(2):
        async with Database(url) as database, database.read() as connection:
            versions = await connection.execute(text("SELECT * FROM alembic_version"))
            assert len(versions.all()) == 1


async def test_database_is_readable_by_its_owner_only(url: str, tmp_path: Path) -> None:
    async with Database(url):
        files = list(tmp_path.glob("hotline.sqlite*"))
        assert len(files) >= 2, "the write-ahead log is there, too"
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_database_newer_than_the_code_is_refused(url: str) -> None:
    async with Database(url) as database, database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    for read_only in (False, True):
        with pytest.raises(
            DatabaseError, match=r"newer than this program \(schema 9999\)"
        ):
            await Database(url, read_only=read_only).__aenter__()


async def test_reader_refuses_an_older_database_and_names_the_cure(url: str) -> None:
    async with Database(url) as database, database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num='0001'"))
    with pytest.raises(DatabaseError, match="`hotline run` brings it up to date"):
        await Database(url, read_only=True).__aenter__()


async def test_reader_makes_no_database(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"no database at .+ first `hotline run`"):
        await Database(url, read_only=True).__aenter__()
    assert not os.listdir(tmp_path)


async def test_file_that_is_no_database_is_refused_in_words(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "hotline.sqlite").write_bytes(
        b"This is a letter, not a database.\n" * 99
    )
    with pytest.raises(
        DatabaseUnavailable, match="Check that it is a hotline database"
    ):
        await Database(url).__aenter__()


async def test_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite+aiosqlite:///{tmp_path}/file/data/hotline.sqlite"
    with pytest.raises(DatabaseError, match=r"cannot be made.+data_dir"):
        await Database(url).__aenter__()


@pytest.fixture
def broken_migrations(tmp_path: Path) -> Path:
    """The migrations with one more, whose second half does what a test puts there."""
    folder = tmp_path / "migrations"
    shutil.copytree(config.database.MIGRATIONS, folder)
    return folder


def add_migration(folder: Path, second_half: str) -> None:
    """A migration that makes a table and then meets its fate."""
    versions = folder / "versions"
    last = max(file.stem[:4] for file in versions.glob("0*.py"))
    (versions / "9999_fate.py").write_text(
        "import os, signal\n"
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = '9999', {last!r}\n"
        "def upgrade():\n"
        "    op.create_table('half_made', sa.Column('id', sa.Integer))\n"
        f"    {second_half}\n"
    )


def tables(file: Path) -> set[str]:
    """What is in the database, and whether the last migration counts as done."""
    with sqlite3.connect(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        found = {name for (name,) in names}
    connection.close()
    return found


async def test_migration_that_fails_leaves_nothing_and_can_be_repeated(
    url: str,
    tmp_path: Path,
    broken_migrations: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(config.database, "MIGRATIONS", broken_migrations)
    add_migration(broken_migrations, "raise RuntimeError('the power went')")
    with pytest.raises(RuntimeError, match="the power went"):
        await Database(url).__aenter__()
    assert tables(tmp_path / "hotline.sqlite") == set()
    add_migration(broken_migrations, "pass")
    async with Database(url):
        assert {"calls", "half_made"} <= tables(tmp_path / "hotline.sqlite")


async def test_queues_of_an_older_version_keep_their_rules(
    url: str, broken_migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (broken_migrations / "versions").glob("0*.py"):
        if file.stem[:4] > "0002":
            file.unlink()
    with monkeypatch.context() as older:
        older.setattr(config.database, "MIGRATIONS", broken_migrations)
        async with Database(url) as database, database.begin() as connection:
            for statement in OF_AN_OLDER_VERSION:
                await connection.execute(text(statement))
    async with Database(url) as database:
        tax, general = await queue_rows(database)
        assert tax == QueueSection(
            name="tax", ring_seconds=15, auto_pause_after=2, music=Path("/music.wav")
        )
        assert general == QueueSection(name="general", wrap_up_seconds=0)
        agents = await agent_rows(database)
        everybody = await all_people(database)
    assert [(agent.id, agent.order) for agent in agents] == [("1001", 2), ("1002", 1)]
    assert {(agent.weight, *agent.penalties) for agent in agents} == {(1.0,)}
    assert [(p.id, p.posts) for p in everybody] == [
        ("1001", (Post.PHONES,)),
        ("1002", (Post.PHONES,)),
    ]


async def test_migration_that_is_killed_leaves_nothing(
    url: str, tmp_path: Path, broken_migrations: Path
) -> None:
    async with Database(url):
        before = tables(tmp_path / "hotline.sqlite")
    add_migration(broken_migrations, "os.kill(os.getpid(), signal.SIGKILL)")
    program = (
        "import asyncio, pathlib, config.database as d\n"
        f"d.MIGRATIONS = pathlib.Path({str(broken_migrations)!r})\n"
        f"asyncio.run(d.Database({url!r}).__aenter__())\n"
    )
    killed = subprocess.run(  # noqa: ASYNC221 - nothing else runs on this loop
        [sys.executable, "-c", program], cwd=ROOT, timeout=30, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert tables(tmp_path / "hotline.sqlite") == before
    async with Database(url, read_only=True):
        pass
