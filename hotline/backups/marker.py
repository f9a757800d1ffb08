"""The mark on a place into which a backup is being put: nothing there counts yet."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline.backups.lock import alone
from hotline.backups.manifest import BackupError

MARKER = "restoring.json"


def require_whole(data_dir: Path) -> None:
    """Raise `BackupError` when a backup is being put into this place, or was cut."""
    if (data_dir / MARKER).exists():
        raise BackupError(
            f"A backup is being put into {data_dir}, or that was cut: let it end, or run `hotline restore` again, which begins anew."
        )


@contextmanager
def marked(
    data_dir: Path, files: Iterable[Path], require_empty: Callable[[], None]
) -> Iterator[None]:
    """Inside, the files are being put back; when that fails they are removed.

    So are, before it, those of a restoration that was killed.
    """
    marker = data_dir / MARKER
    with alone(marker, f"Another backup is being put into {data_dir}."):
        try:
            _remove(_noted(marker))
            require_empty()
        except BaseException:
            marker.unlink()
            raise
        names = [str(file.absolute()) for file in files]
        marker.write_text(json.dumps(names), encoding="utf-8")
        os.sync()
        try:
            yield
            os.sync()
        except BaseException:
            _remove(names)
            raise
        finally:
            marker.unlink()


def _noted(marker: Path) -> list[str]:
    """The files of a restoration that was killed; none when it had not noted any."""
    try:
        names: list[str] = json.loads(marker.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return names


def _remove(names: Iterable[str]) -> None:
    for name in names:
        Path(name).unlink(missing_ok=True)
