"""What every call is served with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from acd.agent import AgentProfile
from acd.call_backs.wish import CallBacks
from acd.call_control import CallControl
from acd.distributor import Link
from acd.events import FlowBegun
from acd.last_agent import LastAgentOf, nobody
from acd.neighbours import Neighbours
from acd.placing import CallPlacer
from acd.plan_words import PlanWords
from acd.talk_rules import TalkRules
from config.bus import EventBus
from config.clock import LoopClock
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.prompts import Prompts
from recordings.archive import Archive
from telephony.calls import Endpoint
from telephony.numbers import NumberPlan


async def kept_at_once() -> None:
    """Nothing is to be waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """The endpoint, the link to the engine, and all else that reception works with.

    Agents' phones are rung on the `endpoint`; everybody else is called by the `placer`.
    `agents` are the profiles by id, `music` the music on hold by queue. `help_queue`
    takes the citizen in when a flow fails. `messages_dir` is where citizens' spoken
    messages go. `last_agent` tells whom a number spoke with before. `call_backs` keeps
    what we owe them. `arrival_kept` waits until a kill can lose no call that has come:
    nobody is answered before. `control` finds live talks for those who command them, `talk` says
    whom an agent can call in. `neighbours` serve some of them while plan 3 is on, and
    `plan_words` are said to all who come while any plan is.
    """

    endpoint: Endpoint
    placer: CallPlacer
    link: Link
    bus: EventBus
    clock: LoopClock
    archive: Archive
    prompts: Prompts
    flow_context: FlowContext
    numbers: NumberPlan
    agents: Mapping[str, AgentProfile]
    music: Mapping[str, Path]
    help_queue: str
    messages_dir: Path
    call_backs: CallBacks
    last_agent: LastAgentOf = nobody
    arrival_kept: Callable[[], Awaitable[None]] = kept_at_once
    control: CallControl = field(default_factory=CallControl)
    talk: TalkRules = field(default_factory=TalkRules)
    neighbours: Neighbours = field(default_factory=Neighbours)
    plan_words: PlanWords = field(default_factory=PlanWords)

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return self.clock.now()

    def tell_flow(self, call_id: str, flow: Flow) -> None:
        """Tell which flow a call meets, and which version of it the call keeps."""
        self.bus.publish(
            FlowBegun(
                at=self.now(), call_id=call_id, flow=flow.name, version=flow.version
            )
        )
