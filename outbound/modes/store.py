"""How campaigns are dialled, in the database, and what a window has brought so far."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from config.database import Database
from outbound.campaign import CampaignState
from outbound.contact import ContactState, FollowUpOutcome
from outbound.endings.store import change_campaign
from outbound.mode import CampaignMode
from outbound.own_rules import OwnRules
from outbound.tables.store import (
    attempts,
    campaigns,
    contacts,
    mode_of,
    own_of,
    own_values,
)

SKIPPED = "skipped"
"""Why a contact is due later whom an agent did not want to call now."""
NOT_ANSWERED = frozenset(
    {
        FollowUpOutcome.BUSY,
        FollowUpOutcome.NO_ANSWER,
        FollowUpOutcome.REJECTED,
        FollowUpOutcome.UNREACHABLE,
        FollowUpOutcome.NO_LINE,
        FollowUpOutcome.NO_AGENT,
        FollowUpOutcome.NOT_ALLOWED,
        FollowUpOutcome.SERVICE_KILLED,
        FollowUpOutcome.CUT_OFF,
    }
)
"""Outcomes of tries that nobody answered, or of which nobody knows whether one did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCounts:
    """The tries of a campaign that are over; `abandoned` are among the `answered`."""

    tries: int
    answered: int
    abandoned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A campaign that runs: how it is dialled, and what it has of its own."""

    mode: CampaignMode
    own: OwnRules


class ModeStore:
    """Modes, and counts of a window; `DatabaseError` when they cannot be had."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(self, campaign: str, mode: CampaignMode, now: datetime) -> None:
        """Dial a campaign so from now on; `CampaignUnknown`, `CampaignEnded`."""
        values = asdict(mode) | {"mode": mode.mode.value, "changed_at": now}
        await change_campaign(self._database, campaign, **values)

    async def change_own(self, campaign: str, own: OwnRules, now: datetime) -> None:
        """Call by these from now on; `CampaignUnknown`, `CampaignEnded`."""
        values = own_values(own) | {"changed_at": now}
        await change_campaign(self._database, campaign, **values)

    async def running(self) -> Mapping[str, Running]:
        """The campaigns that run, the oldest first."""
        query = select(campaigns).where(
            campaigns.c.state == CampaignState.RUNNING.value
        )
        query = query.order_by(campaigns.c.created_at, campaigns.c.name)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {
                row.name: Running(mode=mode_of(row), own=own_of(row)) for row in rows
            }

    async def counts(self, campaign: str, since: datetime) -> WindowCounts:
        """What came of the tries that began since a moment and are over."""
        query = select(attempts.c.outcome, func.count()).join(
            contacts, contacts.c.id == attempts.c.contact_id
        )
        query = query.where(
            contacts.c.campaign == campaign,
            attempts.c.at >= since,
            attempts.c.outcome.is_not(None),
        )
        async with self._database.read() as connection:
            found = await connection.execute(query.group_by(attempts.c.outcome))
            by_outcome = {FollowUpOutcome(name): count for name, count in found}
        answered = (n for it, n in by_outcome.items() if it not in NOT_ANSWERED)
        return WindowCounts(
            tries=sum(by_outcome.values()),
            answered=sum(answered),
            abandoned=by_outcome.get(FollowUpOutcome.ABANDONED, 0),
        )

    async def put_off(self, contact_id: str, until: datetime, now: datetime) -> None:
        """A contact who waits is due later; nothing when he waits no more."""
        change = update(contacts).where(
            contacts.c.id == contact_id,
            contacts.c.state == ContactState.WAITING.value,
        )
        values = {"due_at": until, "changed_at": now, "reason": SKIPPED}
        async with self._database.begin() as connection:
            await connection.execute(change.values(values))
