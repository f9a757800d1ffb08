"""A debt of the ledger: a citizen whom we owe a call-back, and what may become of it.

Pure: each function takes a debt and returns what it is afterwards. Nothing is lost: an
open debt is due at a named time, and ends in exactly one of the closed states.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from acd.ledger.hours import ANY_TIME, BY_DAY, Hours
from acd.queue_rules import Levels


class DebtState(StrEnum):
    """How a debt stands.

    `OWED`: he could not get through. `PROMISED`: we told him that we call. `REFUSED`:
    he wants no call-back. `CANCELLED`: he called again and was served, or a person
    cancelled it. `WITHHELD` numbers cannot be called back, but their calls are counted.
    """

    OWED = "owed"
    PROMISED = "promised"
    DIALLING = "dialling"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHHELD = "withheld"


class DebtKind(StrEnum):
    """What we owe: a call to one we missed, to one whose place we keep, or a survey."""

    MISSED = "missed"
    PROMISE = "promise"
    SURVEY = "survey"


class AttemptOutcome(StrEnum):
    """How one attempt ended.

    `NO_LINE`: no trunk could carry it. `NO_PLACE`: its queue closed or was too full.
    `CALLED_AGAIN`: the citizen came by himself and took his place back. `ON_THE_LINE`:
    he was calling us just then, so that he was not rung.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    HUNG_UP = "hung_up"
    NO_LINE = "no_line"
    AGENT_LEFT = "agent_left"
    NO_PLACE = "no_place"
    CANCELLED = "cancelled"
    CALLED_AGAIN = "called_again"
    ON_THE_LINE = "on_the_line"
    SERVICE_KILLED = "service_killed"


_ENDS = frozenset(
    {
        DebtState.DONE,
        DebtState.CANCELLED,
        DebtState.EXPIRED,
        DebtState.REFUSED,
    }
)
ALL_KINDS = tuple(DebtKind)
OPEN = frozenset({DebtState.OWED, DebtState.PROMISED, DebtState.DIALLING})
ALLOWED: dict[DebtState, frozenset[DebtState]] = {
    DebtState.OWED: _ENDS | {DebtState.PROMISED, DebtState.DIALLING},
    DebtState.PROMISED: _ENDS | {DebtState.DIALLING},
    DebtState.DIALLING: _ENDS | {DebtState.OWED, DebtState.PROMISED},
    DebtState.EXPIRED: frozenset({DebtState.OWED, DebtState.PROMISED}),
    DebtState.DONE: frozenset(),
    DebtState.CANCELLED: frozenset(),
    DebtState.REFUSED: frozenset(),
    DebtState.WITHHELD: frozenset(),
}
NOT_HIS_DOING = frozenset(
    {
        AttemptOutcome.NO_LINE,
        AttemptOutcome.AGENT_LEFT,
        AttemptOutcome.NO_PLACE,
        AttemptOutcome.ON_THE_LINE,
        AttemptOutcome.SERVICE_KILLED,
    }
)
"""Outcomes that cost the citizen none of his tries: his telephone may never have rung."""


_CLOSES = {
    AttemptOutcome.ANSWERED: DebtState.DONE,
    AttemptOutcome.REFUSED: DebtState.REFUSED,
    AttemptOutcome.CALLED_AGAIN: DebtState.CANCELLED,
}


class DebtError(Exception):
    """A debt cannot be treated so; `error_id` is stable, the text is for people."""

    error_id = "call_back_error"


class DebtUnknown(DebtError):
    """There is no debt with this id."""

    error_id = "call_back_unknown"


class DebtMoveRefused(DebtError):
    """The table allows no such move."""

    error_id = "call_back_not_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRules:
    """How often and when it is tried. `survey_tries` is for surveys alone."""

    tries: int = 3
    survey_tries: int = 1
    retry_minutes: float = 10
    expire_hours: float = 24
    hours: Hours = BY_DAY
    promised_hours: Hours = ANY_TIME

    def tries_of(self, kind: DebtKind) -> int:
        """How often a citizen is rung at most."""
        return self.survey_tries if kind is DebtKind.SURVEY else self.tries

    def hours_of(self, kind: DebtKind) -> Hours:
        """When he may be rung: whom we promised a call wished for it himself."""
        return self.promised_hours if kind is DebtKind.PROMISE else self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What we owe one citizen. `id` is that of the call that made the debt.

    `call_id` is the last call that it stands for, `called` the number dialled then.
    `since` is his place in the queue, `skills` what he asked of an agent. `attempts` counts all, `tries` those that count
    against him. `due_at` is None once it is closed. A `confidential` caller asked for it
    in a call that the debt has to do with: his number is shown masked.
    """

    id: str
    call_id: str
    kind: DebtKind
    state: DebtState
    number: str = field(repr=False)
    called: str
    queue: str
    language: str
    since: datetime
    entered_at: datetime
    changed_at: datetime
    due_at: datetime | None
    priority: int = 0
    skills: Levels = ()
    attempts: int = 0
    tries: int = 0
    reason: str = ""
    confidential: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.state in OPEN

    @property
    def waiting_state(self) -> DebtState:
        """What it is between two attempts."""
        promised = self.kind is DebtKind.PROMISE
        return DebtState.PROMISED if promised else DebtState.OWED


def owed_since(
    at: datetime, *, call_id: str, number: str, called: str, queue: str
) -> Debt:
    """What we owe for a call that was missed at a moment; due at once."""
    return Debt(
        id=call_id,
        call_id=call_id,
        kind=DebtKind.MISSED,
        state=DebtState.OWED,
        number=number,
        called=called,
        queue=queue,
        language="",
        since=at,
        entered_at=at,
        changed_at=at,
        due_at=at,
    )


def moved(
    debt: Debt,
    new: DebtState,
    now: datetime,
    *,
    reason: str = "",
    due_at: datetime | None = None,
) -> Debt:
    """The debt in another state; `DebtMoveRefused` when the table does not allow it."""
    if new not in ALLOWED[debt.state]:
        raise DebtMoveRefused(
            f"call-back {debt.id} is {debt.state} and cannot become {new}"
        )
    return replace(debt, state=new, reason=reason, due_at=due_at, changed_at=now)


def joined(promise: Debt, known: Debt) -> Debt:
    """What is owed to the number already becomes the promise, at the better place.

    An attempt that is under way goes on, and is followed by others as for any promise.
    """
    both = replace(
        promise,
        id=known.id,
        attempts=known.attempts,
        since=min(promise.since, known.since),
    )
    if known.state is not DebtState.DIALLING:
        return both
    return replace(both, state=known.state, due_at=known.due_at)


def leased(debt: Debt, now: datetime) -> Debt:
    """The debt while one attempt runs, which is counted before anything is dialled."""
    dialling = moved(debt, DebtState.DIALLING, now, due_at=now)
    return replace(dialling, attempts=debt.attempts + 1)


def tried(debt: Debt, outcome: AttemptOutcome, now: datetime, rules: DebtRules) -> Debt:
    """The debt after an attempt: done, to be tried again, or expired."""
    if end := _CLOSES.get(outcome):
        return moved(debt, end, now, reason=outcome)
    debt = replace(debt, tries=debt.tries + (outcome not in NOT_HIS_DOING))
    if debt.tries >= rules.tries_of(debt.kind):
        return moved(debt, DebtState.EXPIRED, now, reason="tries_used")
    due = now + timedelta(minutes=rules.retry_minutes)
    due = rules.hours_of(debt.kind).next_open(due)
    return moved(debt, debt.waiting_state, now, reason=outcome, due_at=due)


def not_dialled(
    debt: Debt, outcome: AttemptOutcome, now: datetime, rules: DebtRules
) -> Debt:
    """The debt after a call-back that ended before anything was dialled.

    Who was on the line himself is due as soon as he is not.
    """
    if end := _CLOSES.get(outcome):
        return moved(debt, end, now, reason=outcome)
    here = outcome is AttemptOutcome.ON_THE_LINE
    rest = timedelta(minutes=0 if here else rules.retry_minutes)
    due = rules.hours_of(debt.kind).next_open(now + rest)
    return replace(debt, due_at=due, reason=outcome, changed_at=now)


def is_anothers(known: Debt, promise: Debt, here_since: datetime) -> bool:
    """Whether a known promise to the number was made to somebody else.

    It was, when another call got it while the promising one, which came at
    `here_since`, was on the line: the number is a switchboard's.
    """
    while_here = known.entered_at > here_since
    elsewhere = known.call_id != promise.call_id
    return known.kind is DebtKind.PROMISE and elsewhere and while_here


def too_old(debt: Debt, now: datetime, rules: DebtRules) -> bool:
    """Whether it waited so long that a call would no longer be of use."""
    return now - debt.entered_at >= timedelta(hours=rules.expire_hours)


def asked_for_again(debt: Debt, now: datetime) -> Debt:
    """A person wants it tried now: an open one is due, an expired one is owed again.

    `DebtMoveRefused` while he is being dialled, and after any other end.
    """
    if debt.state is DebtState.DIALLING:
        raise DebtMoveRefused(f"call-back {debt.id} is under way already")
    if debt.state in (DebtState.OWED, DebtState.PROMISED):
        return replace(debt, due_at=now, changed_at=now)
    fresh = moved(debt, debt.waiting_state, now, reason="retry", due_at=now)
    return replace(fresh, tries=0, entered_at=now)
