"""Settings that are good alone, and contradict others of the file."""

from collections.abc import Iterator

from acd.rule_checks.finding import RuleFinding
from config.settings import Settings
from telephony.numbers import NumberPlan


def check_whole(settings: Settings) -> Iterator[RuleFinding]:
    """What cannot be meant, and what has no effect."""
    yield from _numbers_twice(settings)
    yield from _phones(settings)
    if settings.call_backs.automatic and not settings.trunks:
        words = "automatic = true calls nobody: there are no [[trunks]] to call over"
        yield RuleFinding(about="call_backs", words=words, fatal=True)


def _numbers_twice(settings: Settings) -> Iterator[RuleFinding]:
    """The same number, however it is written: only one of its flows would be taken."""
    plan = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    first: dict[str, str] = {}
    for number in settings.numbers:
        key = plan.normalise(number.called)
        if key in first:
            words = f"[[numbers]] names it twice (as {first[key]} and {number.called}); keep the one whose flow is meant"
            yield RuleFinding(about=f"number {number.called}", words=words, fatal=True)
        first.setdefault(key, number.called)


def _phones(settings: Settings) -> Iterator[RuleFinding]:
    """Third parties and supervisors whose phone would be the hotline itself."""
    phones = [(f"third party {it.id!r}", it.target) for it in settings.third_parties]
    phones += [(f"supervisor {it.id!r}", it.contact) for it in settings.supervisors]
    for about, target in phones:
        if settings.sip.rings_itself(target):
            words = (
                f"{target} is the hotline's own address and port: it would ring itself"
            )
            yield RuleFinding(about=about, words=words, fatal=True)
