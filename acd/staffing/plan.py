"""A plan to simulate: the queues' rules, who is on duty when, and the flows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.agent_profile import AgentProfile
from acd.call_backs.rules import CallBackRules
from acd.city import City
from acd.engine import PLAIN_CITY
from acd.queue_rules import QueueRules
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.sentences import Language, Sentence
from ivr_flows.steps import EnqueueStep

Duty = tuple[float, float]
"""From and to, in seconds since the day began; the end may be inf."""

ALL_DAY: Duty = (0.0, float("inf"))

SECONDS_PER_CHARACTER: Mapping[Language, float] = {
    "zh": 0.22,
    "en": 0.07,
    "ko": 0.16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAgent:
    """An agent, when he is on duty, and the group that he is counted in.

    `changes` are other profiles of his, and from when on in seconds since the day began:
    who is lent to another queue keeps his group.
    """

    profile: AgentProfile
    duties: tuple[Duty, ...] = (ALL_DAY,)
    changes: tuple[tuple[float, AgentProfile], ...] = ()

    @property
    def group(self) -> str:
        """The agents who answer the same queues are one group."""
        return "+".join(self.profile.queues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How long sentences last: as recorded, else estimated from their texts.

    `seconds` is keyed by words and language.
    """

    seconds: Mapping[tuple[str, Language], float] = field(default_factory=dict)

    def of(self, sentences: tuple[Sentence, ...]) -> float:
        """The seconds that it takes to say all of them."""
        return sum(map(self._one, sentences))

    def _one(self, sentence: Sentence) -> float:
        known = self.seconds.get((sentence.words, sentence.language))
        if known is not None:
            return known
        return len(sentence.words) * SECONDS_PER_CHARACTER[sentence.language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ivr:
    """The flows that citizens meet: by called number, `usual` for all others."""

    usual: Flow
    by_number: Mapping[str, Flow] = field(default_factory=dict)
    context: FlowContext = field(default_factory=FlowContext)
    speech: Speech = field(default_factory=Speech)

    def flow_of(self, called: str) -> Flow:
        """The flow of a called number."""
        return self.by_number.get(called, self.usual)

    @property
    def call_back_told_after(self) -> float | None:
        """After how long a wait the usual flow tells of its key for a call-back."""
        told = (
            step.remind_every_seconds
            for step in self.usual.steps.values()
            if isinstance(step, EnqueueStep) and step.call_back_key and step.remind
        )
        return min(told, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a manager decides. The first queue takes whom a flow sends nowhere.

    Without an `ivr` citizens enter their queue at once, and days are plain days in UTC.
    Call-backs are made by the rules of `call_backs`; no way out (`can_call`), none.
    """

    name: str
    queues: tuple[QueueRules, ...]
    agents: tuple[PlannedAgent, ...]
    ivr: Ivr | None = None
    call_backs: CallBackRules = field(default_factory=CallBackRules)
    can_call: bool = True

    @property
    def city(self) -> City:
        """The clock and the calendar by which queues open and close."""
        if self.ivr is None:
            return PLAIN_CITY
        context = self.ivr.context
        return City(timezone=context.timezone, calendar=context.calendar)
