"""All settings that people change at run time, in one hand."""

from dataclasses import dataclass
from typing import Self

from acd.pauses.reasons import PAUSE_REASONS, Reasons
from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.rows import Changed
from acd.run_time.lists import list_shape
from acd.run_time.seeded import Seeded, Shape
from acd.run_time.texts import TEXTS, TextsByPlace
from config.clock import LoopClock
from config.database import Database
from config.outbound_settings import OutboundLimits
from config.settings import Settings
from config.talk_settings import MOST_DISPOSITIONS, DispositionSection

DispositionList = tuple[DispositionSection, ...]


def _some(dispositions: object) -> tuple[str, ...]:
    if not dispositions:
        raise RulesRefused("keep at least one disposition: agents choose from them")
    return ()


DISPOSITIONS = list_shape(
    Changed.DISPOSITIONS,
    "dispositions",
    DispositionSection,
    key="code",
    most=MOST_DISPOSITIONS,
    check=_some,
)
OUTBOUND_LIMITS: Shape[OutboundLimits] = Shape(
    kind=Changed.OUTBOUND,
    name="outbound_limits",
    written=lambda limits: limits.model_dump(mode="json"),
    read=OutboundLimits.model_validate,
    check=lambda _: (),
)
SHAPES = (PAUSE_REASONS, DISPOSITIONS, OUTBOUND_LIMITS, TEXTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTimeSettings:
    """What counts now of each, and where it is changed."""

    pauses: Seeded[Reasons]
    dispositions: Seeded[DispositionList]
    outbound: Seeded[OutboundLimits]
    texts: Seeded[TextsByPlace]

    @classmethod
    async def open(
        cls, database: Database, clock: LoopClock, settings: Settings
    ) -> Self:
        """As they were changed last, or as the file has them. `SettingsError`."""
        parts = database, clock
        return cls(
            pauses=await Seeded.open(*parts, PAUSE_REASONS, settings.pause_reasons),
            dispositions=await Seeded.open(*parts, DISPOSITIONS, settings.dispositions),
            outbound=await Seeded.open(
                *parts, OUTBOUND_LIMITS, settings.outbound.limits
            ),
            texts=await Seeded.open(*parts, TEXTS, {}),
        )

    @property
    def disposition_titles(self) -> dict[str, str]:
        """What a call can have been about, by code."""
        return {each.code: each.title for each in self.dispositions.now}
