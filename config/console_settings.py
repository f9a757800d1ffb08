"""`[console]`: where the pages and the API are served, and how safely."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from config.screen_pop import checked_template
from config.section import Section


class ConsoleSection(Section):
    """The HTTP side: pages, API, metrics, health.

    Without TLS it listens on a loopback address only. A session ends when it was not
    used for `session_idle_minutes`, and after `session_hours` anyway. `key_file` keeps
    the key that signs cookies and seals second factors. `screen_pop` is the address of
    the city's order system for a call, with {number}, {call_id} and {agent_id} in it.
    `print_font` is the font of reports as PDF, where the system has none of its own.
    """

    address: IPv4Address | IPv6Address = ip_address("127.0.0.1")
    port: int = Field(8080, ge=1, le=65535)
    tls_certificate: Path | None = None
    tls_private_key: Path | None = None
    session_idle_minutes: float = Field(60, ge=1, le=1440)
    session_hours: float = Field(12, gt=0, le=720)
    key_file: Path | None = None
    screen_pop: str = Field("", max_length=500)
    print_font: Path | None = None

    @field_validator("screen_pop")
    @classmethod
    def _leads_somewhere(cls, template: str) -> str:
        return checked_template(template) if template else ""

    @property
    def tls(self) -> bool:
        """Whether it is served over TLS."""
        return self.tls_certificate is not None

    @model_validator(mode="after")
    def _safe(self) -> "ConsoleSection":
        if bool(self.tls_certificate) != bool(self.tls_private_key):
            raise ValueError("tls needs tls_certificate and tls_private_key")
        if not self.tls and not self.address.is_loopback:
            raise ValueError(
                f'without TLS passwords would travel in clear, so the console may not listen on {self.address}; set tls_certificate and tls_private_key, or address = "127.0.0.1"'
            )
        return self
