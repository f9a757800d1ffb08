"""What a call was about, and whose contact stays confidential."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from acd.call_control import CallControl
from acd.distributor import AgentView
from acd.events import AgentState, CallEvent, TalkEnded
from acd.messages import TalkEnd
from acd.records.rows import AgentTalk
from acd.talk_commands import CallNotTalking, TalkRefusal
from acd.talk_events import CallDisposed, CallMadeConfidential
from acd.talk_rules import TalkRules
from config.clock import LoopClock

TalksIn = Callable[[str], Awaitable[Sequence[AgentTalk]]]
"""Asks the records which agents spoke in a call, the last one last."""


class DispositionUnknown(TalkRefusal):
    """The list has no such code."""

    error_id = "disposition_unknown"


class DispositionTooLate(TalkRefusal):
    """The talk is over for longer than a code may be set."""

    error_id = "disposition_too_late"


class NotHisCall(TalkRefusal):
    """The agent who is named has not spoken in the call."""

    error_id = "not_his_call"


class Dispositions:
    """Notes dispositions of the calls of some hours, and confidential callers.

    `titles` tells the codes that count now, with their titles. What the records do not
    tell yet is known from the bus: each agent's last talk.
    """

    def __init__(
        self,
        rules: TalkRules,
        *,
        titles: Callable[[], Mapping[str, str]],
        control: CallControl,
        agents: Callable[[], Iterable[AgentView]],
        talks_in: TalksIn,
        publish: Callable[[CallEvent], None],
        clock: LoopClock,
    ) -> None:
        self._rules, self._titles, self._talks_in = rules, titles, talks_in
        self._control, self._agents = control, agents
        self._publish, self._clock = publish, clock
        self._last_calls: dict[str, tuple[str, AgentTalk]] = {}

    def talk_ended(self, event: TalkEnded) -> None:
        """Remember the agent's last talk."""
        if event.end is not TalkEnd.NOT_BEGUN:
            talk = AgentTalk(agent_id=event.agent_id, at=event.at)
            self._last_calls[event.agent_id] = event.call_id, talk

    async def dispose(
        self, call_id: str, code: str, note: str, *, agent_id: str = ""
    ) -> str:
        """Note the code; returns the id of the agent whose call it is.

        It is `agent_id`'s, when one is named; else that of him who spoke last. The code
        given last counts. `DispositionUnknown`; `CallNotTalking` when no agent has
        spoken in the call, `NotHisCall` when another one has, `DispositionTooLate`.
        """
        self._require_known(code)
        owner = self._speaks(call_id, agent_id) or await self._spoke(call_id, agent_id)
        self._publish(
            CallDisposed(
                at=self._clock.now(),
                call_id=call_id,
                agent_id=owner,
                code=code,
                note=note,
            )
        )
        return owner

    def make_confidential(self, call_id: str) -> None:
        """Mask the citizen's number from now on, wherever this call is shown."""
        if call := self._control.calls.get(call_id):
            call.confidential = True
        self._publish(CallMadeConfidential(at=self._clock.now(), call_id=call_id))

    def _require_known(self, code: str) -> None:
        titles = self._titles()
        if code not in titles:
            known = ", ".join(titles) or "none"
            raise DispositionUnknown(
                f"There is no disposition {code!r}; known: {known}."
            )

    def _speaks(self, call_id: str, agent_id: str) -> str:
        """Who speaks or wraps up now; "" when nobody does, or he is not the one named."""
        speaking = [t.agent_id for t in self._control.talks() if t.call_id == call_id]
        wrapping_up = [
            agent.id
            for agent in self._agents()
            if agent.state is AgentState.WRAP_UP and agent.call_id == call_id
        ]
        here = speaking + wrapping_up
        return next((who for who in here if agent_id in ("", who)), "")

    async def _spoke(self, call_id: str, agent_id: str) -> str:
        talks = [*await self._talks_in(call_id), *self._just_ended(call_id)]
        if not talks:
            raise CallNotTalking(f"No agent has spoken in call {call_id}.")
        talks.sort(key=lambda talk: talk.at)
        his = [talk for talk in talks if agent_id in ("", talk.agent_id)]
        if not his:
            raise NotHisCall(f"Agent {agent_id} has not spoken in call {call_id}.")
        self._require_in_time(call_id, his[-1])
        return his[-1].agent_id

    def _just_ended(self, call_id: str) -> list[AgentTalk]:
        return [talk for call, talk in self._last_calls.values() if call == call_id]

    def _require_in_time(self, call_id: str, talk: AgentTalk) -> None:
        hours = self._rules.disposition_hours
        if self._clock.now() - talk.at > timedelta(hours=hours):
            raise DispositionTooLate(
                f"The talk of call {call_id} is over for more than {hours:g} h; "
                "[talk] disposition_hours says how long a code may be set."
            )
