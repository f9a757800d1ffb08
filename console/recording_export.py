"""A recording to give away: the audio, its proof and the call's record in one ZIP."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

BLOCK_BYTES = 256 * 1024
READ_ME = """This is what the chain of recordings says of one recording.

proof.json: `chain` must be the SHA-256 of these four lines as UTF-8 text, joined by a
line feed: `previous`, `sha256`, the call id, and facts.json as it is.
facts.json: what the chain vouches for. Its `sha256` must be that of the audio file.
record.json: what the records say of the call.
"""


def packed(audio: Path, texts: Mapping[str, str], folder: Path) -> IO[bytes]:
    """A ZIP in a file without a name, at its beginning; it goes when it is closed.

    For a thread. `OSError` when the audio cannot be read or there is no room.
    """
    file = TemporaryFile(dir=folder)  # noqa: SIM115 - its reader closes it
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.write(audio, audio.name)
            for name, text in texts.items():
                archive.writestr(name, text)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Its content piece by piece; then it is closed."""
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block


def plain(value: object) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
