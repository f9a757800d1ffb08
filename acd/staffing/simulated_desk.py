"""The call-back desk of a simulated day: it keeps promises and pays debts in virtual time.

The ledger is `acd.ledger.in_memory`, the rules are those of `[call_backs]`; what
`acd/call_backs/desk.py` does on a clock and a bus happens here on the floor's agenda.
"""

import heapq
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from acd import messages as m
from acd.call import MISSED
from acd.call_backs.desk import AT_ONCE, BEHIND_ALL, SETTLE_SECONDS
from acd.call_backs.owing import debt_of
from acd.call_backs.wish import Wish
from acd.events import CallMissed
from acd.ledger.debt import AttemptOutcome, Debt, DebtKind, DebtState
from acd.ledger.in_memory import DebtsInMemory
from acd.staffing.called_back import CalledBack, SurveyedBack
from acd.staffing.chance import Chance, Fate
from acd.staffing.plan import Plan
from acd.staffing.story import JOINED, Asked, CallStory
from acd.staffing.virtual_floor import VirtualFloor

_SURVEYS = {DebtState.DONE: Asked.LATER, DebtState.EXPIRED: Asked.NEVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Whom a debt is owed to: his story, and how he will behave when he is called."""

    story: CallStory
    fate: Fate


class SimulatedDesk:
    """Promises, debts and surveys of a day, and the attempts to pay them."""

    def __init__(self, plan: Plan, floor: VirtualFloor, chance: Chance) -> None:
        self.floor, self.chance, self.rules = floor, chance, plan.call_backs
        self.can_call = plan.can_call
        self._limited = {
            rules.name for rules in plan.queues if rules.admission.promises_per_agent
        }
        self._kept = DebtsInMemory()
        self._owed: dict[str, Owed] = {}
        self._paying: dict[str, CalledBack | SurveyedBack] = {}
        self._due: dict[DebtKind, list[tuple[datetime, str]]] = {
            kind: [] for kind in DebtKind
        }
        self._here: Counter[str] = Counter()
        self._older: dict[str, datetime] = {}
        self._made = 0
        self._looks = False

    # What citizens leave here

    def promise(self, wish: Wish, story: CallStory, fate: Fate) -> Debt | None:
        """Note the wish; None when nobody can be called."""
        if not self.can_call:
            return None
        since = min(wish.since, self._older.get(wish.call_id, wish.since))
        place = replace(wish, since=since)
        here_since = wish.here_since or wish.since
        wanted = debt_of(place, DebtKind.PROMISE, self._new_id(), self.floor.now)
        debt = self._kept.promise(wanted, here_since)
        if before := self._owed.get(debt.id):
            before.story.call_back = JOINED
        self._enter(debt, story, fate)
        return debt

    def begin(self, debt: Debt) -> None:
        """The citizen has given up his place in person: the call-back takes it."""
        self._tell_engine({debt.queue}, frozenset({debt.call_id}))
        self._take_up(debt)

    def owe_survey(self, wish: Wish, story: CallStory, fate: Fate) -> None:
        """He hung up before he could rate his call: ask him by call-back."""
        debt = debt_of(wish, DebtKind.SURVEY, self._new_id(), self.floor.now)
        self._enter(self._kept.owe(debt), story, fate)
        self.look()

    # What the desk hears

    def arrived(self, number: str) -> None:
        """A citizen is on the line: nobody calls him meanwhile."""
        if number:
            self._here[number] += 1

    def spoke(self, number: str, here_since: datetime) -> None:
        """A call of the number, which came then, has reached a person."""
        if not number:
            return
        self._kept.reached_a_person(number, here_since)
        for debt in self._kept.served(number, here_since, self.floor.now):
            self._note(debt)
            if attempt := self._paying.get(debt.id):
                attempt.give_up()

    def place_taken_back(self, call_id: str, since: datetime) -> None:
        """The call has a place that is older than itself."""
        self._older[call_id] = since

    def ended(self, missed: CallMissed, story: CallStory, fate: Fate) -> None:
        """A citizen's call is over; who was not served may be owed a call."""
        self._older.pop(missed.call_id, None)
        number = missed.caller
        if not number:
            return
        self._here[number] -= 1
        is_known = self.rules.automatic or self._kept.open_of(number)
        if not (self.can_call and is_known):
            return
        if missed.stage in MISSED:
            debt = self._kept.missed(missed, self.floor.now)
            if debt.id not in self._owed:
                self._enter(debt, story, fate)
        self.look()

    def agent_is_ready(self) -> None:
        """There may be room for those whom we call by ourselves."""
        if self._due[DebtKind.MISSED]:
            self.look()

    def look(self) -> None:
        """Look soon what is due; what comes meanwhile joins in."""
        if not self._looks:
            self._looks = True
            self.floor.after(SETTLE_SECONDS, self._round)

    # What attempts ask

    def is_here(self, number: str) -> bool:
        """Whether he is calling himself just now."""
        return self._here[number] > 0

    def lease(self, debt: Debt) -> bool:
        """Take the debt before he is rung; false: he needs no call any more."""
        leased = self._kept.lease(debt.id, self.floor.now)
        if leased is None:
            self._note(self._kept.find(debt.id))
            return False
        self._note(leased)
        if debt.kind is not DebtKind.SURVEY:
            self.story_of(debt).call_back_tries += 1
        return True

    def tried(self, debt: Debt, outcome: AttemptOutcome) -> None:
        """The attempt is over: done, to be made again, or the last."""
        del self._paying[debt.id]
        if outcome is AttemptOutcome.CANCELLED:  # the day is over; it stays owed
            return
        after = self._kept.tried(debt.id, outcome, self.floor.now, self.rules.debts)
        self._note(after)
        if self._due[DebtKind.MISSED] or self._due[DebtKind.SURVEY]:
            self.look()

    def story_of(self, debt: Debt) -> CallStory:
        """The call that the debt stands for."""
        return self._owed[debt.id].story

    # What is due

    def _round(self) -> None:
        self._looks = False
        self._tell_engine(self._limited)
        if self.can_call and not self.floor.is_closed:
            for kind in (DebtKind.PROMISE, DebtKind.MISSED, DebtKind.SURVEY):
                self._pay(kind)

    def _pay(self, kind: DebtKind) -> None:
        """Take up what is due, as far as there is room; the rest keeps its turn."""
        due, now, kept_back = self._due[kind], self.floor.now, []
        while due and due[0][0] <= now and self._has_room_for(kind):
            moment, debt_id = heapq.heappop(due)
            debt = self._kept.find(debt_id)
            if debt.due_at != moment or debt.state is not debt.waiting_state:
                continue
            if self._may_be_called(debt) and self._has_room(debt):
                self._take_up(debt)
            else:
                kept_back.append((moment, debt_id))
        for entry in kept_back:
            heapq.heappush(due, entry)

    def _has_room_for(self, kind: DebtKind) -> bool:
        if kind is DebtKind.PROMISE:
            return len(self._paying) < AT_ONCE
        promised = sum(
            self._kept.find(debt_id).kind is DebtKind.PROMISE
            for debt_id in self._paying
        )
        return len(self._paying) - promised < self.rules.max_open

    def _has_room(self, debt: Debt) -> bool:
        """A missed caller needs an agent whom nobody waits for."""
        return debt.kind is not DebtKind.MISSED or self.floor.room(debt.queue) > 0

    def _may_be_called(self, debt: Debt) -> bool:
        """Nobody is called out of hours, or while he calls; both are looked at again."""
        now, hours = self.floor.now, self.rules.debts.hours_of(debt.kind)
        if not hours.are_open(now):
            self.floor.at(hours.next_open(now), self.look)
            return False
        return not self.is_here(debt.number) and debt.id not in self._paying

    def _take_up(self, debt: Debt) -> None:
        full = len(self._paying) >= AT_ONCE
        if full or self.floor.is_closed or debt.id in self._paying:
            return
        attempt = self._attempt(debt)
        self._paying[debt.id] = attempt
        attempt.begin()

    def _attempt(self, debt: Debt) -> CalledBack | SurveyedBack:
        fate, call_id = self._owed[debt.id].fate, f"back-{self._new_id()}"
        if debt.kind is DebtKind.SURVEY:
            return SurveyedBack(debt=debt, rates=fate.manner.rates, desk=self)
        if debt.kind is DebtKind.MISSED:
            debt = replace(debt, since=self.floor.now, priority=BEHIND_ALL)
        return CalledBack(
            call_id=call_id, debt=debt, fate=fate, desk=self, queue=debt.queue
        )

    # The books

    def _new_id(self) -> str:
        self._made += 1
        return f"{self._made:07}"

    def _enter(self, debt: Debt, story: CallStory, fate: Fate) -> None:
        self._owed[debt.id] = Owed(story=story, fate=fate)
        self._note(debt)
        oldest = timedelta(hours=self.rules.debts.expire_hours)
        self.floor.at(debt.entered_at + oldest, partial(self._expire, debt.id))

    def _expire(self, debt_id: str) -> None:
        """Whose time is over gives up his place, too."""
        debt = self._kept.find(debt_id)
        waits = debt.is_open and debt.state is not DebtState.DIALLING
        if waits and not self.floor.is_closed:
            expired, now = DebtState.EXPIRED, self.floor.now
            self._note(self._kept.close(debt_id, expired, "too_old", now))
            if attempt := self._paying.get(debt_id):
                attempt.give_up()

    def _note(self, debt: Debt) -> None:
        """The debt is this now: the story tells it, and the engine counts it."""
        story = self.story_of(debt)
        if debt.kind is DebtKind.SURVEY:
            story.survey = _SURVEYS.get(debt.state, Asked.OWED)
        else:
            story.call_back = debt.state
        if debt.due_at and debt.state is debt.waiting_state:
            heapq.heappush(self._due[debt.kind], (debt.due_at, debt.id))
            if debt.due_at > self.floor.now:
                self.floor.at(debt.due_at, self.look)
        self._tell_engine(self._limited & {debt.queue})

    def _tell_engine(
        self, queues: set[str], noted: frozenset[str] = frozenset()
    ) -> None:
        """Its rule of admission counts the promises of each queue."""
        if queues:
            promised = self._kept.promised()
            for queue in sorted(queues):
                owed = promised[queue]
                told = m.CallBacksOwed(queue=queue, owed=owed, noted=noted)
                self.floor.send(told)
