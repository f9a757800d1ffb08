"""Citizens ask for a person, find a place in the line or not, and leave."""

from datetime import datetime

from acd import messages as m
from acd.admission import admission
from acd.asking import Ask
from acd.events import CallDeclined
from acd.floor import Floor
from acd.line import WaitingCall, rank_of
from acd.offering import Offering
from acd.places import Places
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
    ) -> None:
        self._floor, self._offering, self._talks = floor, offering, talks
        self._places, self._ways_out = places, ways_out
        self._entered = 0

    def enters(self, wish: m.CallerEnters, now: datetime) -> None:
        """Give him his place; nothing when he has one or talks.

        `UnknownQueue` and `UnknownAgent` refuse.
        """
        floor = self._floor
        floor.queue(wish.queue)
        if wish.only_agent:
            floor.agent(wish.only_agent)
        if wish.call_id in floor.waiting or wish.call_id in floor.talks:
            return
        call = self._waiting_call(wish, now)
        self._places.put(call, wish.queue, now)
        self._ways_out.at_entry(call, now)
        if call.call_id in floor.waiting:
            self._admit(call, now)

    def leaves(self, call_id: str, now: datetime) -> None:
        """The citizen is gone: out of the line, no phone rings for him any more."""
        floor = self._floor
        call = floor.waiting.get(call_id)
        if call is None:
            # An agent picked up in the moment in which the citizen hung up.
            self._talks.ends(call_id, m.TalkEnd.CALLER, now)
            return
        position = floor.queues[call.queue].line.position(call)
        floor.tell(call.abandoned(now, position))
        self._offering.withdraw_all(call, now)
        floor.leave_line(call)

    def owed(self, message: m.CallBacksOwed) -> None:
        """The ledger has counted its debts; `UnknownQueue` refuses."""
        self._floor.queue(message.queue).call_backs_owed = message.owed

    def _admit(self, call: WaitingCall, now: datetime) -> None:
        queue = self._floor.queues[call.queue]
        if (
            call.goes_first
            or not call.may_be_sent_on
            or self._floor.is_taken_at_once(call)
        ):
            return
        declined = admission(
            queue.rules.admission,
            waiting=queue.waiting - 1,
            logged_in=queue.logged_in,
            owed=queue.call_backs_owed,
            withheld=not call.wish.caller,
        )
        if declined:
            queue.call_backs_owed += declined is m.Declined.CALL_BACK
            self._decline(call, declined, now)

    def _decline(self, call: WaitingCall, kind: m.Declined, now: datetime) -> None:
        self._floor.leave_line(call)
        self._floor.tell(
            CallDeclined(at=now, call_id=call.call_id, queue=call.queue, kind=kind),
            m.Decline(call_id=call.call_id, kind=kind),
        )

    def _waiting_call(self, wish: m.CallerEnters, now: datetime) -> WaitingCall:
        self._entered += 1
        since = min(wish.since or now, now)
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
        )
