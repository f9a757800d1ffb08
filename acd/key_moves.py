"""Citizens who go to another queue by key while they wait."""

from dataclasses import replace
from datetime import datetime

from acd import messages as m
from acd.asking import ask_of
from acd.decisions import Decisions
from acd.floor import Floor
from acd.line import WaitingCall
from acd.offering import Offering
from acd.overflow import Crowd, way_out_at_entry
from acd.places import Places
from acd.queue import Queue, heir_of
from acd.queue_rules import BY_KEY, Levels
from acd.routing_words import RoutingRule


class KeyMoves:
    """Carries out what waiting citizens ask for by key.

    Nobody loses anything by it: he goes with the time that he has waited, ahead of those
    who came after him, and only where somebody works and no rule would send him on at
    once. A call for one agent, and one of ours, stays where it is.
    """

    def __init__(
        self, floor: Floor, offering: Offering, places: Places, decisions: Decisions
    ) -> None:
        self._floor, self._offering = floor, offering
        self._places, self._decisions = places, decisions

    def moves(self, message: m.CallerMoves, now: datetime) -> None:
        """Let him wait in that queue; nothing when he waits there, or no more.

        Phones that ring for him stop. `UnknownQueue` refuses.
        """
        floor = self._floor
        queue = floor.queue(heir_of(floor.queues, message.queue))
        call = floor.waiting.get(message.call_id)
        if call is None or call.queue == queue.rules.name:
            return
        if self._takes(queue, call, message.skills, now):
            self._move(call, queue.rules.name, message.skills, now)
        else:
            rule, name = RoutingRule.KEY_IN_VAIN, queue.rules.name
            self._decisions.record(call, rule, now, detail=name)
            floor.tell(m.StayInQueue(call_id=call.call_id))

    def _takes(
        self, queue: Queue, call: WaitingCall, skills: Levels, now: datetime
    ) -> bool:
        if not (call.may_be_sent_on and queue.logged_in):
            return False
        floor, waited = self._floor, call.waited_seconds(now)
        ask = ask_of(queue.rules, skills, waited)
        crowd = Crowd(
            waiting=queue.live_waiting,
            logged_in=queue.logged_in,
            is_open=call.wish.at_head or floor.is_open(queue, now),
            is_newcomer=not (call.goes_first or floor.would_be_taken_at_once(ask)),
        )
        return way_out_at_entry(queue.rules, crowd, been_in=()) is None

    def _move(self, call: WaitingCall, to: str, skills: Levels, now: datetime) -> None:
        """What rules did with him before is over, and what he was told of his wait."""
        floor = self._floor
        self._decisions.record(call, RoutingRule.KEY, now, detail=to)
        self._offering.withdraw_all(call, now)
        floor.leave_line(call)
        floor.tell(
            call.overflowed(now, to=to, reason=BY_KEY),
            m.ChangeQueue(call_id=call.call_id, queue=to, skills=skills, by_key=True),
        )
        call.wish = replace(call.wish, skills=skills)
        call.been_in, call.told = [], None
        self._places.put(call, to, now)
