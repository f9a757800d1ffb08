"""A flow: what the machine says to a caller and what it understands, from a YAML file.

`load_flow` reads, validates and cross-checks; the interpreter runs what it returns.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from ivr_flows.actions import EMERGENCY
from ivr_flows.faults import findings_of
from ivr_flows.finding import FaultId, Finding
from ivr_flows.sentences import Language, is_key
from ivr_flows.step import StepName
from ivr_flows.steps import AnyStep, EnqueueStep
from ivr_flows.told import Told, told
from ivr_flows.yaml_source import Place, Source, SourceError, parse_yaml, read_yaml


class FlowError(Exception):
    """The flow cannot be used: one line a fault, 'file:line: what; did you mean ...'.

    `findings` are the same as values, where they are of one flow.
    """

    def __init__(self, words: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(words or "\n".join(map(str, findings)))
        self.findings = tuple(findings)


class Flow(BaseModel):
    """Named steps in their order; the call begins at `start` or at the first one.

    Without a `language` of its own it speaks the one of the settings. A citizen who
    hangs up right after his talk is called back and asked from `survey_call_back` on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    language: Language | None = None
    start: StepName = ""
    survey_call_back: StepName = ""
    steps: dict[StepName, AnyStep] = Field(min_length=1)

    _source: Source = PrivateAttr(default_factory=Source)
    _version: int = PrivateAttr(default=0)

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return Path(self._source.file).stem

    @property
    def version(self) -> int:
        """Which of its kept versions this is; 0 for a file that is no version."""
        return self._version

    @property
    def is_emergency(self) -> bool:
        """Whether whoever meets it is in an emergency, wherever he waits."""
        waits = [step for step in self.steps.values() if isinstance(step, EnqueueStep)]
        return bool(waits) and all(step.priority >= EMERGENCY for step in waits)

    def beginning_at(self, step: str) -> Self:
        """The same flow for a call that begins at another step."""
        return self.model_copy(update={"start": step})

    @property
    def survey(self) -> str:
        """The step from which citizens are asked for their opinion; "" when none is."""
        surveys = (name for name, step in self.steps.items() if step.do == "survey")
        return self.survey_call_back or next(surveys, "")

    @property
    def first(self) -> str:
        """The step at which a call begins."""
        return self.start or next(iter(self.steps))

    def exits(self, step: str) -> Mapping[str, str | None]:
        """What can happen in a step -> the step that follows; None: the file ends."""
        following = self._following(step)
        exits = self.steps[step].exits()
        return {on: target or following for on, target in exits.items()}

    def literals(self, language: Language) -> list[str]:
        """The texts that stand in the flow itself and are said in the language."""
        said = [wording for step in self.steps.values() for wording in step.wordings]
        versions = [version for wording in said for version in wording.versions()]
        return [
            words
            for words, spoken in versions
            if spoken == language and not is_key(words)
        ]

    def finding(
        self,
        error_id: FaultId,
        place: Place,
        words: Told,
        hint: Told | None = None,
        *,
        fatal: bool = True,
    ) -> Finding:
        """A finding at a place of this flow's file."""
        line, column = self._source.mark(place)
        return Finding(
            error_id=error_id,
            file=self._source.file,
            line=line,
            column=column,
            words=words,
            hint=hint,
            fatal=fatal,
        )

    def line_of(self, step: str) -> int:
        """In which line of its file the step is written, from 1."""
        return self._source.mark(("steps", step))[0]

    def read_from(self, source: Source) -> Self:
        """Remember where it came from, for findings."""
        self._source = source
        return self

    def as_version(self, number: int) -> Self:
        """Remember which version it is, for the records of calls."""
        self._version = number
        return self

    def _following(self, step: str) -> str | None:
        names = list(self.steps)
        after = names[names.index(step) + 1 :]
        return after[0] if after else None


def read_flow(file: Path) -> Flow:
    """Read and validate one file, without the cross-checks; raises `FlowError`."""
    try:
        values, source = read_yaml(file)
    except SourceError as error:
        raise _unreadable(error) from None
    return _validated(values, source)


def parse_flow(text: str, file: str) -> Flow:
    """The same with a text that is called `file` in what is found."""
    try:
        values, source = parse_yaml(text, file)
    except SourceError as error:
        raise _unreadable(error) from None
    return _validated(values, source)


def _unreadable(error: SourceError) -> FlowError:
    line, column = error.mark
    finding = Finding(
        error_id=FaultId.YAML,
        file=error.file,
        line=line,
        column=column,
        words=error.problem,
    )
    return FlowError(findings=[finding])


def _validated(values: Any, source: Source) -> Flow:
    if not isinstance(values, dict):
        beginning = SourceError(
            source.file, (1, 1), told("a flow begins with 'steps:'")
        )
        raise _unreadable(beginning)
    try:
        return Flow.model_validate(values).read_from(source)
    except ValidationError as error:
        raise FlowError(findings=findings_of(error, values, source, Flow)) from None
