"""Citizens ask for a person, find a place in the line or not, and leave."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from acd import messages as m
from acd.admission import admission
from acd.asking import Ask
from acd.decisions import Decisions
from acd.events import CallDeclined, PlaceTakenBack
from acd.floor import Floor
from acd.line import WaitingCall, rank_of
from acd.offering import Offering
from acd.places import Places
from acd.queue import heir_of
from acd.redials import KeptPlace, Redials
from acd.routing_words import RoutingRule
from acd.talks import Talks
from acd.ways_out import WaysOut


class Citizens:
    """The waiting calls of a floor."""

    def __init__(
        self,
        floor: Floor,
        offering: Offering,
        talks: Talks,
        places: Places,
        ways_out: WaysOut,
        decisions: Decisions,
    ) -> None:
        self._floor, self._offering, self._talks = floor, offering, talks
        self._places, self._ways_out = places, ways_out
        self._decisions = decisions
        self._redials = Redials()
        self._entered = 0

    def enters(self, wish: m.CallerEnters, now: datetime) -> None:
        """Give him his place; nothing when he has one or talks.

        `UnknownQueue` and `UnknownAgent` refuse.
        """
        floor, wish = self._floor, self._to_heir(wish)
        floor.queue(wish.queue)
        if wish.only_agent:
            floor.agent(wish.only_agent)
        if wish.call_id in floor.waiting or wish.call_id in floor.talks:
            return
        floor.promises.withdraw(wish.call_id)
        place = self._place_taken_back(wish, now)
        since = place.since if place else wish.since or now
        call = self._waiting_call(wish, min(since, now), now)
        self._places.put(call, wish.queue, now)
        if place:
            call.has_old_place = True
            self._tell_place(call, place, now)
        self._ways_out.at_entry(call, now)
        if call.call_id in floor.waiting:
            self._admit(call, now)

    def _to_heir(self, wish: m.CallerEnters) -> m.CallerEnters:
        """Who comes to a queue that was just removed waits in the one that took its place."""
        queue = heir_of(self._floor.queues, wish.queue)
        if queue == wish.queue:
            return wish
        self._floor.tell(
            m.ChangeQueue(call_id=wish.call_id, queue=queue, skills=wish.skills)
        )
        return replace(wish, queue=queue)

    def leaves(self, message: m.CallerLeaves, now: datetime) -> None:
        """The citizen is gone: out of the line, no phone rings for him any more."""
        floor, call_id = self._floor, message.call_id
        floor.returning.pop(call_id, None)
        self._note_promise(message)
        if message.keeps_place:
            self._keep_for_caller(call_id, now)
        call = floor.waiting.get(call_id)
        if call is None:
            # An agent picked up in the moment in which the citizen hung up.
            self._talks.ends(call_id, m.TalkEnd.CALLER, now)
            return
        position = floor.queues[call.queue].position(call)
        told = call.promised if message.promised else call.abandoned
        floor.tell(told(now, position))
        floor.tell(*call.estimated(now, connected=False))
        self._offering.withdraw_all(call, now)
        floor.leave_line(call)
        if call.may_be_sent_on:
            self._keep(call.wish, call.since, now)

    def _note_promise(self, message: m.CallerLeaves) -> None:
        """What was not written before he left is no promise."""
        floor, call_id = self._floor, message.call_id
        at = floor.waiting.get(call_id) or floor.talks.get(call_id)
        if message.promised:
            floor.promises.note(call_id, at.queue if at else "")
        else:
            floor.promises.withdraw(call_id)

    def forget_place(self, key: str, now: datetime) -> None:
        """The place of a number in a queue was kept for long enough."""
        queue, _, number = key.partition("/")
        self._redials.expire((number, queue), now)

    def owed(self, message: m.CallBacksOwed) -> None:
        """The ledger has counted its debts; `UnknownQueue` refuses."""
        queue = self._floor.queue(message.queue).rules.name
        self._floor.promises.count(queue, message.owed, message.noted)

    def _admit(self, call: WaitingCall, now: datetime) -> None:
        queue = self._floor.queues[call.queue]
        if (
            call.goes_first
            or call.has_old_place
            or not call.may_be_sent_on
            or self._floor.is_taken_at_once(call)
        ):
            return
        declined = admission(
            queue.rules.admission,
            waiting=queue.live_waiting - 1,
            logged_in=queue.logged_in,
            owed=self._floor.promises.owed(call.queue),
            withheld=not call.wish.caller,
        )
        if declined:
            if declined is m.Declined.CALL_BACK:
                self._floor.promises.give(call.call_id, call.queue)
            self._decline(call, declined, now)

    def _decline(self, call: WaitingCall, kind: m.Declined, now: datetime) -> None:
        self._decisions.record(call, RoutingRule.DECLINED, now, detail=kind)
        self._floor.leave_line(call)
        self._floor.tell(
            CallDeclined(at=now, call_id=call.call_id, queue=call.queue, kind=kind),
            m.Decline(call_id=call.call_id, kind=kind),
        )

    def _tell_place(
        self, call: WaitingCall, place: PlaceTakenBack, now: datetime
    ) -> None:
        self._floor.tell(place)
        detail = f"{'call-back' if place.call_back else 'call'} {place.from_call_id}"
        rule = RoutingRule.PLACE_TAKEN_BACK
        self._decisions.record(call, rule, now, detail=detail)

    def _keep_for_caller(self, call_id: str, now: datetime) -> None:
        """The call-back waits, or its agent has picked up already."""
        floor = self._floor
        at = floor.waiting.get(call_id) or floor.talks.get(call_id)
        if at and at.wish.call_back_id:
            self._keep(at.wish, at.wish.since or now, now)

    def _keep(self, wish: m.CallerEnters, since: datetime, now: datetime) -> None:
        seconds = self._floor.queues[wish.queue].rules.redial_seconds
        if seconds and wish.caller:
            until = now + timedelta(seconds=seconds)
            place = KeptPlace(call_id=wish.call_id, since=since, until=until)
            self._redials.keep((wish.caller, wish.queue), place)
            self._floor.alarms.set(("redial", f"{wish.queue}/{wish.caller}"), until)

    def _place_taken_back(
        self, wish: m.CallerEnters, now: datetime
    ) -> PlaceTakenBack | None:
        """The older place of a number that calls again: the best that it has.

        A number that is on the line already may be a switchboard's: then only a
        call-back that waits for it is given up, never the place of a live call. Who
        was here before has a place of his own already, and takes no other.
        """
        if not wish.caller or wish.call_back_id or _was_here(wish):
            return None
        places = [*self._cancelled_call_back(wish, now)]
        if not self._floor.numbers.is_live(wish.caller):
            kept = self._redials.take((wish.caller, wish.queue), now)
            places += [_taken_back(wish, kept.call_id, kept.since, now)] if kept else []
        return min(places, key=lambda place: place.since, default=None)

    def _cancelled_call_back(
        self, wish: m.CallerEnters, now: datetime
    ) -> Iterator[PlaceTakenBack]:
        """Of a promise that was made before he called: a later one is another's.

        Phones that ring for it stop: he is here, and whoever is free is rung for him.
        """
        floor, here_since = self._floor, wish.here_since or now
        pending = (
            call
            for call_id in floor.numbers.call_backs(wish.caller)
            if (call := floor.waiting.get(call_id)) and call.entered_at <= here_since
        )
        if call := next(pending, None):
            self._offering.withdraw_all(call, now)
            floor.leave_line(call)
            floor.tell(m.CancelCallBack(call_id=call.call_id))
            place = _taken_back(wish, call.call_id, call.since, now)
            yield replace(place, call_back=True)

    def _waiting_call(
        self, wish: m.CallerEnters, since: datetime, now: datetime
    ) -> WaitingCall:
        self._entered += 1
        before = self._floor.returning.pop(wish.call_id, None)
        return WaitingCall(
            wish=wish,
            queue=wish.queue,
            rank=rank_of(
                at_head=wish.at_head,
                priority=wish.priority,
                since=since,
                number=self._entered,
            ),
            since=since,
            entered_at=now,
            joined_at=now,
            ask=Ask((wish.queue,)),
            offers=before.offers if before else 0,
            decisions=before.decisions if before else 0,
        )


def _was_here(wish: m.CallerEnters) -> bool:
    """Whether he comes from an agent, or is handed to one, with what he has waited."""
    return wish.at_head or bool(wish.only_agent) or wish.since is not None


def _taken_back(
    wish: m.CallerEnters, from_call_id: str, since: datetime, now: datetime
) -> PlaceTakenBack:
    return PlaceTakenBack(
        at=now,
        call_id=wish.call_id,
        queue=wish.queue,
        from_call_id=from_call_id,
        since=since,
        call_back=False,
    )
