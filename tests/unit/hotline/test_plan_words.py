"""From which level on the settings have citizens told of a plan."""

from datetime import UTC, datetime

import pytest

from acd.events import PlanLevelChanged
from config.bus import EventBus
from config.plan_settings import PlanSection
from config.settings import Settings
from hotline.plans import plan_words


@pytest.mark.parametrize(
    "announced, level, told",
    [
        ((1,), 1, True),
        ((1,), 3, True),
        ((2, 3), 1, False),
        ((2, 3), 2, True),
        ((), 3, False),
    ],
)
def test_lowest_level_that_is_announced_counts(
    announced: tuple[int, ...], level: int, told: bool
) -> None:
    plans = tuple(PlanSection(level=n, announce=n in announced) for n in (1, 2, 3))
    bus = EventBus()
    words = plan_words(Settings(plans=plans), bus)
    now = datetime(2026, 7, 20, tzinfo=UTC)
    bus.publish(PlanLevelChanged(at=now, level=level, old_level=0))
    assert bool(words.sentences("zh")) is told
