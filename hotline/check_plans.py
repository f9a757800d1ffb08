"""Can the neighbours of plan 3 be called? A number needs a trunk that serves it."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.finding import Finding, Verdict
from telephony.numbers import NumberPlan, is_sip_uri
from telephony.trunks import is_served

WHAT = "neighbours"


def check_plans(settings: Settings) -> Iterator[Finding]:
    """Tells which neighbours nothing can dial, and what share the others take."""
    named = {
        each.name or f"neighbour_{n}": each
        for n, each in enumerate(
            (each for plan in settings.plans for each in plan.neighbours), start=1
        )
    }
    lost = [
        name for name, each in named.items() if not _is_served(settings, each.target)
    ]
    if lost:
        words = (
            f"no trunk serves the number of {', '.join(lost)}: in plan 3 their citizens "
            "would wait in our own queue"
        )
        yield Finding(what=WHAT, words=words, verdict=Verdict.WARNING)
    elif named:
        shares = (f"{name} {each.share:.0%}" for name, each in named.items())
        yield Finding(what=WHAT, words=f"in plan 3 {', '.join(shares)} of new calls")


def _is_served(settings: Settings, target: str) -> bool:
    plan = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    return is_sip_uri(target) or is_served(target, settings.trunks, plan)
