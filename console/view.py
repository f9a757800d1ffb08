"""What the console is shown of the service: it looks, and decides nothing itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from acd.adjustments.desk import AdjustmentDesk
from acd.call_control import CallControl
from acd.dispositions import Dispositions
from acd.distributor import Distributor
from acd.flow_versions.desk import FlowDesk
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import Debt
from acd.people.desk import PeopleDesk
from acd.plans.desk import PlanDesk
from acd.rosters.desk import RosterDesk
from acd.rosters.order import Build, BuildOrder
from acd.rule_changes.changes import RuleChanges
from acd.rule_changes.rows import Author
from acd.run_time.settings import RunTimeSettings
from acd.run_time.texts import TextDesk
from acd.staffing_reports.reports import StaffingWanted
from acd.statistics.day_reports import Wanted
from acd.statistics.live import LiveStatistics
from acd.statistics.reporter import Reporter
from acd.talk_rules import TalkRules
from config.agent_settings import PauseReasonSection
from config.database import Database
from config.settings import ApiSection
from console.accounts.desk import AccountDesk
from console.accounts.doorkeeper import Doorkeeper
from console.accounts.enrolment import Enrolling
from console.accounts.entrance import Entrance
from console.accounts.own_password import OwnPassword
from console.audit.trail import AuditTrail
from console.live import LiveEvents
from console.metrics import Metrics
from console.printing.document import Document
from console.wallboard.screens import Screens
from outbound.desk import CampaignDesk
from outbound.follow_ups import FollowUps
from outbound.report.worker import CampaignWanted
from recordings.disk import DiskRoom
from recordings.entry import Recording
from recordings.own_proof import OwnProof
from recordings.store import RecordingStore
from telephony.numbers import NumberPlan
from telephony.trunk_state import TrunkView

Check = Callable[[], str]
"""Tells in words for people why the service is not ready; "" when all is well."""


class Recordings(Protocol):
    """The archive as the console reads it."""

    async def find(self, call_id: str) -> Recording | None:
        """The recording of a call, or None."""

    async def list(self, limit: int, before: datetime | None) -> Sequence[Recording]:
        """The newest recordings, of calls that started before a moment."""

    def file_of(self, recording: Recording) -> Path | None:
        """Where the audio lies; None when there is none."""

    async def prove(self, recording: Recording) -> OwnProof:
        """Whether its file and its place in the chain are those that were stored."""

    @property
    def store(self) -> RecordingStore:
        """Where legal holds are set."""

    async def room(self) -> DiskRoom:
        """The room on the recordings' disk."""


class Legs(Protocol):
    """The endpoint as the console sees it."""

    @property
    def legs_allowed(self) -> int:
        """How many legs may exist at once."""

    @property
    def legs_in_use(self) -> int:
        """How many legs exist now."""


class Writer(Protocol):
    """The record writer as the console sees it."""

    @property
    def pending(self) -> int:
        """Events that are not in the database yet."""

    @property
    def lag_seconds(self) -> float:
        """How long the oldest of them has waited."""

    @property
    def lost(self) -> int:
        """Events that nothing could take since the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How many worker processes run, of how many that should."""

    running: int
    wanted: int


class Recognisers(Protocol):
    """The recognisers of spoken answers as the console sees them."""

    def workers(self) -> Mapping[str, Workers]:
        """Those of each language."""


class Broker(Protocol):
    """The MQTT publisher as the console sees it."""

    @property
    def connected(self) -> bool:
        """Whether the broker takes events now."""

    @property
    def pending(self) -> int:
        """Events that the broker has not taken yet."""

    @property
    def dropped(self) -> int:
        """Events lost since the start because the broker was away for too long."""

    @property
    def refused(self) -> int:
        """Events that the broker did not want since the start."""


class TrunkViews(Protocol):
    """The trunks as the console sees them."""

    def views(self) -> list[TrunkView]:
        """All trunks, in the order of the settings."""


class CallBacks(Protocol):
    """The call-back desk as the console sees it."""

    @property
    def counts(self) -> LedgerCounts:
        """How much is owed, as the desk last counted it."""

    @property
    def under_way(self) -> int:
        """How many call-backs wait in a queue or ring a citizen now."""

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest open debt has been owed; 0 when nothing is."""

    async def place(self, debt_id: str) -> Debt:
        """Pay a debt now."""

    async def retry(self, debt_id: str) -> Debt:
        """Let a debt be due now."""

    async def cancel(self, debt_id: str, *, refused: bool) -> Debt:
        """End a debt."""


class RosterBuilds(Protocol):
    """Who builds weeks, as the console sees him."""

    def order(self, order: BuildOrder, author: Author) -> Build:
        """Begin to build a week."""

    def build(self, build_id: str) -> Build:
        """How far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleView:
    """The parts of the running service that the console shows.

    `checks` decide readiness, by the name of what they look at. `mqtt` is None when no broker is set.
    """

    token: str
    entrance: Entrance
    accounts: AccountDesk
    audit: AuditTrail
    doorkeeper: Doorkeeper
    enrolling: Enrolling
    own_password: OwnPassword
    distributor: Distributor
    database: Database
    recordings: Recordings
    legs: Legs
    writer: Writer
    metrics: Metrics
    statistics: LiveStatistics
    reports: Reporter[Wanted]
    period_reports: Reporter[Wanted]
    staffing_reports: Reporter[StaffingWanted]
    campaign_reports: Reporter[CampaignWanted]
    documents: Reporter[Document]
    call_backs: CallBacks
    follow_ups: FollowUps
    checks: Mapping[str, Check]
    rule_changes: RuleChanges
    flows: FlowDesk
    people: PeopleDesk
    roster: RosterDesk
    adjustments: AdjustmentDesk
    plans: PlanDesk
    roster_builds: RosterBuilds
    trunks: TrunkViews
    recognisers: Recognisers
    control: CallControl
    talk: TalkRules
    dispositions: Dispositions
    numbers: NumberPlan
    run_time: RunTimeSettings
    texts: TextDesk
    live: LiveEvents
    screens: Screens
    api: ApiSection
    mqtt: Broker | None = None
    tls: bool = False
    screen_pop: str = ""

    @property
    def campaigns(self) -> CampaignDesk:
        """The desk of campaigns."""
        return self.follow_ups.campaigns

    @property
    def pause_reasons(self) -> tuple[PauseReasonSection, ...]:
        """Why an agent may pause now; without any, for whatever he says."""
        return self.run_time.pauses.now

    def let_readers_go(self) -> None:
        """End every stream, because the service ends."""
        self.live.close()
        self.screens.close()
