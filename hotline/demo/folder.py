"""Where the demo keeps its things: `demo-data/`, its own and nobody else's."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder in which `python -m hotline` works, installed or not."""

_MARK = ".hotline-demo"
_KEPT = frozenset({_MARK, "prompts", "speech"})
"""Synthesised speech is kept between demos: making it takes longest."""


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """The paths of one demo."""

    path: Path

    @property
    def config(self) -> Path:
        """The generated settings."""
        return self.path / "hotline.toml"

    @property
    def data(self) -> Path:
        """The hotline's data directory."""
        return self.path / "data"

    @property
    def token(self) -> Path:
        """The API's token, once the hotline has made it."""
        return self.data / "api-token"

    @property
    def prompts(self) -> Path:
        """The hotline's synthesised prompts."""
        return self.path / "prompts"

    @property
    def questions(self) -> Path:
        """What those are asked whom the hotline rings, as recordings of the city's own."""
        return self.path / "questions"

    @property
    def speech(self) -> Path:
        """What citizens and agents say."""
        return self.path / "speech"

    @property
    def heard(self) -> Path:
        """What their phones hear, while they do."""
        return self.path / "heard"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.path / f"{name}.log"


@contextmanager
def demo_folder(path: Path) -> Iterator[DemoFolder]:
    """An emptied folder of this demo alone; `DemoError` when it is another's.

    What the demo before left is removed, but for synthesised speech.
    """
    folder = DemoFolder(path=path.absolute())
    with _lock(folder):
        _empty(folder)
        yield folder


@contextmanager
def _lock(folder: DemoFolder) -> Iterator[None]:
    mark = folder.path / _MARK
    if folder.path.exists() and not mark.exists() and any(folder.path.iterdir()):
        raise DemoError(
            f"{folder.path} is not a folder of the demo, so it is left alone: "
            "move it away, or start the demo in another folder"
        )
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: DemoFolder) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DemoError(f"another demo runs in {folder.path}: end it first") from None


def _empty(folder: DemoFolder) -> None:
    for old in folder.path.iterdir():
        if old.name in _KEPT:
            continue
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    own = folder.prompts, folder.questions, folder.speech, folder.heard
    for new in (folder.data, *own):
        new.mkdir(mode=0o700, exist_ok=True)
    (folder.data / "prompts").symlink_to(folder.prompts)
