"""The words of flows on pages: faults, steps, what happens, and how versions stand."""

from collections.abc import Mapping

from acd.flow_versions.version import VersionState
from console.words import N_
from ivr_flows.finding import FaultId

FAULTS: Mapping[FaultId, str] = {
    FaultId.YAML: N_("This cannot be read as YAML"),
    FaultId.WORD_UNKNOWN: N_("This word is not known here"),
    FaultId.KIND_UNKNOWN: N_("There is no such kind of step"),
    FaultId.VALUE_MISSING: N_("Something is missing"),
    FaultId.VALUE_INVALID: N_("This value does not fit"),
    FaultId.STEP_UNKNOWN: N_("There is no such step"),
    FaultId.DEAD_END: N_("It leads nowhere from here"),
    FaultId.SURVEY_UNKNOWN: N_("There is no such survey"),
    FaultId.ANSWER_UNKNOWN: N_("This is never answered"),
    FaultId.CIRCLE: N_("Who presses nothing goes round for ever"),
    FaultId.STEP_UNREACHED: N_("This step is never reached"),
    FaultId.QUEUE_UNKNOWN: N_("There is no such queue"),
    FaultId.SKILL_UNKNOWN: N_("No agent has this skill"),
    FaultId.NUMBER_UNSERVED: N_("No trunk serves this number"),
    FaultId.SENTENCE_MISSING: N_("There is no such sentence"),
    FaultId.RECORDING_MISSING: N_("There is no such recording"),
    FaultId.VARIABLE_UNKNOWN: N_("No step sets this value"),
    FaultId.HOLIDAYS_UNKNOWN: N_("The holidays of that year are not known"),
    FaultId.NOBODY_MET: N_("Who presses nothing meets nobody"),
    FaultId.OPT_OUT_KEY_TAKEN: N_("This key ends follow-up calls"),
    FaultId.QUESTION_LOST: N_("Answers would not be counted"),
    FaultId.ANSWER_UNCOUNTED: N_("This answer counts in no rate"),
}
TOO_LARGE_TO_DRAW = N_("The flow is too large for a picture; its text tells all.")
STATES: Mapping[VersionState, str] = {
    VersionState.DRAFT: N_("Draft"),
    VersionState.PUBLISHED: N_("In force"),
    VersionState.EARLIER: N_("Earlier"),
}
MARKS: Mapping[VersionState, str] = {
    VersionState.DRAFT: "warn",
    VersionState.PUBLISHED: "good",
    VersionState.EARLIER: "",
}
PICTURE: Mapping[str, str] = {
    "call": N_("Call"),
    "say": N_("say"),
    "play": N_("play"),
    "menu": N_("menu"),
    "collect": N_("collect digits"),
    "survey": N_("survey"),
    "open_question": N_("open question"),
    "enqueue": N_("queue"),
    "transfer": N_("transfer"),
    "opening_hours": N_("opening hours"),
    "answered": N_("by answer"),
    "set": N_("set"),
    "go_to": N_("go to"),
    "record_message": N_("message"),
    "hang_up": N_("hang up"),
    "after the talk": N_("after the talk"),
    "no key": N_("no key"),
    "other key": N_("other key"),
    "open": N_("open"),
    "closed": N_("closed"),
    "waited too long": N_("waited too long"),
    "leave key": N_("leave key"),
    "no such queue": N_("no such queue"),
    "no agent logged in": N_("no agent logged in"),
    "queue too full": N_("queue too full"),
    "call-back promised": N_("call-back promised"),
    "no place left": N_("no place left"),
    "no answer": N_("no answer"),
    "otherwise": N_("otherwise"),
    "person": N_("wants a person"),
    "refuses": N_("refuses"),
}
"""What the picture says of its own."""
ACTS: Mapping[str, str] = {
    "silence": N_("No key, no word"),
    "done": N_("He has spoken"),
    "talked": N_("The talk is over"),
    "failed": N_("Nobody answers"),
    "too_long": N_("He has waited too long"),
    "nobody": N_("No agent is logged in"),
    "overflow": N_("The queue sends him on"),
    "full": N_("There is no place left"),
}
SPOKEN: Mapping[str, str] = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "partly": N_("Partly"),
    "very_satisfied": N_("Very satisfied"),
    "satisfied": N_("Satisfied"),
    "neutral": N_("Neutral"),
    "dissatisfied": N_("Dissatisfied"),
    "very_dissatisfied": N_("Very dissatisfied"),
    "refuses": N_("Does not want to answer"),
    "person": N_("Wants a person"),
    "opt_out": N_("Call me no more"),
    "unclear": N_("Something unclear"),
}
