"""What citizens who newly ask for a person are told while an emergency plan is on."""

from acd.events import PlanLevelChanged
from config.bus import EventBus
from ivr_flows.sentences import Language, Sentence

WORDS = "plan_is_on"


class PlanWords:
    """A sentence from the lowest level on that is to be announced; None announces none."""

    def __init__(self, from_level: int | None = None) -> None:
        self._from_level, self._level = from_level, 0

    def listen(self, bus: EventBus) -> None:
        """Follow the level of the plans."""
        bus.subscribe(PlanLevelChanged, self._changed)

    def _changed(self, event: PlanLevelChanged) -> None:
        self._level = event.level

    def sentences(self, language: Language) -> tuple[Sentence, ...]:
        """What is said first of all now."""
        if self._from_level is None or self._level < self._from_level:
            return ()
        return (Sentence(words=WORDS, language=language),)
