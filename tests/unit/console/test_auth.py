"""The API's token: made once, closed to others, hard to guess."""

import stat
from pathlib import Path

import pytest

from console.auth import (
    PEERS_REMEMBERED,
    TRIES,
    TRIES_SECONDS,
    Gate,
    TokenError,
    load_or_make_token,
    load_token,
)

TOKEN = "a" * 43


class Clock:
    """A monotonic clock that the test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_first_start_makes_a_token_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "data" / "api-token"
    token = load_or_make_token(file)
    assert len(token) >= 43
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_next_start_finds_the_same_token(tmp_path: Path) -> None:
    file = tmp_path / "api-token"
    assert load_or_make_token(file) == load_or_make_token(file) == load_token(file)


def test_two_services_have_two_tokens(tmp_path: Path) -> None:
    assert load_or_make_token(tmp_path / "a") != load_or_make_token(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_token_that_others_can_reach_is_refused_with_the_mend(
    tmp_path: Path, mode: int
) -> None:
    file = tmp_path / "api-token"
    load_or_make_token(file)
    file.chmod(mode)
    with pytest.raises(TokenError, match=f"chmod 600 {file}"):
        load_or_make_token(file)


@pytest.mark.parametrize("text", ["", "\n", "secret"])
def test_empty_or_short_token_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "api-token"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(TokenError, match="Remove the file"):
        load_or_make_token(file)


def test_token_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "api-token"
    file.write_bytes(b"\xff" * 50)
    file.chmod(0o600)
    with pytest.raises(TokenError, match="cannot be read"):
        load_token(file)


def test_missing_token_tells_who_makes_it(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="hotline run"):
        load_token(tmp_path / "api-token")


def test_token_file_that_cannot_be_made_names_the_settings(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the directory should be")
    with pytest.raises(TokenError, match="token_file under \\[api\\]"):
        load_or_make_token(tmp_path / "data" / "api-token")


@pytest.mark.parametrize(
    ("authorization", "opens"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (f"Bearer  {TOKEN} ", True),
        (f"Basic {TOKEN}", False),
        (TOKEN, False),
        (f"Bearer {TOKEN[:-1]}", False),
        (f"Bearer {TOKEN}x", False),
        ("Bearer ключ", False),
        ("Bearer", False),
        ("", False),
    ],
)
def test_only_the_right_token_opens(authorization: str, opens: bool) -> None:
    assert Gate(TOKEN).opens(authorization) is opens


def test_many_wrong_tries_of_a_peer_must_wait() -> None:
    clock = Clock()
    gate = Gate(TOKEN, clock)
    assert [gate.note_failure("192.0.2.1") for _ in range(TRIES)] == [0] * TRIES
    assert gate.note_failure("192.0.2.1") == TRIES_SECONDS
    assert gate.note_failure("192.0.2.2") == 0
    clock.seconds += TRIES_SECONDS - 1
    assert gate.note_failure("192.0.2.1") == 1
    clock.seconds += 1
    assert gate.note_failure("192.0.2.1") == 0


def test_wrong_tries_of_very_many_peers_take_no_more_memory() -> None:
    gate = Gate(TOKEN, Clock())
    for number in range(2 * PEERS_REMEMBERED):
        gate.note_failure(f"peer {number}")
    assert len(gate._peers) == PEERS_REMEMBERED
