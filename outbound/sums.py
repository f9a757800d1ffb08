"""Results that are told apart by less: added up, so that all is read only once. Pure."""

from collections.abc import Iterable, Sequence

from outbound.results import By, Group, Rate, Result, group_name


def summed(results: Iterable[Result], by: By) -> list[Result]:
    """Results by unit and day (`By.UNIT_DAY`) added up by one of them, or to one."""
    groups: dict[Group, list[Result]] = {}
    for result in results:
        groups.setdefault(_group(result, by), []).append(result)
    order = sorted(groups, key=lambda group: tuple(map(str, group)))
    return [_sum(group, groups[group]) for group in order]


def _group(result: Result, by: By) -> Group:
    unit = result.unit if by in (By.UNIT, By.UNIT_DAY) else None
    day = result.day if by in (By.DAY, By.UNIT_DAY) else None
    return unit, day


def _sum(group: Group, results: Sequence[Result]) -> Result:
    unit, day = group
    return Result(
        group=group_name(unit, day),
        unit=unit,
        day=day,
        reviewed=sum(each.reviewed for each in results),
        redo=sum(each.redo for each in results),
        withdrawn=sum(each.withdrawn for each in results),
        attempted=_rate([each.attempted for each in results]),
        reached=_rate([each.reached for each in results]),
        completed=_rate([each.completed for each in results]),
        satisfied=_rate([each.satisfied for each in results]),
        solved=_rate([each.solved for each in results]),
    )


def _rate(rates: Sequence[Rate]) -> Rate:
    numerator = sum(each.numerator for each in rates)
    denominator = sum(each.denominator for each in rates)
    return Rate(
        numerator=numerator,
        denominator=denominator,
        n=sum(each.n for each in rates),
        share=numerator / denominator if denominator else None,
    )
