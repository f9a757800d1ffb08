"""Can third parties be called? A number needs a trunk that serves it."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.finding import Finding, Verdict
from telephony.numbers import NumberPlan, is_sip_uri
from telephony.trunks import is_served


def check_talks(settings: Settings) -> Iterator[Finding]:
    """Tells which third parties have a number that nothing can dial."""
    if lost := ", ".join(_lost(settings)):
        words = (
            f"no trunk serves the number of {lost}"
            if settings.trunks
            else f"{lost} cannot be called: there are no [[trunks]]"
        )
        yield Finding(what="third parties", words=words, verdict=Verdict.WARNING)
    elif settings.third_parties:
        names = ", ".join(third.id for third in settings.third_parties)
        yield Finding(what="third parties", words=names)


def _lost(settings: Settings) -> Iterator[str]:
    plan = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    for third in settings.third_parties:
        if not is_sip_uri(third.target) and not is_served(
            third.target, settings.trunks, plan
        ):
            yield third.id
