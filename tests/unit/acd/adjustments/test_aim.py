"""What is aimed at: the city's target, and those of queues of their own."""

import pytest

from acd.adjustments.foreseen import Aim
from acd.staffing.cover import WHOLE
from acd.staffing.requirement import Target
from config.queue_settings import QueueSection

CITY = Target(share=0.95, within_seconds=15)


@pytest.mark.parametrize(
    ("share", "within", "own"),
    [
        (None, None, CITY),
        (0.8, None, Target(share=0.8, within_seconds=15)),
        (None, 0.0, Target(share=0.95, within_seconds=0)),
        (0.8, 20.0, Target(share=0.8, within_seconds=20)),
    ],
)
def test_queue_says_what_it_wants_and_leaves_the_rest_to_the_city(
    share: float | None, within: float | None, own: Target
) -> None:
    queue = QueueSection(name="tax", target_share=share, target_within_seconds=within)
    aim = Aim(target=CITY).with_queues([queue])
    assert aim.of("tax") == own
    assert aim.of("general") == aim.of(WHOLE) == CITY


def test_what_is_said_now_holds_in_every_queue_and_the_rest_stays() -> None:
    queue = QueueSection(name="tax", target_within_seconds=20)
    aim = Aim(target=CITY, sureness=0.8).with_queues([queue]).where(share=0.7)
    assert aim.of("tax") == Target(share=0.7, within_seconds=20)
    assert aim.of(WHOLE) == Target(share=0.7, within_seconds=15)
    assert aim.sureness == 0.8
