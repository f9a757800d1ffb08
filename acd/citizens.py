"""Citizens enter a queue, wait, ask less as they wait, and leave."""

from datetime import datetime, timedelta

from acd import messages as m
from acd.asking import ask_of, next_relax
from acd.events import CallerEntered
from acd.floor import Floor
from acd.line import WaitingCall, rank_of
from acd.offering import Offering
from acd.talks import Talks


class Citizens:
    """The waiting calls of a floor."""

    def __init__(self, floor: Floor, offering: Offering, talks: Talks) -> None:
        self._floor, self._offering, self._talks = floor, offering, talks
        self._entered = 0

    def enters(self, message: m.CallerEnters, now: datetime) -> None:
        """Give him his place; nothing when he has one or talks. `UnknownQueue` refuses."""
        floor = self._floor
        queue = floor.queue(message.queue)
        if message.call_id in floor.waiting or message.call_id in floor.talks:
            return
        self._entered += 1
        call = self._waiting_call(message, now)
        floor.waiting[call.call_id] = call
        queue.line.add(call)
        position = queue.line.position(call)
        floor.tell(
            CallerEntered(
                at=now, call_id=call.call_id, queue=call.queue, position=position
            )
        )
        self.relax(call, now)
        if queue.rules.announce_position_seconds:
            floor.alarms.set(("announce", call.call_id), now)

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

    def relax(self, call: WaitingCall, now: datetime) -> None:
        """Ask of agents what its rules ask after this wait; its place stays."""
        rules, waited = self._floor.queues[call.queue].rules, call.waited_seconds(now)
        call.ask = ask_of(rules, call.skills, waited)
        self._floor.sort_in(call)
        after = next_relax(rules, waited)
        if after is not None:
            due = call.since + timedelta(seconds=after)
            self._floor.alarms.set(("relax", call.call_id), due)

    def announce(self, call: WaitingCall, now: datetime) -> None:
        """Tell him his position, and again after a while."""
        queue = self._floor.queues[call.queue]
        pause = timedelta(seconds=queue.rules.announce_position_seconds)
        self._floor.alarms.set(("announce", call.call_id), now + pause)
        if not call.offer_ids:
            position = queue.line.position(call)
            self._floor.tell(m.TellPosition(call_id=call.call_id, position=position))

    def _waiting_call(self, message: m.CallerEnters, now: datetime) -> WaitingCall:
        since = min(message.since or now, now)
        rules = self._floor.queues[message.queue].rules
        return WaitingCall(
            call_id=message.call_id,
            queue=message.queue,
            rank=rank_of(
                at_head=message.at_head,
                priority=message.priority,
                since=since,
                number=self._entered,
            ),
            since=since,
            entered_at=now,
            ask=ask_of(rules, message.skills, 0),
            priority=message.priority,
            skills=message.skills,
        )
