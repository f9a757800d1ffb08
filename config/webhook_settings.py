"""The order system's address for results, and the secret that signs them."""

import os
import re
import stat
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from config.section import Section
from config.setting_errors import SettingsError

SECRET_VARIABLE = "HOTLINE_WEBHOOK_SECRET"
LEAST_SECRET = 16


class WebhookSection(Section):
    """Where results of follow-up calls go; without a `url` nowhere.

    What the order system does not take within `max_age_hours` is dead until somebody
    sends it again.
    """

    url: str = ""
    secret_file: Path | None = None
    timeout_seconds: float = Field(10, ge=1, le=60)
    max_age_hours: float = Field(72, gt=0, le=720)
    at_once: int = Field(4, ge=1, le=32)
    keep_days: int = Field(30, ge=1, le=3650)

    @field_validator("url")
    @classmethod
    def _is_a_safe_address(cls, url: str) -> str:
        if url:
            _check(url)
        return url

    @model_validator(mode="after")
    def _is_whole(self) -> "WebhookSection":
        if self.secret_file and not self.url:
            raise ValueError("secret_file without url: nothing would be signed")
        return self


def secret_of(
    section: WebhookSection, environment: Mapping[str, str] = os.environ
) -> SecretStr:
    """The secret: of the environment, or else of its file.

    `SettingsError` when there is none, or it is short, or may be read by others.
    """
    if SECRET_VARIABLE in environment:
        return _long_enough(environment[SECRET_VARIABLE], SECRET_VARIABLE)
    if section.secret_file is None:
        raise SettingsError(
            "webhook.url needs a secret: name its file as webhook.secret_file, or set "
            f"{SECRET_VARIABLE}. Make one with: openssl rand -hex 32"
        )
    return _long_enough(_read(section.secret_file), f"the file {section.secret_file}")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http") or parts.fragment:
        raise ValueError(
            "no address; write one like 'https://orders.example/hotline/results'"
        )
    if parts.username or parts.password:
        raise ValueError("no name or password here: what is sent is signed instead")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError(
            "http is for this machine only (127.0.0.1): write an https address"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            secret = opened.read(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(
            f"webhook: the secret file {file} cannot be read ({reason})"
        ) from None
    if mode & 0o077:
        raise SettingsError(
            f"webhook: others may read the secret file {file}; do: chmod 600 {file}"
        )
    return secret


def _long_enough(secret: str, where: str) -> SecretStr:
    if len(secret) < LEAST_SECRET or re.search(r"\s", secret):
        raise SettingsError(
            f"webhook: {where} must hold one word of at least {LEAST_SECRET} characters;"
            " make one with: openssl rand -hex 32"
        )
    return SecretStr(secret)
