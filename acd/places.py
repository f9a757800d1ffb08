"""Waiting calls get a place in a queue, ask less as they wait, and hear where they stand."""

from dataclasses import replace
from datetime import datetime, timedelta

from acd import messages as m
from acd.asking import Ask, ask_of, fits, next_relax
from acd.decisions import Decisions
from acd.events import CallerEntered
from acd.floor import Floor
from acd.line import WaitingCall
from acd.overflow import next_way_out
from acd.queue import Queue
from acd.routing_words import RoutingRule


class Places:
    """The places in the lines of a floor."""

    def __init__(self, floor: Floor, decisions: Decisions) -> None:
        self._floor, self._decisions = floor, decisions

    def put(self, call: WaitingCall, queue: str, now: datetime) -> None:
        """The call waits in the queue from now on, at its rank."""
        floor = self._floor
        call.queue, call.joined_at = queue, now
        call.been_in.append(queue)
        floor.join_line(call)
        position = floor.queues[queue].position(call)
        floor.tell(
            CallerEntered(at=now, call_id=call.call_id, queue=queue, position=position)
        )
        self.hold(call, now)
        self.refresh(call, now)
        if floor.queues[queue].rules.announce_position_seconds:
            floor.alarms.set(("announce", call.call_id), now)

    def refresh(self, call: WaitingCall, now: datetime) -> None:
        """What the rules of its queue say now holds for the call."""
        self.relax(call, now)
        self.await_way_out(call, now)

    def hold(self, call: WaitingCall, now: datetime) -> None:
        """Ask only the agent whom he spoke with before, for a while, if he is there."""
        seconds = self._floor.queues[call.queue].rules.last_agent_seconds
        agent = self._floor.agents.get(call.wish.last_agent)
        call.held_for = ""
        if seconds and agent and agent.is_there and not call.goes_first:
            ask = self._ask(call, now)
            his = [agent.standings[q] for q in ask.queues if q in agent.standings]
            if any(fits(ask, standing) for standing in his):
                call.held_for = agent.profile.id
                self._set_alarm("hold", call, now, seconds)

    def release(self, call: WaitingCall, now: datetime) -> None:
        """Ask all agents who fit, no longer only the one he spoke with."""
        call.held_for = ""
        self._set_alarm("hold", call, now, None)
        self.relax(call, now)
        self._decisions.record(call, RoutingRule.LAST_AGENT_OVER, now)

    def relax_by_time(self, call: WaitingCall, now: datetime) -> None:
        """It has waited long enough to ask less."""
        self.relax(call, now)
        self._decisions.record(call, RoutingRule.RELAXED, now)

    def relax(self, call: WaitingCall, now: datetime) -> None:
        """Ask of agents what its rules ask after this wait; its place stays."""
        rules, waited = self._floor.queues[call.queue].rules, call.waited_seconds(now)
        call.ask = self._ask(call, now)
        self._floor.sort_in(call)
        self._set_alarm("relax", call, call.since, next_relax(rules, waited))

    def await_way_out(self, call: WaitingCall, now: datetime) -> None:
        """Be woken when a rule for those who wait too long is due."""
        rules = self._floor.queues[call.queue].rules
        after = next_way_out(rules, call.seconds_in_queue(now))
        self._set_alarm("overflow", call, call.joined_at, after)

    def announce(self, call: WaitingCall, now: datetime) -> None:
        """Tell him his position, and again after a while; a question has none."""
        queue = self._floor.queues[call.queue]
        if call.is_question or not queue.rules.announce_position_seconds:
            return
        self._set_alarm("announce", call, now, queue.rules.announce_position_seconds)
        if not call.offer_ids:
            self._floor.tell(self._where_he_stands(call, queue, now))

    def _where_he_stands(
        self, call: WaitingCall, queue: Queue, now: datetime
    ) -> m.TellPosition:
        position = queue.position(call)
        wait_seconds = queue.pace.wait_seconds(position, now, queue.line.head.joined_at)
        if wait_seconds is not None and call.told is None:
            call.told = wait_seconds, now
        return m.TellPosition(
            call_id=call.call_id, position=position, wait_seconds=wait_seconds
        )

    def _ask(self, call: WaitingCall, now: datetime) -> Ask:
        if call.wish.only_agent:
            return Ask((call.queue,), only_agent=call.wish.only_agent)
        rules = self._floor.queues[call.queue].rules
        ask = ask_of(rules, call.wish.skills, call.waited_seconds(now))
        return replace(ask, only_agent=call.held_for) if call.held_for else ask

    def _set_alarm(
        self, kind: str, call: WaitingCall, start: datetime, after: float | None
    ) -> None:
        name = (kind, call.call_id)
        if after is None:
            self._floor.alarms.cancel(name)
        else:
            self._floor.alarms.set(name, start + timedelta(seconds=after))
