"""The number that follow-up calls show: one that the trunks may show, and no other."""

from config.settings import Settings
from config.trunk_settings import TrunkSection
from telephony.numbers import NumberPlan


def fault_of_caller_number(settings: Settings) -> str:
    """What is wrong with `[outbound] caller_number`, in words; "" when nothing is."""
    shown = settings.outbound.caller_number
    if not shown or not settings.trunks or trunks_that_show(settings):
        return ""
    listed = ", ".join(
        f"{trunk.name}: {', '.join(trunk.caller_numbers)}" for trunk in settings.trunks
    )
    return (
        f"[outbound] caller_number {shown!r} is on no trunk's list of caller_numbers "
        f"({listed}); take one of these, or put it on the list of a trunk that owns it"
    )


def trunks_that_show(settings: Settings) -> list[TrunkSection]:
    """The trunks over which follow-up calls can go: those that may show their number."""
    numbers = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    wanted = numbers.normalise(settings.outbound.caller_number)
    return [
        trunk
        for trunk in settings.trunks
        if not wanted or wanted in map(numbers.normalise, trunk.caller_numbers)
    ]
