"""How long pauses may last, as the engine is told."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLimitsChange:
    """So long may pauses last from now on, by their reason, also those that go on."""

    limits: Mapping[str, float]
