"""What the moves of a round were to bring, beside what came of it; pure."""

from dataclasses import dataclass

from acd.adjustments.effect import Measured
from acd.adjustments.round import Effect
from acd.adjustments.store import KeptRound


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A quarter of an hour of the whole, or of a queue; `measured` is None until it is over."""

    expected: Effect
    measured: Measured | None


def outcomes_of(kept: KeptRound) -> list[Outcome]:
    """The hour after a round, the whole first."""
    over = {(one.queue, one.cell): one for one in kept.measured}
    effects = *kept.round.effects, *kept.round.queue_effects
    return [
        Outcome(
            expected=effect,
            measured=over.get((effect.queue, effect.cell)),
        )
        for effect in effects
    ]
