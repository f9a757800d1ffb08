"""What the report of a campaign tells, counted in one pass over its contacts: pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from outbound.archive import Attempt, ContactRecord, asked_of
from outbound.contact import NO_TRY, FollowUpOutcome
from outbound.results import REACHED, By, Counting, Result, asks_for_redo
from outbound.spoken_words import masked_words

MOST_REASONS = 200
LEVELS = (
    "very_satisfied",
    "satisfied",
    "neutral",
    "dissatisfied",
    "very_dissatisfied",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A citizen who is not satisfied, or whose order is not solved, in his words."""

    order_id: str
    unit: str
    answers: Mapping[str, str]
    words: str
    reviewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The report of a campaign. `hours` are those of the city's day."""

    campaign: str
    made_at: datetime
    total: Result | None
    by_unit: tuple[Result, ...]
    by_day: tuple[Result, ...]
    outcomes: Mapping[FollowUpOutcome, int]
    levels: Mapping[str, int]
    hours: Mapping[int, int]
    hours_reached: Mapping[int, int]
    reasons: tuple[Reason, ...]
    reasons_in_all: int


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Counts contacts; `figures` tells what came of it."""

    campaign: str
    zone: ZoneInfo
    _by: dict[By, Counting] = field(init=False)
    _outcomes: Counter[FollowUpOutcome] = field(default_factory=Counter)
    _levels: Counter[str] = field(default_factory=Counter)
    _hours: Counter[int] = field(default_factory=Counter)
    _reached: Counter[int] = field(default_factory=Counter)
    _reasons: list[Reason] = field(default_factory=list)
    _reasons_in_all: int = 0

    def __post_init__(self) -> None:
        kinds = (By.TOTAL, By.UNIT, By.DAY)
        self._by = {by: Counting(by=by, zone=self.zone) for by in kinds}

    def add(self, record: ContactRecord) -> None:
        """One contact more."""
        asked = asked_of(record)
        for counting in self._by.values():
            counting.add(asked)
        for attempt in record.attempts:
            self._add_try(attempt)
        if asked.outcomes & REACHED or asked.confirmed:
            self._add_answers(record, asked.answers)

    def _add_try(self, attempt: Attempt) -> None:
        if attempt.outcome is None:
            return
        self._outcomes[attempt.outcome] += 1
        if attempt.outcome not in NO_TRY:
            hour = attempt.at.astimezone(self.zone).hour
            self._hours[hour] += 1
            self._reached[hour] += attempt.outcome in REACHED

    def _add_answers(self, record: ContactRecord, answers: Mapping[str, str]) -> None:
        level = answers.get("satisfied", "")
        self._levels[level] += level in LEVELS
        if asks_for_redo(answers):
            self._reasons_in_all += 1
            if len(self._reasons) < MOST_REASONS:
                self._reasons.append(_reason(record, answers))

    def figures(self, made_at: datetime) -> Figures:
        """Everything that was counted so far."""
        total = self._by[By.TOTAL].results()
        return Figures(
            campaign=self.campaign,
            made_at=made_at.astimezone(self.zone),
            total=total[0] if total else None,
            by_unit=tuple(self._by[By.UNIT].results()),
            by_day=tuple(self._by[By.DAY].results()),
            outcomes=dict(self._outcomes.most_common()),
            levels={level: self._levels[level] for level in LEVELS},
            hours=dict(self._hours),
            hours_reached=dict(self._reached),
            reasons=tuple(self._reasons),
            reasons_in_all=self._reasons_in_all,
        )


def _reason(record: ContactRecord, answers: Mapping[str, str]) -> Reason:
    in_words = {each.question for each in record.answers if each.transcription}
    return Reason(
        order_id=record.contact.order_id,
        unit=record.contact.unit,
        answers={
            asked: said for asked, said in answers.items() if asked not in in_words
        },
        words=_words(record),
        reviewed=bool(record.reviews),
    )


def _words(record: ContactRecord) -> str:
    """What he said in words of his own; else, how he answered the questions."""
    own = [each.transcript for each in record.answers if each.transcription]
    said = own if any(own) else [each.transcript for each in record.answers]
    return " / ".join(masked_words(words) for words in said if words)
