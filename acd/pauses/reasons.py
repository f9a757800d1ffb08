"""The pause reasons: how they are kept and checked, and how the engine is told."""

from collections.abc import Callable, Mapping, Sequence

from acd.distributor import Link
from acd.pauses.limits import PauseLimitsChange
from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.rows import Changed
from acd.rule_checks.pauses import check_pauses
from acd.run_time.lists import list_shape
from config.agent_settings import MOST_PAUSE_REASONS, PauseReasonSection

Reasons = tuple[PauseReasonSection, ...]


def limits_of(reasons: Sequence[PauseReasonSection]) -> Mapping[str, float]:
    """How long a pause may last, of those that have a limit."""
    return {each.id: each.max_seconds for each in reasons if each.max_seconds}


def to_engine(link: Link) -> Callable[[Reasons], None]:
    """Tells the limits there; they bind also who pauses already."""

    def tell(reasons: Reasons) -> None:
        link.send(PauseLimitsChange(limits=limits_of(reasons)))

    return tell


def _checked(reasons: Sequence[PauseReasonSection]) -> tuple[str, ...]:
    findings = list(check_pauses(reasons))
    if faults := "; ".join(str(each) for each in findings if each.fatal):
        raise RulesRefused(faults)
    return tuple(map(str, findings))


PAUSE_REASONS = list_shape(
    Changed.PAUSES,
    "pause_reasons",
    PauseReasonSection,
    key="id",
    most=MOST_PAUSE_REASONS,
    check=_checked,
)
