"""One moment of a SQLite database, copied while others write to it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from config.database import BUSY_SECONDS, DatabaseError


class Moment:
    """The database as it is when the block begins.

    Nobody commits until `let_write`: what stands beside the database can be read
    meanwhile, and fits it. `DatabaseError` when it cannot be had.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Self:
        if not self._file.is_file():
            raise DatabaseError(
                f"There is no database at {self._file}. Check data_dir under [hotline], or url under [database], in hotline.toml."
            )
        self._reader, self._lock = self._connected(), self._connected()
        try:
            self._lock.execute("BEGIN IMMEDIATE")
            self._reader.execute("BEGIN")
            self._reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            self._close()
            raise self._refused(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def let_write(self) -> None:
        """Others may commit again; the moment stays what it was."""
        self._lock.rollback()

    def copy_to(self, file: Path) -> None:
        """Write the moment to a file, and prove that it is sound."""
        try:
            with closing(sqlite3.connect(file)) as copy:
                self._reader.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            raise self._refused(error) from error
        if found != "ok":
            raise DatabaseError(
                f"The database {self._file} is damaged: {found}. Take an earlier backup, or ask for help before the service runs on."
            )

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)

    def _close(self) -> None:
        self._reader.close()
        self._lock.close()

    def _refused(self, error: sqlite3.Error) -> DatabaseError:
        return DatabaseError(
            f"The database {self._file} cannot be copied: {error}. Check that it is a hotline database, and that the disks have room."
        )
