"""The order system's address: https or this machine; its secret: never in the settings."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.setting_errors import SettingsError
from config.settings import load_settings
from config.webhook_settings import SECRET_VARIABLE, WebhookSection, secret_of

SECRET = "a-secret-of-the-tests"


@pytest.mark.parametrize(
    "url",
    [
        "https://orders.example/hotline/results?city=jinan",
        "https://10.1.2.3:8443/",
        "http://127.0.0.1:9000/results",
        "http://localhost/results",
        "http://[::1]:9000/results",
    ],
)
def test_https_and_this_machine_are_taken(url: str) -> None:
    assert WebhookSection(url=url).url == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://orders.example/results", "http is for this machine only"),
        ("http://127.0.0.1.example/results", "http is for this machine only"),
        ("http://10.1.2.3/results", "http is for this machine only"),
        ("https://user:secret@orders.example/", "no name or password here"),
        ("ftp://orders.example/", "no address"),
        ("https:///results", "no address"),
        ("https://orders.example:port/", "no address"),
        ("orders.example", "no address"),
    ],
)
def test_other_addresses_are_refused(url: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        WebhookSection(url=url)


def secret_file(tmp_path: Path, text: str = SECRET + "\n", mode: int = 0o600) -> Path:
    """A file with the secret."""
    file = tmp_path / "webhook"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def section(file: Path | None) -> WebhookSection:
    """An address with this secret file."""
    return WebhookSection(url="https://orders.example/", secret_file=file)


def test_secret_is_read_from_a_file_that_nobody_else_can_read(tmp_path: Path) -> None:
    secret = secret_of(section(secret_file(tmp_path)), {})
    assert secret.get_secret_value() == SECRET
    assert SECRET not in repr(secret)


def test_environment_wins_over_the_secret_file(tmp_path: Path) -> None:
    told = {SECRET_VARIABLE: "another-secret-of-the-tests"}
    secret = secret_of(section(tmp_path / "missing"), told)
    assert secret.get_secret_value() == "another-secret-of-the-tests"


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (SECRET, 0o640, "others may read the secret file"),
        ("short", 0o600, "one word of at least 16 characters"),
        ("two words of a long secret", 0o600, "one word of at least 16 characters"),
    ],
)
def test_secret_file_that_cannot_be_used_is_told(
    tmp_path: Path, text: str, mode: int, words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as told:
        secret_of(section(secret_file(tmp_path, text, mode)), {})
    assert text not in str(told.value)


def test_missing_secret_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="openssl rand -hex 32"):
        secret_of(section(None), {})
    with pytest.raises(SettingsError, match="cannot be read"):
        secret_of(section(tmp_path / "missing"), {})


def test_secret_in_the_settings_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hotline.toml"
    file.write_text(
        f'[webhook]\nurl = "https://orders.example/"\nsecret = "{SECRET}"\n', "utf-8"
    )
    with pytest.raises(SettingsError, match="did you mean 'secret_file'"):
        load_settings(file)


def test_variable_of_the_secret_is_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    file = tmp_path / "hotline.toml"
    file.write_text('[webhook]\nurl = "https://orders.example/"\n', "utf-8")
    assert SECRET not in repr(load_settings(file))
