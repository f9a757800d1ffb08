"""Where the files of a backup belong, by the settings."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from acd.records.journal import journal_files
from config.settings import Settings
from hotline.backups.manifest import BackupError

DATABASE = "hotline.sqlite"
JOURNAL, MESSAGES, RECORDINGS, KEYS = "journal", "messages", "recordings", "keys"
CHAIN_HEAD = f"{RECORDINGS}/chain-head.json"
SQLITE = "sqlite+aiosqlite:///"


class Places:
    """The files of a hotline, and their names in a backup."""

    def __init__(self, settings: Settings) -> None:
        self.data_dir = settings.hotline.data_dir
        self.database = Path(settings.database_url.removeprefix(SQLITE))
        self._journal = self.data_dir / "records.journal"
        self._folders = {
            JOURNAL: self.data_dir,
            MESSAGES: self.data_dir / MESSAGES,
            RECORDINGS: self.data_dir / RECORDINGS,
        }
        self._keys = {
            f"{KEYS}/people-key": settings.people_key_file,
            f"{KEYS}/console-key": settings.console_key_file,
            f"{KEYS}/api-token": settings.token_file,
        }

    def of(self, name: str) -> Path:
        """Where a file of a backup belongs."""
        if name == DATABASE:
            return self.database
        if name in self._keys:
            return self._keys[name]
        folder, *inner = PurePosixPath(name).parts
        if folder not in self._folders or not inner:
            raise BackupError(
                f"The backup holds {name!r}, which this program cannot place: put it back with the version that made it."
            )
        return self._folders[folder].joinpath(*inner)

    def journal(self) -> Iterator[tuple[str, Path]]:
        """The files of the journal."""
        for file in journal_files(self._journal):
            yield f"{JOURNAL}/{file.name}", file

    def messages(self) -> Iterator[tuple[str, Path]]:
        """Messages that citizens have left in unrecorded calls."""
        yield from _below(self._folders[MESSAGES], MESSAGES)

    def live(self) -> Iterator[tuple[str, Path]]:
        """Recordings that go on, or wait to be joined."""
        root = self._folders[RECORDINGS]
        yield from _below(root / "live", f"{RECORDINGS}/live")

    def recording(self, path: str) -> tuple[str, Path]:
        """A stored recording, by its path in the database."""
        return f"{RECORDINGS}/{path}", self._folders[RECORDINGS] / path

    def keys(self) -> Iterator[tuple[str, Path]]:
        """The keys that are there."""
        yield from (pair for pair in self._keys.items() if pair[1].is_file())

    def occupied(self) -> Path | None:
        """A file of a hotline that is here already."""
        here = [self.database, self.of(CHAIN_HEAD)]
        here += [file for _, file in (*self.journal(), *self.messages())]
        here += [file for _, file in _below(self._folders[RECORDINGS], RECORDINGS)]
        return next((file for file in here if file.exists()), None)


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield f"{name}/{file.relative_to(folder).as_posix()}", file
