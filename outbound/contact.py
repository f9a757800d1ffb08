"""A contact of a campaign: a closed order whose citizen is asked, and what may become of him.

Pure: each function takes a contact and returns what it is afterwards. Nobody is lost: who
waits is due at a named time, and ends in exactly one of the closed states.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outbound.rules import FollowUpRules, next_day, next_time


class ContactState(StrEnum):
    """How a contact stands.

    `EXHAUSTED`: his tries are used up. `OPTED_OUT`: he wants no follow-up, for good.
    `BARRED`: his number is on the do-not-call list.
    `WITHDRAWN`: his campaign was ended before he was reached.
    """

    WAITING = "waiting"
    DIALLING = "dialling"
    DONE = "done"
    EXHAUSTED = "exhausted"
    OPTED_OUT = "opted_out"
    BARRED = "barred"
    WITHDRAWN = "withdrawn"


class FollowUpOutcome(StrEnum):
    """How one try ended.

    `COMPLETED`: every question that was asked has an answer. `PARTIAL`: some have.
    `PERSON`: instead of answering he asked for a person. `REFUSED`: he would not answer.
    `HUNG_UP` and `SILENT`: somebody, or something, answered and answered nothing.
    `MACHINE`: a voicemail or an assistant answered. `NETWORK_ANNOUNCEMENT`: the network
    said that he cannot be reached.
    `NO_LINE`: nothing was dialled. `CUT_OFF`: the service stopped during the call.
    `TALKED`: an agent spoke with him. `ABANDONED`: he answered, and no agent was there.
    `NO_AGENT`: nothing was dialled, for the agent who was to speak was gone.
    `NOT_ALLOWED`: nor was it here, for no trunk that serves him may show our number.
    """

    COMPLETED = "completed"
    PARTIAL = "partial"
    PERSON = "person"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    HUNG_UP = "hung_up"
    SILENT = "silent"
    MACHINE = "machine"
    NETWORK_ANNOUNCEMENT = "network_announcement"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    NO_LINE = "no_line"
    NOT_ALLOWED = "not_allowed"
    TALKED = "talked"
    ABANDONED = "abandoned"
    NO_AGENT = "no_agent"
    CUT_OFF = "cut_off"
    SERVICE_KILLED = "service_killed"


_ENDS = frozenset(
    {
        ContactState.DONE,
        ContactState.EXHAUSTED,
        ContactState.OPTED_OUT,
        ContactState.BARRED,
        ContactState.WITHDRAWN,
    }
)
OPEN = frozenset({ContactState.WAITING, ContactState.DIALLING})
ALLOWED: dict[ContactState, frozenset[ContactState]] = {
    ContactState.WAITING: frozenset(
        {
            ContactState.DIALLING,
            ContactState.EXHAUSTED,
            ContactState.BARRED,
            ContactState.WITHDRAWN,
        }
    ),
    ContactState.DIALLING: _ENDS | {ContactState.WAITING},
    **{end: frozenset() for end in _ENDS},
}
NO_TRY = frozenset(
    {
        FollowUpOutcome.NO_LINE,
        FollowUpOutcome.NO_AGENT,
        FollowUpOutcome.NOT_ALLOWED,
    }
)
"""Outcomes after which no telephone can have rung: they cost no try."""
ANOTHER_DAY = frozenset(
    {
        FollowUpOutcome.REJECTED,
        FollowUpOutcome.UNREACHABLE,
        FollowUpOutcome.NETWORK_ANNOUNCEMENT,
        FollowUpOutcome.ABANDONED,
        FollowUpOutcome.NOT_ALLOWED,
    }
)
"""After these the same day would bring nothing better."""

_CLOSES = {
    FollowUpOutcome.COMPLETED: ContactState.DONE,
    FollowUpOutcome.PARTIAL: ContactState.DONE,
    FollowUpOutcome.PERSON: ContactState.DONE,
    FollowUpOutcome.REFUSED: ContactState.DONE,
    FollowUpOutcome.HUNG_UP: ContactState.DONE,
    FollowUpOutcome.TALKED: ContactState.DONE,
    FollowUpOutcome.OPTED_OUT: ContactState.OPTED_OUT,
}


CAMPAIGN_ENDED = "campaign_ended"
"""Why a contact is closed who was withdrawn."""


class ContactMoveRefused(Exception):
    """The table allows no such move."""

    error_id = "contact_move_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A closed order as it is imported; `number` is E.164, `closed_at` aware UTC."""

    order_id: str
    number: str = field(repr=False)
    language: str
    closed_at: datetime
    unit: str
    confidential: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(NewContact):
    """A contact of a campaign. `due_at` is None once he is closed; `tries` that count."""

    id: str
    campaign: str
    state: ContactState
    entered_at: datetime
    changed_at: datetime
    due_at: datetime | None
    tries: int = 0
    reason: str = ""


def moved(
    contact: Contact,
    new: ContactState,
    now: datetime,
    *,
    reason: str = "",
    due_at: datetime | None = None,
) -> Contact:
    """The contact in another state; `ContactMoveRefused` when the table forbids it."""
    if new not in ALLOWED[contact.state]:
        raise ContactMoveRefused(
            f"contact {contact.id} is {contact.state} and cannot become {new}"
        )
    return replace(contact, state=new, reason=reason, due_at=due_at, changed_at=now)


def leased(contact: Contact, now: datetime) -> Contact:
    """The contact while one try runs, which is counted before anything is dialled."""
    dialling = moved(contact, ContactState.DIALLING, now, due_at=now)
    return replace(dialling, tries=contact.tries + 1)


def withdrawn(contact: Contact, now: datetime) -> Contact:
    """A waiting contact whose campaign was ended for good."""
    return moved(contact, ContactState.WITHDRAWN, now, reason=CAMPAIGN_ENDED)


def not_now(
    contact: Contact,
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> Contact:
    """A waiting contact who may not be called now: due when he may be, or exhausted."""
    due = next_time(now, tries, number_calls, rules)
    if due is None:
        return moved(contact, ContactState.EXHAUSTED, now, reason="tries_used")
    return replace(contact, due_at=due, changed_at=now)


def tried(
    contact: Contact,
    outcome: FollowUpOutcome,
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> Contact:
    """The contact after a try: closed, due again, or exhausted.

    `tries` and `number_calls` are those that count, this one among them if it does.
    """
    if outcome in NO_TRY:
        contact = replace(contact, tries=contact.tries - 1)
    if end := _CLOSES.get(outcome):
        return moved(contact, end, now, reason=outcome)
    due = next_time(_not_before(outcome, now, rules), tries, number_calls, rules)
    if due is None:
        return moved(contact, ContactState.EXHAUSTED, now, reason=outcome)
    return moved(contact, ContactState.WAITING, now, reason=outcome, due_at=due)


def _not_before(
    outcome: FollowUpOutcome, now: datetime, rules: FollowUpRules
) -> datetime:
    if outcome in (FollowUpOutcome.NO_LINE, FollowUpOutcome.NO_AGENT):
        return now + timedelta(minutes=rules.no_line_minutes)
    return next_day(now, rules) if outcome in ANOTHER_DAY else now
