"""The distributor's mind: pure and synchronous, (state, message, now) in, doings out.

No I/O, no clock, no chance but the one that is passed in. The same engine serves live
calls, replays a recorded day and is searched by property tests. A doing is a `Command`
for the calls, or an `Event` for whoever listens; both come in the order in which they
happened.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from random import Random

from acd import messages as m
from acd.agent import AgentProfile
from acd.changes import Changes
from acd.citizens import Citizens
from acd.city import City
from acd.decisions import Decisions
from acd.events import AgentState
from acd.floor import CALL_ALARMS, Doing, Floor
from acd.key_moves import KeyMoves
from acd.line import WaitingCall
from acd.matching import Matching
from acd.offering import Offering
from acd.pauses.limits import PauseLimitsChange
from acd.places import Places
from acd.presence import Presence
from acd.queue_rules import QueueRules
from acd.routing_words import RoutingRule
from acd.talks import Talks
from acd.ways_out import WaysOut
from config.calendar import Calendar

SEED = 12345
"""Where the engine's own chance begins: a replay draws the same numbers."""

PLAIN_CITY = City(timezone=UTC, calendar=Calendar())
"""Where no city is named."""

Change = (
    m.QueueRulesChange
    | m.QueueJoins
    | m.QueueLeaves
    | m.AgentProfileChanges
    | PauseLimitsChange
    | m.AgentJoins
    | m.CallPriorityChanges
    | m.CallBacksOwed
)
NO_LIMITS: Mapping[str, float] = {}


class Engine:
    """Takes each message to the part that knows about it, then brings pairs together."""

    def __init__(
        self,
        queues: Iterable[QueueRules],
        agents: Iterable[AgentProfile],
        now: datetime,
        *,
        city: City = PLAIN_CITY,
        pause_limits: Mapping[str, float] = NO_LIMITS,
        chance: Random | None = None,
    ) -> None:
        chance = chance or Random(SEED)
        floor = self._floor = Floor(queues, agents, now, city, pause_limits, chance)
        self.queues, self.agents = floor.queues, floor.agents
        self.waiting, self.offers, self.talks = floor.waiting, floor.offers, floor.talks
        self.promises = floor.promises
        decisions = self._decisions = Decisions(floor)
        self._offering, self._talks = Offering(floor, decisions), Talks(floor)
        places = self._places = Places(floor, decisions)
        self._ways_out = WaysOut(floor, places, decisions)
        self._citizens = Citizens(
            floor, self._offering, self._talks, places, self._ways_out, decisions
        )
        self._key_moves = KeyMoves(floor, self._offering, places, decisions)
        self._changes = Changes(
            floor, self._offering, places, self._ways_out, decisions
        )
        self._presence = Presence(floor, self._offering)
        self._matching = Matching(floor)
        for queue in floor.queues.values():
            self._ways_out.await_closing(queue, now)

    def restore(self, agent_id: str, state: AgentState, reason: str) -> None:
        """Bring an agent back who was logged in before a restart; tells nothing.

        Only ready and paused can outlive a restart.
        """
        self._presence.restore(self.agents[agent_id], state, reason)

    def handle(self, message: m.Message, now: datetime) -> list[Doing]:
        """Take one message in; returns what is to be done and what has happened.

        A message about a call or an offer that is over does nothing: that is an
        ordinary race. `UnknownAgent`, `AgentLoggedOut`, `UnknownQueue`
        and `CallNotWaiting` refuse; what
        came of the time that had passed is told by the next message then.
        """
        self._ring_alarms(now)
        self._bring_together(now)
        self._handle(message, now)
        self._bring_together(now)
        return self._floor.take_doings()

    def wrap_up_ends_at(self, agent_id: str) -> datetime | None:
        """When an agent's wrap-up ends by itself; None while he has none."""
        return self._floor.alarms.due(("wrap_up", agent_id))

    def next_due(self) -> datetime | None:
        """When the engine wants a `TimePasses`."""
        return self._floor.alarms.next_due()

    def _handle(self, message: m.Message, now: datetime) -> None:
        match message:
            case m.CallerEnters():
                self._citizens.enters(message, now)
            case m.CallerMoves():
                self._key_moves.moves(message, now)
            case m.CallerLeaves():
                self._citizens.leaves(message, now)
            case m.TalkEnds():
                self._talks.ends(message.call_id, message.end, now)
            case m.TalkMoves():
                self._talks.moves(message, now)
            case m.OfferRings() | m.OfferAnswered() | m.OfferFailed():
                self._offering.news(message, now)
            case (
                m.QueueRulesChange()
                | m.QueueJoins()
                | m.QueueLeaves()
                | m.AgentProfileChanges()
                | PauseLimitsChange()
                | m.AgentJoins()
                | m.CallPriorityChanges()
                | m.CallBacksOwed()
            ):
                self._change(message, now)
            case m.TimePasses():
                pass
            case _:
                self._presence.asks(message, now)

    def _change(
        self,
        message: Change,
        now: datetime,
    ) -> None:
        match message:
            case m.QueueRulesChange():
                self._changes.rules(message, now)
            case m.QueueJoins():
                self._changes.queue_joins(message, now)
            case m.QueueLeaves():
                self._changes.queue_leaves(message, now)
            case m.AgentProfileChanges():
                self._changes.profile(message, now)
            case PauseLimitsChange():
                self._floor.limit_pauses(message.limits, now)
            case m.AgentJoins():
                self._changes.joins(message, now)
            case m.CallPriorityChanges():
                self._changes.priority(message, now)
            case m.CallBacksOwed():
                self._citizens.owed(message)

    def _bring_together(self, now: datetime) -> None:
        """Send on whom nobody can serve where he is, then find the pairs."""
        for agent in self._floor.take_changed():
            self._ways_out.agent_changed(agent, now)
        for queue in self._floor.take_unstaffed():
            self._ways_out.look_at_line(queue, now)
        for call in self._floor.take_unrung():
            self._ways_out.unrung(call, now)
        self._ring_for_pairs(now)
        for queue in self._floor.take_changed_rules():
            self._ways_out.shorten(queue, now)
            self._ring_for_pairs(now)
        self._explain(now)

    def _ring_for_pairs(self, now: datetime) -> None:
        for call, agents in self._matching.pairs(now):
            self._offering.offer(call, agents, now)

    def _explain(self, now: datetime) -> None:
        """Record for whom nobody can be rung who entered, or whose phones failed."""
        unexplained, self._floor.unexplained = self._floor.unexplained, {}
        for call_id, call in unexplained.items():
            if call_id in self.waiting and not call.offer_ids:
                self._decisions.record(call, RoutingRule.NOBODY, now)

    def _ring_alarms(self, now: datetime) -> None:
        for kind, id in self._floor.alarms.ring(now):
            if kind in CALL_ALARMS:
                self._ring_for_call(kind, self.waiting[id], now)
            else:
                self._ring(kind, id, now)

    def _ring_for_call(self, kind: str, call: WaitingCall, now: datetime) -> None:
        match kind:
            case "announce":
                self._places.announce(call, now)
            case "relax":
                self._places.relax_by_time(call, now)
            case "overflow":
                self._ways_out.look_at(call, now)
            case "hold":
                self._places.release(call, now)

    def _ring(self, kind: str, id: str, now: datetime) -> None:
        match kind:
            case "ring":
                self._offering.ring_ends(id, now)
            case "wrap_up":
                self._floor.free_up(self.agents[id], now)
            case "rest":
                self._presence.rest_ends(self.agents[id])
            case "pause":
                self._floor.pause_is_overdue(self.agents[id], now)
            case "closing":
                self._ways_out.closes(self.queues[id], now)
            case "redial":
                self._citizens.forget_place(id, now)
