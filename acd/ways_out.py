"""Calls that a rule takes out of their queue: to another one, or back to their flow."""

from datetime import datetime

from acd import messages as m
from acd.agent import Agent
from acd.decisions import Decisions
from acd.floor import Floor
from acd.line import WaitingCall
from acd.overflow import Crowd, way_out_at_entry, way_out_of_waiting
from acd.places import Places
from acd.queue import Queue
from acd.queue_rules import Overflow, OverflowWhen
from acd.routing_words import RoutingRule

NOT_THERE = Overflow(when=OverflowWhen.NO_AGENTS)
"""The flow's own way out, where nobody works; and that of a call for one agent only, when
he is not at work or in a pause.
"""


class WaysOut:
    """Carries out the overflow rules of a floor.

    A call for which a phone rings is left alone until none rings any more, and so for
    good is a call-back, and a call for one agent only. Closing time and a shorter line do
    not send away who is in an emergency or comes back after his agent was lost. No call
    comes twice into the same queue.
    """

    def __init__(self, floor: Floor, places: Places, decisions: Decisions) -> None:
        self._floor, self._places, self._decisions = floor, places, decisions

    def at_entry(self, call: WaitingCall, now: datetime) -> None:
        """Send the call on, again and again, while a rule says so."""
        only = self._floor.agents.get(call.wish.only_agent)
        nobody = not self._floor.queues[call.queue].logged_in
        if (only and not only.is_there) or (call.wish.leave_when_nobody and nobody):
            self._take(call, NOT_THERE, now)
        while call.call_id in self._floor.waiting and call.may_be_sent_on:
            queue = self._floor.queues[call.queue]
            crowd = self._crowd(
                queue,
                call,
                now,
                stays=call.wish.at_head,
                is_newcomer=self._is_newcomer(call),
            )
            way = way_out_at_entry(queue.rules, crowd, call.been_in)
            if way is None:
                return
            self._take(call, way, now)

    def look_at(self, call: WaitingCall, now: datetime) -> None:
        """Send a waiting call on if a rule says so now; else wait for the next rule."""
        if call.offer_ids or not call.may_be_sent_on:
            return
        queue = self._floor.queues[call.queue]
        crowd = self._crowd(queue, call, now, stays=call.goes_first)
        seconds = call.seconds_in_queue(now)
        way = way_out_of_waiting(queue.rules, crowd, seconds, call.been_in)
        if way:
            self._take(call, way, now)
            self.at_entry(call, now)
        else:
            self._places.await_way_out(call, now)

    def look_at_line(self, queue: Queue, now: datetime) -> None:
        """Send on whom a rule concerns now: nobody works here, it closed, or changed."""
        for call in tuple(queue.line):
            if self._still_in(queue, call):
                self.look_at(call, now)

    def inherit(self, call: WaitingCall, queue: Queue, now: datetime) -> None:
        """The call, for which no phone rings, goes where its removed queue's callers go."""
        self._take(call, Overflow(when=OverflowWhen.CLOSED, to=queue.heir), now)
        self.at_entry(call, now)

    def shorten(self, queue: Queue, now: datetime) -> None:
        """Send the last of the line on, while it is longer than new rules let it grow."""
        for call in reversed(tuple(queue.line)):
            if not self._still_in(queue, call) or not self._may_lose_place(call):
                continue
            crowd = self._crowd(queue, call, now, stays=True, is_newcomer=True)
            if way := way_out_at_entry(queue.rules, crowd, call.been_in):
                self._take(call, way, now)
                self.at_entry(call, now)

    def await_closing(self, queue: Queue, now: datetime) -> None:
        """Be woken when the queue closes next, if that sends anybody on."""
        name, hours = ("closing", queue.rules.name), queue.rules.hours
        closes = any(w.when is OverflowWhen.CLOSED for w in queue.rules.overflow)
        if hours and closes:
            self._floor.alarms.set(name, self._floor.city.next_closing(hours, now))
        else:
            self._floor.alarms.cancel(name)

    def closes(self, queue: Queue, now: datetime) -> None:
        """It is closing time, or was to be looked at."""
        self.look_at_line(queue, now)
        self.await_closing(queue, now)

    def unrung(self, call: WaitingCall, now: datetime) -> None:
        """No phone rings for the call any more, and nobody has taken it."""
        if call.held_for:
            self._places.release(call, now)
        self.look_at(call, now)

    def agent_changed(self, agent: Agent, now: datetime) -> None:
        """Calls that want only this agent, who went away or is another now.

        One that waited for him because it knew him asks all who fit; one that is for him
        alone waits no more.
        """
        for call in self._floor.wanting.only_for(agent):
            if call.held_for:
                self._places.release(call, now)
            elif not agent.is_there:
                self._take(call, NOT_THERE, now)

    def _take(self, call: WaitingCall, way: Overflow, now: datetime) -> None:
        detail = f"{way.when} to {way.to or 'flow'}"
        self._decisions.record(call, RoutingRule.OVERFLOW, now, detail=detail)
        self._floor.leave_line(call)
        self._floor.tell(call.overflowed(now, to=way.to, reason=way.when))
        if way.to:
            skills = call.wish.skills
            self._floor.tell(
                m.ChangeQueue(call_id=call.call_id, queue=way.to, skills=skills)
            )
            self._places.put(call, way.to, now)
        else:
            self._floor.tell(m.LeaveQueue(call_id=call.call_id, reason=way.when))

    def _still_in(self, queue: Queue, call: WaitingCall) -> bool:
        here = call.queue == queue.rules.name
        return here and self._floor.waiting.get(call.call_id) is call

    def _may_lose_place(self, call: WaitingCall) -> bool:
        return call.may_be_sent_on and not call.goes_first and not call.offer_ids

    def _crowd(
        self,
        queue: Queue,
        call: WaitingCall,
        now: datetime,
        *,
        stays: bool,
        is_newcomer: bool = False,
    ) -> Crowd:
        return Crowd(
            waiting=queue.live_waiting - 1,
            logged_in=queue.logged_in,
            is_open=stays or self._floor.is_open(queue, now),
            is_newcomer=is_newcomer,
        )

    def _is_newcomer(self, call: WaitingCall) -> bool:
        return not (
            call.goes_first or call.has_old_place or self._floor.is_taken_at_once(call)
        )
