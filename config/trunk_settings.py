"""A trunk in the settings: the line to a telephone company, with its limits."""

import os
import re
import stat
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Literal

from pydantic import (
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from config.section import Section
from config.setting_errors import SettingsError

_NUMBER = re.compile(r"\+?[0-9*#]{2,20}", re.ASCII)
_PREFIX = re.compile(r"\+?[0-9*#]{1,20}|\+", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.?")
_PROXY = re.compile(
    r"(?:sip:)?(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:;@\s]+))(?::(?P<port>\d{1,5}))?(?:;lr)?",
    re.I,
)

Transport = Literal["udp", "tcp", "tls"]
DialForm = Literal["national", "international", "e164"]


class TrunkSection(Section):
    """A trunk. Calls out go over it, if it serves the number; see docs/trunks.md.

    `caller_numbers` is the whole list of numbers that may be shown, written as the
    company wants them; the first is shown when nothing else is asked for. No
    `prefixes` serves the own country. Of trunks that serve a number the longest prefix
    goes first, then the least `priority`, then the order of the file. The last
    `kept_lines` are for citizens on the line alone: emergencies, third parties; half of
    them for emergencies alone.
    """

    name: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    host: str
    port: int = Field(0, ge=0, le=65535)
    transport: Transport = "udp"
    proxy: str = ""
    username: str = Field("", pattern=r"^[^@\s<>\"]*$")
    password_file: Path | None = None
    realm: str = Field("*", min_length=1)
    register_here: bool = Field(False, alias="register")
    expires_seconds: int = Field(600, ge=30, le=86400)
    caller_numbers: tuple[str, ...] = Field(min_length=1)
    asserted_identity: bool = True
    prefixes: tuple[str, ...] = ()
    dial_form: DialForm = "national"
    priority: int = Field(0, ge=0, le=1000)
    lines: int = Field(30, ge=1)
    kept_lines: int = Field(2, ge=0)
    calls_per_second: float = Field(5, gt=0, le=1000)
    options_seconds: float = Field(30, ge=0)
    trusted: bool = True

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if _is_address(host) or _HOST.fullmatch(host):
            return host
        raise ValueError(
            f"{host!r} is no host; write a name or an address, and the port as 'port'"
        )

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: str) -> str:
        if proxy and not _PROXY.fullmatch(proxy):
            raise ValueError(
                f"{proxy!r} is no proxy; write one like 'sbc.example:5060'"
            )
        return proxy

    @field_validator("caller_numbers")
    @classmethod
    def _are_numbers(cls, numbers: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(numbers, _NUMBER, "no number; write one like '053112345'")

    @field_validator("prefixes")
    @classmethod
    def _are_prefixes(cls, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(
            prefixes, _PREFIX, "no prefix; write one like '+86531', '110' or '+'"
        )

    @model_validator(mode="after")
    def _consistent(self) -> "TrunkSection":
        if self.register_here and not self.username:
            raise ValueError(f"trunk {self.name}: register needs a username")
        if self.password_file and not self.username:
            raise ValueError(f"trunk {self.name}: password_file needs a username")
        if 0 < self.options_seconds < 5:
            raise ValueError(
                f"trunk {self.name}: options_seconds is 0 (off) or at least 5"
            )
        return self

    @property
    def ordinary_lines(self) -> int:
        """How many lines may be taken for calls that nobody waits for; at least one."""
        return max(1, self.lines - self.kept_lines)

    @property
    def urgent_lines(self) -> int:
        """How many may be taken for citizens on the line who are in no emergency."""
        return max(1, self.lines - (self.kept_lines + 1) // 2)

    @property
    def signalling_port(self) -> int:
        """The port of `host`; 5060, or 5061 for TLS, unless it is set."""
        return self.port or (5061 if self.transport == "tls" else 5060)

    @property
    def next_hop(self) -> tuple[str, int]:
        """Host and port that packets are sent to: the proxy's, or the trunk's own."""
        found = _PROXY.fullmatch(self.proxy) if self.proxy else None
        if not found:
            return self.host, self.signalling_port
        default = 5061 if self.transport == "tls" else 5060
        return found["six"] or found["host"], int(found["port"] or default)

    @property
    def password_variable(self) -> str:
        """The environment variable that may hold the password."""
        return f"HOTLINE_TRUNK_{self.name.upper().replace('-', '_')}_PASSWORD"


def password_of(
    trunk: TrunkSection, environment: Mapping[str, str] = os.environ
) -> SecretStr:
    """The trunk's password: of the environment, or else of its file; "" without one.

    `SettingsError` when the file cannot be read, is empty, or may be read by others.
    """
    if trunk.password_variable in environment:
        return SecretStr(environment[trunk.password_variable])
    if not trunk.password_file:
        return SecretStr("")
    return SecretStr(_read_secret(trunk.password_file, trunk.name))


def _read_secret(file: Path, name: str) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            secret = opened.read(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(
            f"trunk {name}: the password file {file} cannot be read ({reason})"
        ) from None
    if mode & 0o077:
        raise SettingsError(
            f"trunk {name}: others may read the password file {file}; do: chmod 600 {file}"
        )
    if not secret or re.search(r"[\r\n\0]", secret):
        raise SettingsError(
            f"trunk {name}: the password file {file} must hold one line, the password"
        )
    return secret


def checked_trunks(
    trunks: tuple[TrunkSection, ...], sip_transports: tuple[str, ...]
) -> tuple[TrunkSection, ...]:
    """The trunks, if the SIP endpoint speaks their transports; names are unique."""
    names = [trunk.name for trunk in trunks]
    for trunk in trunks:
        if names.count(trunk.name) > 1:
            raise ValueError(
                f"two trunks are called {trunk.name!r}; each needs its own"
            )
        if trunk.transport not in sip_transports:
            raise ValueError(
                f"trunk {trunk.name} speaks {trunk.transport}, but sip.transports has only {', '.join(sip_transports)}"
            )
    return trunks


def _is_address(host: str) -> bool:
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return False
    return "%" not in str(address)


def _checked(
    words: tuple[str, ...], form: re.Pattern[str], what: str
) -> tuple[str, ...]:
    for word in words:
        if not form.fullmatch(word):
            raise ValueError(f"{word!r} is {what}")
    return words
