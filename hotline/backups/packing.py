"""Files into one file, each with its hash."""

import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import IO

from hotline.backups.manifest import NAME, Kept, Manifest, write

PRIVATE = 0o600


class Packer:
    """Fills a tar file; `files` and `gone` are what a manifest tells of it."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._tar = tarfile.TarFile(fileobj=output, mode="w", format=tarfile.PAX_FORMAT)
        self.files: list[Kept] = []
        self.gone: list[str] = []

    def add(self, name: str, file: Path) -> None:
        """A file with so many bytes as it has now; one that is gone is noted."""
        try:
            opened = file.open("rb")
        except FileNotFoundError:
            self.gone.append(name)
            return
        with opened:
            self._put(name, opened, os.fstat(opened.fileno()).st_size)

    def add_bytes(self, name: str, data: bytes) -> None:
        """What was read already."""
        self._put(name, io.BytesIO(data), len(data))

    def drop(self, name: str) -> None:
        """Leave a file out of the manifest: nobody will put it back."""
        self.files = [kept for kept in self.files if kept.name != name]

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and bring everything to the disk."""
        text = write(manifest)
        self._tar.addfile(_header(NAME, len(text)), io.BytesIO(text))
        self._tar.close()
        self._output.flush()
        os.fsync(self._output.fileno())

    def _put(self, name: str, source: IO[bytes], size: int) -> None:
        hashed = Hashed(source)
        self._tar.addfile(_header(name, size), hashed)
        self.files.append(Kept(name=name, bytes=size, sha256=hashed.digest()))


class Hashed:
    """Reads a file, and knows the hash of what it has read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """The SHA-256 so far."""
        return self._hash.hexdigest()


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, PRIVATE
    return header
