"""What a backup holds: the last thing in its file, so that one that was cut has none."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

FORMAT = 1
NAME = "manifest.json"


class BackupError(Exception):
    """A backup cannot be made or put back; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in a backup, by its name there."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All files, and what was left out: `gone` were deleted while the backup was made."""

    made_at: datetime
    recordings: bool
    keys: bool
    files: Sequence[Kept]
    gone: Sequence[str] = field(default=())
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(kept.bytes for kept in self.files)


def write(manifest: Manifest) -> bytes:
    """As it stands in the backup."""
    values = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


def read(text: bytes) -> Manifest:
    """What was written; `BackupError` when this program cannot put it back."""
    try:
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise BackupError(
                f"The backup is of format {values['format']}, this program knows {FORMAT}: put it back with the version that made it."
            )
        values["made_at"] = datetime.fromisoformat(values["made_at"])
        values["files"] = [Kept(**kept) for kept in values["files"]]
        manifest = Manifest(**values)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(
            f"The manifest of the backup cannot be read ({error}): take another backup."
        ) from error
    _require_plain_names(manifest)
    return manifest


def _require_plain_names(manifest: Manifest) -> None:
    for kept in manifest.files:
        path = PurePosixPath(kept.name)
        if path.is_absolute() or ".." in path.parts or kept.name != str(path):
            raise BackupError(
                f"The backup names a file {kept.name!r} outside of the data: hotline did not make it."
            )
