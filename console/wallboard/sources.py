"""Where the wallboard's figures come from: the running parts, and the reports' process."""

from dataclasses import dataclass

from acd.adjustments.desk import AdjustmentDesk
from acd.distributor import Distributor
from acd.plans.desk import PlanDesk
from acd.staffing_reports.daily_reading import NextDayRules
from acd.staffing_reports.reports import StaffingReportKind, StaffingWanted
from acd.statistics.live import LiveStatistics
from acd.statistics.reporter import Reporter
from console.wallboard.board import Board, Views, board_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The parts that are looked at."""

    distributor: Distributor
    statistics: LiveStatistics
    plans: PlanDesk
    adjustments: AdjustmentDesk
    reports: Reporter[StaffingWanted]

    def look(self) -> Board:
        """The board now."""
        return board_of(
            Views(
                at=self.statistics.now(),
                queues=self.distributor.queues(),
                agents=self.distributor.agents(),
                interval=self.statistics.interval(),
                clock=self.statistics.read(),
                plans=self.plans.view(),
            )
        )

    async def curve(self) -> bytes:
        """Today's curve in JSON; `ReportError`, `DatabaseError`."""
        today = self.statistics.today()
        wanted = StaffingWanted(
            kind=StaffingReportKind.CURVE,
            first=today,
            last=today,
            zone=self.statistics.zone,
            now=self.statistics.now(),
            rules=NextDayRules.of(self.adjustments.rules, self.adjustments.calendar),
        )
        return await self.reports.make(wanted)
