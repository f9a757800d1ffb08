"""Trunks in the settings: what is right, and what a person is told of what is wrong."""

import os
from pathlib import Path

import pytest

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from config.trunk_settings import TrunkSection, password_of

LEAST = 'name = "telecom"\nhost = "sbc.example"\ncaller_numbers = ["053112345"]\n'


def settings_of(tmp_path: Path, *trunks: str, before: str = "") -> Settings:
    """Load a file with these trunks."""
    file = tmp_path / "hotline.toml"
    text = before + "".join(f"[[trunks]]\n{trunk}\n" for trunk in trunks)
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def trunk_of(tmp_path: Path, more: str) -> TrunkSection:
    """The least trunk with more said of it."""
    (trunk,) = settings_of(tmp_path, LEAST + more).trunks
    return trunk


def test_name_host_and_a_caller_number_are_enough(tmp_path: Path) -> None:
    trunk = trunk_of(tmp_path, "")
    assert trunk.next_hop == ("sbc.example", 5060)
    assert not trunk.register_here
    assert trunk.caller_numbers == ("053112345",)


@pytest.mark.parametrize(
    ("more", "hop"),
    [
        ("port = 5080", ("sbc.example", 5080)),
        ('transport = "tcp"', ("sbc.example", 5060)),
        ('proxy = "192.0.2.7:5070"', ("192.0.2.7", 5070)),
        ('proxy = "sip:edge.example;lr"', ("edge.example", 5060)),
        ('proxy = "[2001:db8::7]:5070"', ("2001:db8::7", 5070)),
    ],
)
def test_packets_go_to_the_proxy_or_to_the_trunk(
    tmp_path: Path, more: str, hop: tuple[str, int]
) -> None:
    assert trunk_of(tmp_path, more).next_hop == hop


@pytest.mark.parametrize(
    ("trunk", "words"),
    [
        (
            LEAST + 'password = "secret"',
            "trunks[1].password is not a setting; did you mean 'password_file'?",
        ),
        (LEAST + "regster = true", "did you mean 'register'?"),
        (LEAST + "register = true", "trunk telecom: register needs a username"),
        (
            LEAST + 'password_file = "x"',
            "trunk telecom: password_file needs a username",
        ),
        (LEAST + "options_seconds = 1", "options_seconds is 0 (off) or at least 5"),
        (LEAST + 'transport = "sctp"', "trunks[1].transport: Input should be 'udp'"),
        (LEAST + 'transport = "tls"', "trunk telecom speaks tls, but sip.transports"),
        (LEAST + 'prefixes = ["86x"]', "'86x' is no prefix; write one like '+86531'"),
        (LEAST + 'proxy = "a b"', "'a b' is no proxy"),
        (LEAST + 'username = "a@b"', "trunks[1].username"),
        (
            'name = "a"\nhost = "sip:sbc:5060"\ncaller_numbers = ["1234"]',
            "'sip:sbc:5060' is no host; write a name or an address",
        ),
        (
            'name = "a"\nhost = "sbc"\ncaller_numbers = ["bob"]',
            "'bob' is no number; write one like '053112345'",
        ),
        ('name = "a"\nhost = "sbc"\ncaller_numbers = []', "trunks[1].caller_numbers"),
    ],
)
def test_fault_is_told_in_words(tmp_path: Path, trunk: str, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_of(tmp_path, trunk)
    assert words in str(error.value)
    assert "secret" not in str(error.value)


def test_two_trunks_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="two trunks are called 'telecom'"):
        settings_of(tmp_path, LEAST, LEAST)


def secret_file(tmp_path: Path, text: str = "s3cret\n", mode: int = 0o600) -> Path:
    """A password file."""
    file = tmp_path / "password"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def with_password(tmp_path: Path, file: Path) -> TrunkSection:
    """A trunk whose password is in this file."""
    return trunk_of(tmp_path, f'username = "u"\npassword_file = "{file}"')


def test_password_is_read_from_a_file_that_nobody_else_can_read(tmp_path: Path) -> None:
    trunk = with_password(tmp_path, secret_file(tmp_path))
    secret = password_of(trunk, {})
    assert secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr((trunk, secret))


def test_environment_wins_over_the_password_file(tmp_path: Path) -> None:
    trunk = with_password(tmp_path, tmp_path / "missing")
    told = {"HOTLINE_TRUNK_TELECOM_PASSWORD": "from outside"}
    assert password_of(trunk, told).get_secret_value() == "from outside"


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("s3cret", 0o640, "others may read the password file"),
        ("", 0o600, "must hold one line, the password"),
        ("one\ntwo", 0o600, "must hold one line, the password"),
    ],
)
def test_password_file_that_cannot_be_used_is_told(
    tmp_path: Path, text: str, mode: int, words: str
) -> None:
    trunk = with_password(tmp_path, secret_file(tmp_path, text, mode))
    with pytest.raises(SettingsError) as error:
        password_of(trunk, {})
    assert words in str(error.value)
    assert "s3cret" not in str(error.value)


def test_missing_password_file_is_told(tmp_path: Path) -> None:
    trunk = with_password(tmp_path, tmp_path / "missing")
    with pytest.raises(SettingsError, match="cannot be read"):
        password_of(trunk, os.environ | {})
