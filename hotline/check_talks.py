"""Can third parties be called? A number needs a trunk."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.finding import Finding, Verdict


def check_talks(settings: Settings) -> Iterator[Finding]:
    """Tells which third parties have a number that nothing can dial."""
    third_parties = settings.third_parties
    numbers = [it.id for it in third_parties if not it.target.startswith("sip")]
    if numbers and not settings.trunks:
        yield Finding(
            what="third parties",
            words=f"{', '.join(numbers)} cannot be called: there are no [[trunks]]",
            verdict=Verdict.WARNING,
        )
    elif third_parties:
        names = ", ".join(third.id for third in third_parties)
        yield Finding(what="third parties", words=names)
