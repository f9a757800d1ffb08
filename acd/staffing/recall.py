"""A recall of off-duty staff: who is to be rung now, who comes, who is late.

Pure and in order of time: it is told what happened and says whom to ring. So many are
rung at once that, by the share that has come before, enough are expected; whoever does
not answer is tried again within minutes and then passed over. Nobody is rung twice at
the same time. Confirmed is who said so, arrived is who logged in.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from math import ceil


class Answer(StrEnum):
    """What came of ringing somebody."""

    COMES = "comes"
    DECLINES = "declines"
    NOT_REACHED = "not_reached"


class Standing(StrEnum):
    """How it stands with somebody. After the last four he is not rung again."""

    WAITING = "waiting"
    RINGING = "ringing"
    TRIED = "tried"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    DECLINED = "declined"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallRules:
    """Tries and times, and the share that came of those rung before.

    `expected_share` is what is reckoned with; the recall learns while it goes on.
    """

    within_seconds: float = 1800.0
    tries: int = 3
    retry_seconds: float = 120.0
    at_once: int = 10
    expected_share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A person in a recall: `due_at` is when he said he would be there."""

    person_id: str
    standing: Standing = Standing.WAITING
    tries: int = 0
    rung_at: datetime | None = None
    due_at: datetime | None = None
    arrived_at: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """He confirmed, and is not there although he said so."""
        confirmed = self.standing is Standing.CONFIRMED
        return confirmed and self.due_at is not None and now > self.due_at


EXPECTED = (Standing.CONFIRMED, Standing.ARRIVED)
LEARNED_FROM = 6.0
"""The expected share counts as much as so many people who were rung."""


class Recall:
    """One recall of `needed` people, begun at a moment, of those in `order`."""

    def __init__(
        self, rules: RecallRules, needed: int, order: Iterable[str], began_at: datetime
    ) -> None:
        if needed < 1:
            raise ValueError("a recall needs one person at least")
        self.rules, self.needed, self.began_at = rules, needed, began_at
        self.called_off_at: datetime | None = None
        self._handed_over = False
        self._people = {who: Recalled(person_id=who) for who in order}

    @classmethod
    def of(
        cls,
        rules: RecallRules,
        needed: int,
        people: Iterable[Recalled],
        began_at: datetime,
    ) -> "Recall":
        """One that was broken off: whoever was being rung was not reached."""
        recall = cls(rules, needed, (), began_at)
        for person in people:
            if person.standing is Standing.RINGING:
                person = replace(person, standing=Standing.TRIED)
            recall._people[person.person_id] = person
        return recall

    @property
    def people(self) -> tuple[Recalled, ...]:
        """All of them, in the order in which they are rung first."""
        return tuple(self._people.values())

    @property
    def ends_at(self) -> datetime:
        """Until then they are to be there."""
        return self.began_at + timedelta(seconds=self.rules.within_seconds)

    def count(self, *standings: Standing) -> int:
        """How many stand so."""
        return sum(person.standing in standings for person in self._people.values())

    @property
    def missing(self) -> int:
        """How many more are to confirm."""
        return max(self.needed - self.count(*EXPECTED), 0)

    @property
    def share(self) -> float:
        """The share of those rung who come, learned so far from `expected_share` on."""
        comes = self.count(*EXPECTED)
        settled = comes + self.count(Standing.DECLINED, Standing.PASSED_OVER)
        prior = LEARNED_FROM * self.rules.expected_share
        return max((prior + comes) / (LEARNED_FROM + settled), 0.05)

    def takes_more(self, now: datetime) -> bool:
        """It rings people, or would if more were needed: more can be asked of it."""
        return not (self._handed_over or self.called_off_at or now >= self.ends_at)

    def enlarge(self, needed: int, more: Iterable[str]) -> None:
        """The greater number is needed; whom of `more` it had not is rung last."""
        self.needed = max(self.needed, needed)
        self._people |= {one.person_id: one for one in self.newcomers(more)}

    def newcomers(self, more: Iterable[str]) -> tuple[Recalled, ...]:
        """Those of them who are no part of it yet."""
        new = (who for who in more if who not in self._people)
        return tuple(Recalled(person_id=who) for who in new)

    def hand_over(self, to: "Recall") -> None:
        """It is over for another one, in which whose telephone still rings goes on
        ringing; nobody else is awaited."""
        self._handed_over = True
        for who, person in self._people.items():
            if person.standing is Standing.RINGING:
                self._people[who] = replace(person, standing=Standing.TRIED)
                if who in to._people:
                    to._people[who] = replace(person, tries=1)

    def to_ring(self, now: datetime, busy: Collection[str] = ()) -> tuple[str, ...]:
        """Whom to ring now, the `busy` later; they count as ringing from here on."""
        if not self.takes_more(now):
            return ()
        ringing = self.count(Standing.RINGING)
        wanted = min(ceil(self.missing / self.share), self.rules.at_once) - ringing
        due = (who for who in self._due(now) if who not in busy)
        chosen = tuple(islice(due, max(wanted, 0)))
        for who in chosen:
            person = self._people[who]
            self._people[who] = replace(
                person, standing=Standing.RINGING, tries=person.tries + 1, rung_at=now
            )
        return chosen

    def next_at(self) -> datetime | None:
        """When somebody is to be tried again; None: nobody waits for that."""
        tried = [p for p in self._people.values() if p.standing is Standing.TRIED]
        return min(map(self._again_at, tried), default=None)

    def answered(
        self, who: str, answer: Answer, now: datetime, minutes: float | None = None
    ) -> None:
        """The one who rang; `minutes` until he is there, None: in time.

        Who confirms on a call that was under way when enough had confirmed comes as well.
        """
        person = self._people[who]
        if person.standing is not Standing.RINGING:
            return
        within = (self.ends_at - now).total_seconds()
        seconds = within if minutes is None else minutes * 60
        match answer:
            case Answer.COMES:
                due = now + timedelta(seconds=max(seconds, 0.0))
                person = replace(person, standing=Standing.CONFIRMED, due_at=due)
            case Answer.DECLINES:
                person = replace(person, standing=Standing.DECLINED)
            case Answer.NOT_REACHED:
                over = person.tries >= self.rules.tries
                standing = Standing.PASSED_OVER if over else Standing.TRIED
                person = replace(person, standing=standing)
        self._people[who] = person

    def arrived(self, who: str, now: datetime) -> bool:
        """He logged in; False: he is not part of it, or was there before.

        Who was never reached but comes all the same has arrived too.
        """
        person = self._people.get(who)
        if person is None or person.standing is Standing.ARRIVED:
            return False
        self._people[who] = replace(person, standing=Standing.ARRIVED, arrived_at=now)
        return True

    def call_off(self, now: datetime) -> tuple[str, ...]:
        """The surge is over: who is to be told not to come."""
        self.called_off_at = self.called_off_at or now
        return tuple(
            person.person_id
            for person in self._people.values()
            if person.standing is Standing.CONFIRMED
        )

    def unanswered(self) -> tuple[str, ...]:
        """Who was rung, and perhaps written to, and has said neither yes nor no."""
        rung = Standing.RINGING, Standing.TRIED, Standing.PASSED_OVER
        return tuple(p.person_id for p in self._people.values() if p.standing in rung)

    def late(self, now: datetime) -> tuple[str, ...]:
        """Who said he would be there by now, and is not."""
        return tuple(p.person_id for p in self._people.values() if p.is_late(now))

    def is_over(self, now: datetime) -> bool:
        """Nobody is rung any more, and nobody is awaited.

        Who is late is awaited for as long again as everybody had.
        """
        if self._handed_over:
            return True
        if self.count(Standing.RINGING):
            return False
        if self.called_off_at:
            return True
        settled = self.missing == 0 or not self.count(Standing.WAITING, Standing.TRIED)
        given_up = now >= self.ends_at + timedelta(seconds=self.rules.within_seconds)
        awaited = self.count(Standing.CONFIRMED) and not given_up
        return not awaited and (settled or now >= self.ends_at)

    def _due(self, now: datetime) -> tuple[str, ...]:
        """Who was not rung yet comes before who is tried again."""
        new = [p for p in self._people.values() if p.standing is Standing.WAITING]
        again = [
            person
            for person in self._people.values()
            if person.standing is Standing.TRIED and self._again_at(person) <= now
        ]
        again.sort(key=lambda person: (person.tries, person.rung_at or now))
        return tuple(person.person_id for person in [*new, *again])

    def _again_at(self, person: Recalled) -> datetime:
        assert person.rung_at is not None
        return person.rung_at + timedelta(seconds=self.rules.retry_seconds)
