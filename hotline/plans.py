"""The emergency plans as the settings want them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from acd.neighbours import Neighbour, Neighbours
from acd.people.person import Post
from acd.plan_words import PlanWords
from acd.plans.rules import Plan1, PlansRules
from acd.plans.wrap_up import PlanWrapUp
from acd.rule_changes.changes import RuleChanges
from acd.staffing.escalation import USUAL_PLANS, PlanRules
from config.bus import EventBus
from config.database import Database
from config.plan_settings import NeighbourSection, PlanSection
from config.settings import Settings
from hotline.talks import callable_target
from telephony.numbers import NumberPlan

_PLAIN = (
    *("ahead_minutes", "rise_wait_seconds", "surge_wait_seconds"),
    *("rise_for_seconds", "fall_wait_seconds"),
)


def plans_rules(settings: Settings) -> PlansRules:
    """The rules of `[[plans]]`; a city that names none has the usual ones, none automatic."""
    sections = settings.plans or tuple(
        PlanSection(level=level) for level in range(1, len(USUAL_PLANS) + 1)
    )
    first = sections[0]
    return PlansRules(
        plans=tuple(map(_rules, sections, USUAL_PLANS)),
        share_elsewhere=sum(each.share for each in _neighbours(sections)),
        plan_1=Plan1(
            posts=tuple(map(Post, first.posts)),
            kept={Post(post): number for post, number in first.kept.items()},
            needs=settings.roster.needs.get("phones", ()),
            seated_seconds=first.seated_minutes * 60,
        ),
    )


def neighbours(settings: Settings, numbers: NumberPlan, bus: EventBus) -> Neighbours:
    """Those of plan 3, who listen for its level."""
    made = Neighbours(
        [
            Neighbour(
                name=each.name or f"neighbour_{n}",
                target=callable_target(each.target, numbers),
                share=each.share,
                ring_seconds=each.ring_seconds,
            )
            for n, each in enumerate(_neighbours(settings.plans), start=1)
        ]
    )
    made.listen(bus)
    return made


def plan_words(settings: Settings, bus: EventBus) -> PlanWords:
    """What citizens are told from the first level on that is announced."""
    levels = (plan.level for plan in settings.plans if plan.announce)
    made = PlanWords(min(levels, default=None))
    made.listen(bus)
    return made


def plan_wrap_up(
    settings: Settings, database: Database, changes: RuleChanges, bus: EventBus
) -> PlanWrapUp | None:
    """What shortens the wrap-up; None where plan 1 is to leave it as it is."""
    seconds = settings.plans[0].wrap_up_seconds if settings.plans else None
    if seconds is None:
        return None
    return PlanWrapUp(database, changes, bus, seconds)


def _neighbours(sections: Iterable[PlanSection]) -> tuple[NeighbourSection, ...]:
    return tuple(chain.from_iterable(each.neighbours for each in sections))


def _rules(section: PlanSection, usual: PlanRules) -> PlanRules:
    given: dict[str, Any] = {name: getattr(section, name) for name in _PLAIN}
    given |= {
        "fall_for_seconds": _seconds(section.fall_for_minutes),
        "hold_seconds": _seconds(section.hold_minutes),
        "automatic": section.automatic,
    }
    return replace(usual, **_known(given))


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * 60


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
