"""Trunks for tests, and the clock that they are asked with."""

from datetime import UTC, datetime
from typing import Any

from config.trunk_settings import TrunkSection
from telephony.numbers import NumberPlan
from telephony.trunk_state import Sign
from telephony.trunks import Trunks

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLAN = NumberPlan(country_code="86", area_code="0531")
MOBILE, FIXED, ABROAD = "+8613812345678", "+8653188886666", "+85221234567"


def trunk(name: str = "telecom", **more: Any) -> TrunkSection:
    """A trunk of which nobody needs to ask whether it works."""
    values = {
        "name": name,
        "host": f"{name}.example",
        "caller_numbers": ("053112345", "053196345"),
        "options_seconds": 0,
    }
    return TrunkSection.model_validate(values | more)


def trunks_of(*sections: TrunkSection) -> Trunks:
    """These trunks, when their addresses have been found."""
    trunks = Trunks(sections, PLAN, START)
    for section in sections:
        trunks.note(section.name, Sign.ADDRESS, "", START)
    return trunks
