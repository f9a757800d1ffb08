"""What is found wrong with a flow: where, what, and under which lasting name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ivr_flows.told import Told, told


class FaultId(StrEnum):
    """The lasting names of what can be wrong with a flow."""

    YAML = "flow_yaml_unreadable"
    WORD_UNKNOWN = "flow_word_unknown"
    KIND_UNKNOWN = "flow_step_kind_unknown"
    VALUE_MISSING = "flow_value_missing"
    VALUE_INVALID = "flow_value_invalid"
    STEP_UNKNOWN = "flow_step_unknown"
    DEAD_END = "flow_dead_end"
    SURVEY_UNKNOWN = "flow_survey_unknown"
    ANSWER_UNKNOWN = "flow_answer_unknown"
    CIRCLE = "flow_circle"
    STEP_UNREACHED = "flow_step_unreached"
    QUEUE_UNKNOWN = "flow_queue_unknown"
    SKILL_UNKNOWN = "flow_skill_unknown"
    NUMBER_UNSERVED = "flow_number_unserved"
    SENTENCE_MISSING = "flow_sentence_missing"
    RECORDING_MISSING = "flow_recording_missing"
    VARIABLE_UNKNOWN = "flow_variable_unknown"
    HOLIDAYS_UNKNOWN = "flow_holidays_unknown"
    NOBODY_MET = "flow_nobody_met"
    OPT_OUT_KEY_TAKEN = "flow_opt_out_key_taken"
    QUESTION_LOST = "flow_question_lost"
    ANSWER_UNCOUNTED = "flow_answer_uncounted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault (`fatal`) or a warning, in a line and column of a file, both from 1.

    `words` say what is wrong, `hint` what may be meant.
    """

    error_id: FaultId
    file: str
    line: int
    column: int
    words: Told
    hint: Told | None = None
    fatal: bool = True

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.said(str)

    def said(self, say: Callable[[str], str]) -> str:
        """The same as `say` puts its sentences."""
        words = self.words.said(say)
        if self.hint is None:
            return words
        return told("%(fault)s; %(hint)s", fault=words, hint=self.hint.said(say)).said(
            say
        )

    @property
    def at(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.at}: {'' if self.fatal else 'warning: '}{self.message}"
