"""Recall numbers at rest: nobody reads them without the key, and none changes places."""

import base64
import stat
from pathlib import Path

import pytest

from acd.people.seal import NumberSealed, Seal
from config.key_file import KeyFileError, load_key, load_or_make_key

NUMBER = "+8613812345678"
SEAL = Seal(b"k" * 32)


def test_number_comes_back_for_its_person_alone() -> None:
    kept = SEAL.close(NUMBER, "1001")
    assert "138" not in base64.b64decode(kept.removeprefix("1:")).decode("latin1")
    assert SEAL.open(kept, "1001") == NUMBER
    for seal, person in ((SEAL, "1002"), (Seal(b"x" * 32), "1001")):
        with pytest.raises(NumberSealed, match="put the key file back") as refused:
            seal.open(kept, person)
        assert "138" not in str(refused.value)


def test_same_number_is_never_sealed_the_same_twice() -> None:
    assert SEAL.close(NUMBER, "1001") != SEAL.close(NUMBER, "1001")


def test_no_number_stays_none() -> None:
    assert SEAL.close("", "1001") == SEAL.open("", "1001") == ""


@pytest.mark.parametrize("kept", ["1:", "1:AAAA", "nothing", "1:?"])
def test_what_was_never_sealed_is_refused(kept: str) -> None:
    with pytest.raises(NumberSealed):
        SEAL.open(kept, "1001")


def test_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "people-key"
    key = load_or_make_key(file)
    assert (len(key), load_or_make_key(file), load_key(file)) == (32, key, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people-key"
    load_or_make_key(file)
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_or_make_key(file)


@pytest.mark.parametrize(("text", "words"), [("AAAA", "32 bytes"), ("?", "cannot be")])
def test_file_that_holds_no_key_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "people-key"
    file.touch(0o600)
    file.write_text(text)
    with pytest.raises(KeyFileError, match=words):
        load_key(file)


def test_key_that_is_gone_is_not_made_anew_to_read(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="put it back from a backup"):
        load_key(tmp_path / "people-key")
