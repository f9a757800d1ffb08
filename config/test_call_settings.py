"""Settings of the test calls that tell whether the hotline answers."""

from pydantic import Field

from config.section import Section


class CallTestSection(Section):
    """`every_minutes` 0: none is placed. Without `to` the hotline calls itself.

    A call is answered within `ring_seconds`, and something is heard in the
    `listen_seconds` after it.
    """

    every_minutes: float = Field(0, ge=0, le=10)
    to: str = Field("", pattern=r"^(|sips?:\S+@\S+)$")
    ring_seconds: float = Field(10, gt=0, le=60)
    listen_seconds: float = Field(4, ge=1, le=30)
