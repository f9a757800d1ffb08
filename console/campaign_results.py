"""What came of a campaign, for pages, sheets and programs; read in a process of its own."""

import asyncio

from pydantic import TypeAdapter

from acd.statistics.counted_call import share
from console.number_masking import masked_text
from console.report_tables import Table, Translate, Value
from console.view import ConsoleView
from console.words import N_
from outbound.archive import campaign_of
from outbound.report.worker import CampaignWanted
from outbound.results import NOT_YET, By, Rate, Result

RESULTS: TypeAdapter[list[Result]] = TypeAdapter(list[Result])
RATES = {
    "attempted": N_("Follow-up rate"),
    "reached": N_("Reached rate"),
    "completed": N_("Completion rate"),
    "satisfied": N_("Satisfaction rate"),
    "solved": N_("Solution rate"),
}
"""回访率 联系率 完成率 满意率 解决率."""
OF = {
    "attempted": N_("of closed orders: somebody's telephone was called"),
    "reached": N_("of closed orders: a person answered"),
    "completed": N_("of closed orders: every question was answered"),
    "satisfied": N_("of valid answers: at least basically satisfied"),
    "solved": N_("of valid answers: it is solved"),
}


async def read_whole(view: ConsoleView, campaign: str, by: By | None) -> bytes:
    """Results in JSON, or the whole page (`by` None); `CampaignUnknown`."""
    await campaign_of(view.database, campaign)
    wanted = CampaignWanted(campaign=campaign, zone=view.statistics.zone.key, by=by)
    return await view.campaign_reports.make(wanted)


async def results_of(view: ConsoleView, campaign: str, by: By) -> list[Result]:
    """The results as values."""
    body = await read_whole(view, campaign, by)
    return await asyncio.to_thread(RESULTS.validate_json, body)


def unit_name(unit: str, translate: Translate) -> str:
    """A handling unit; what looks like a telephone number there is masked."""
    return masked_text(unit) if unit else translate(N_("unit not given"))


def day_name(day: str, translate: Translate) -> str:
    """A day of the city."""
    return translate(N_("not called yet")) if day == NOT_YET else day


def results_table(results: list[Result], by: By, translate: Translate) -> Table:
    """A line for each group, each rate with its numerator and denominator."""
    groups = {
        By.TOTAL: (),
        By.UNIT: (N_("Unit"),),
        By.DAY: (N_("Day of the last try"),),
        By.UNIT_DAY: (N_("Unit"), N_("Day of the last try")),
    }
    counts = (
        N_("Closed orders"),
        *RATES.values(),
        N_("To be redone"),
        N_("Reviewed"),
        N_("Withdrawn"),
    )
    return Table(
        name="results",
        title=translate(N_("Results")),
        head=tuple(map(translate, (*groups[by], *counts))),
        rows=tuple(_row(result, translate) for result in results),
    )


def _row(result: Result, translate: Translate) -> tuple[Value, ...]:
    group: list[Value] = []
    if result.unit is not None:
        group.append(unit_name(result.unit, translate))
    if result.day is not None:
        group.append(day_name(result.day, translate))
    rates: list[Rate] = [getattr(result, name) for name in RATES]
    shares = [share(rate.numerator, rate.denominator) for rate in rates]
    return (
        *group,
        result.attempted.n,
        *shares,
        result.redo,
        result.reviewed,
        result.withdrawn,
    )
