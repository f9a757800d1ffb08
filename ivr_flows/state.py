"""Where a call is in its flow. Values only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from config.calendar import Calendar
from ivr_flows.actions import Result
from ivr_flows.sentences import LANGUAGES, Language, Sentence, Speech
from ivr_flows.step import THEN


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowContext:
    """What the flow may know of the call and of the city.

    `language` is spoken unless the flow has its own; `variables` are values for the
    {names} of sentences, and a `language` among them wins over both. `queues` are those
    that the hotline has; None when nobody knows. `hears` are the languages in which
    spoken answers can be understood.
    """

    language: Language = LANGUAGES[0]
    timezone: tzinfo = UTC
    calendar: Calendar = field(default_factory=Calendar)
    variables: Mapping[str, str] = field(default_factory=dict)
    queues: Collection[str] | None = None
    hears: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLeft:
    """A step that is over: what came of it, never the digits."""

    step: str
    kind: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """Where the call is in its flow.

    `left` are the steps that the last `begin` or `advance` finished, in order;
    `answers` the survey steps answered so far and the names of the answers.
    `by_keys` says that the question that is being asked is left to the keys.
    """

    step: str
    context: FlowContext
    variables: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, str] = field(default_factory=dict)
    awaited: type[Result] | None = None
    tries: int = 0
    by_keys: bool = False
    left: tuple[StepLeft, ...] = ()

    @property
    def language(self) -> Language:
        """The language spoken with the caller."""
        wanted = self.variables.get("language")
        return next(name for name in (*LANGUAGES, LANGUAGES[0]) if name == wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A step is over: the exit taken, the result to tell, what it changes."""

    on: str = THEN
    result: str
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    answers: Mapping[str, str] = field(default_factory=dict)


def sentences_of(state: FlowState, speech: Speech) -> tuple[Sentence, ...]:
    """What is said now, in the caller's language and with what is known of him."""
    return tuple(
        Sentence(words=words, language=language, values=state.variables)
        for words, language in (
            wording.in_language(state.language) for wording in speech
        )
    )
