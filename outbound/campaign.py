"""A campaign (回访任务): the contacts that are asked by one flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outbound.contact import ContactState
from outbound.mode import CampaignMode
from outbound.own_rules import OwnRules

NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class CampaignState(StrEnum):
    """A paused campaign calls nobody; one that runs goes on after every restart.

    `ENDED`: for good; whoever waited in it is withdrawn, and nobody is taken in.
    """

    PAUSED = "paused"
    RUNNING = "running"
    ENDED = "ended"


class CampaignError(Exception):
    """A campaign cannot be treated so; `error_id` is stable, the text is for people."""

    error_id = "campaign_error"


class CampaignUnknown(CampaignError):
    """There is no campaign of this name."""

    error_id = "campaign_unknown"


class CampaignNameRefused(CampaignError):
    """The name cannot be one of a campaign."""

    error_id = "campaign_name_refused"


class CampaignExists(CampaignError):
    """There is a campaign of this name already."""

    error_id = "campaign_exists"


class CampaignEnded(CampaignError):
    """The campaign was ended for good, and nothing of it can be changed."""

    error_id = "campaign_ended"


class EndRefused(CampaignError):
    """Nobody says why it shall end."""

    error_id = "campaign_end_refused"


class ModeRefused(CampaignError):
    """No campaign can be dialled so; the text says what to mend."""

    error_id = "campaign_mode_refused"


class RulesRefused(CampaignError):
    """No campaign can have these rules of its own; the text says what to mend."""

    error_id = "campaign_rules_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Who ended a campaign for good, when and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign with the number of its contacts in each state.

    `own` is what it has in place of the rules of all campaigns. `ending` is None while
    it may still be started.
    """

    name: str
    state: CampaignState
    mode: CampaignMode
    own: OwnRules
    created_at: datetime
    changed_at: datetime
    contacts: Mapping[ContactState, int]
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a list of contacts: new ones, and those who were there before."""

    new: int
    known: int
