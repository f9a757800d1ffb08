"""What a call was about, and whose contact stays confidential."""

from collections.abc import Callable, Iterable, Mapping

from acd.call_control import CallControl
from acd.distributor import AgentView
from acd.events import AgentState, CallConnected, CallEvent, TalkEnded
from acd.talk_commands import CallNotTalking, TalkRefusal
from acd.talk_events import CallDisposed, CallMadeConfidential
from config.clock import LoopClock


class DispositionUnknown(TalkRefusal):
    """The list has no such code."""

    error_id = "disposition_unknown"


class Dispositions:
    """Notes dispositions until the agent's next call, and confidential callers."""

    def __init__(
        self,
        titles: Mapping[str, str],
        *,
        control: CallControl,
        agents: Callable[[], Iterable[AgentView]],
        publish: Callable[[CallEvent], None],
        clock: LoopClock,
    ) -> None:
        self.titles = titles
        self._control, self._agents = control, agents
        self._publish, self._clock = publish, clock
        self._last_calls: dict[str, str] = {}

    def talk_ended(self, event: TalkEnded) -> None:
        """The agent may say what it was about until he takes his next call."""
        self._last_calls[event.agent_id] = event.call_id

    def connected(self, event: CallConnected) -> None:
        """The agent's call before this one is closed."""
        self._last_calls.pop(event.agent_id, None)

    def dispose(self, call_id: str, code: str, note: str) -> str:
        """Note the code; returns the id of the agent whose call it is.

        The last one given counts. `DispositionUnknown`, or `CallNotTalking` when the
        talk is over and its agent has taken another call.
        """
        if code not in self.titles:
            known = ", ".join(self.titles) or "none"
            raise DispositionUnknown(
                f"There is no disposition {code!r}; known: {known}."
            )
        agent_id = self._agent_of(call_id)
        self._publish(
            CallDisposed(
                at=self._clock.now(),
                call_id=call_id,
                agent_id=agent_id,
                code=code,
                note=note,
            )
        )
        return agent_id

    def make_confidential(self, call_id: str) -> None:
        """Mask the citizen's number from now on, wherever this call is shown."""
        if call := self._control.calls.get(call_id):
            call.confidential = True
        self._publish(CallMadeConfidential(at=self._clock.now(), call_id=call_id))

    def _agent_of(self, call_id: str) -> str:
        for talk in self._control.talks():
            if talk.call_id == call_id:
                return talk.agent_id
        for agent in self._agents():
            if agent.state is AgentState.WRAP_UP and agent.call_id == call_id:
                return agent.id
        for agent_id, last in self._last_calls.items():
            if last == call_id:
                return agent_id
        raise CallNotTalking(
            f"Call {call_id} has no talk now, and is not the last one of any agent."
        )
