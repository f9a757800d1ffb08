"""A key of 32 bytes in a file of its own, made once, which only its owner can read."""

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

KEY_BYTES = 32


class KeyFileError(Exception):
    """The key's file cannot be used; the message says what to do."""


def load_or_make_key(file: Path) -> bytes:
    """The key in `file`; the file is made, mode 0600, when it does not exist."""
    if file.exists():
        return load_key(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _make(file)
    except OSError as error:
        raise KeyFileError(
            f"The key cannot be written to {file}: {error.strerror}. Give the service a "
            "data_dir that it can write, or set its key_file."
        ) from error
    return load_key(file)


def load_key(file: Path) -> bytes:
    """The key in `file`, which nobody but its owner may be able to read."""
    try:
        with file.open(encoding="ascii") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            key = base64.b64decode(opened.read(1000).strip(), validate=True)
    except FileNotFoundError:
        raise KeyFileError(
            f"There is no key at {file}: the first `hotline run` makes it. If one was "
            "there, put it back from a backup; what it sealed stays sealed without it."
        ) from None
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise KeyFileError(f"{file}, a key, cannot be read: {error}") from error
    if mode & 0o077:
        raise KeyFileError(
            f"Others can read {file}, a key. Close it with: chmod 600 {file}"
        )
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"{file} does not hold {KEY_BYTES} bytes in Base64; put the right one back."
        )
    return key


def _make(file: Path) -> None:
    """Whole or not at all: a key that was cut short would seal what nobody can open."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as f:
        f.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        f.flush()
        os.fsync(f.fileno())
    draft.rename(file)
