"""The API's access token: made at the first start, known to its owner alone."""

import hmac
import os
import secrets
import stat
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOKEN_BYTES = 32
SHORTEST = 32
TRIES = 10
TRIES_SECONDS = 60.0
PEERS_REMEMBERED = 1000


class TokenError(Exception):
    """The token file cannot be used; the message says what to do."""


def load_or_make_token(file: Path) -> str:
    """The token in `file`; the file is made, mode 0600, when it does not exist."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            return load_token(file)
        return _make(file)
    except OSError as error:
        raise TokenError(
            f"The API's token cannot be written to {file}: {error.strerror}. Give the "
            "service a data_dir that it can write, or set token_file under [api]."
        ) from error


def load_token(file: Path) -> str:
    """The token in `file`, which nobody but its owner may be able to read."""
    try:
        with file.open(encoding="ascii") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            token = opened.read(1000).strip()
    except FileNotFoundError:
        raise TokenError(
            f"There is no API token at {file} yet: the first `hotline run` makes it."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise TokenError(f"{file}, the API's token, cannot be read: {error}") from error
    if mode & 0o077:
        raise TokenError(
            f"Others can read {file}, the API's token. Close it with: chmod 600 {file} "
            "(remove it instead if someone may have read it; the next start makes a new one)."
        )
    if len(token) < SHORTEST:
        raise TokenError(
            f"The token in {file} is shorter than {SHORTEST} characters. Remove the "
            "file; the next start of the service makes a good one."
        )
    return token


def _make(file: Path) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(f"{token}\n")
        opened.flush()
        os.fsync(descriptor)
    return token


@dataclass(slots=True)
class _Tries:
    since: float
    count: int = 0


class Gate:
    """Tells a right token from a wrong one, and slows down who tries many.

    A right token always opens: on loopback everyone shares one address, and a script
    with an old token must not lock the others out. Guessing 256 random bits is
    hopeless; the limit (`TRIES` in `TRIES_SECONDS` for each peer) spares the log.
    """

    def __init__(self, token: str, now: Callable[[], float] = time.monotonic) -> None:
        self._token, self._now = token.encode(), now
        self._peers: OrderedDict[str, _Tries] = OrderedDict()

    def opens(self, authorization: str) -> bool:
        """Whether an Authorization header carries the token (RFC 6750, 2.1)."""
        scheme, _, token = authorization.partition(" ")
        right = hmac.compare_digest(token.strip().encode(), self._token)
        return right and scheme.lower() == "bearer"

    def note_failure(self, peer: str) -> int:
        """Count a wrong try; returns the seconds to wait, 0 while it is one of few."""
        now = self._now()
        tries = self._tries(peer, now)
        tries.count += 1
        if tries.count <= TRIES:
            return 0
        return max(1, round(tries.since + TRIES_SECONDS - now))

    def _tries(self, peer: str, now: float) -> _Tries:
        tries = self._peers.get(peer)
        if tries is None or now - tries.since >= TRIES_SECONDS:
            tries = self._peers[peer] = _Tries(since=now)
            self._peers.move_to_end(peer)
        while len(self._peers) > PEERS_REMEMBERED:
            self._peers.popitem(last=False)
        return tries
