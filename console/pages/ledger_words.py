"""What is owed to citizens, in the words of the pages."""

from acd.event import Outcome
from acd.ledger.debt import AttemptOutcome, DebtKind, DebtState
from console.words import N_

STATES = {
    DebtState.OWED: N_("owed"),
    DebtState.PROMISED: N_("promised"),
    DebtState.DIALLING: N_("being called"),
    DebtState.DONE: N_("done"),
    DebtState.CANCELLED: N_("cancelled"),
    DebtState.EXPIRED: N_("expired"),
    DebtState.REFUSED: N_("wants none"),
    DebtState.WITHHELD: N_("number withheld"),
}
MARKS = {
    DebtState.OWED: "warn",
    DebtState.PROMISED: "warn",
    DebtState.DIALLING: "good",
    DebtState.DONE: "good",
    DebtState.EXPIRED: "bad",
}
"""The class of a state's mark; the others have none."""
KINDS = {
    DebtKind.MISSED: N_("missed call"),
    DebtKind.PROMISE: N_("promised call-back"),
    DebtKind.SURVEY: N_("survey"),
}
OUTCOMES = {
    AttemptOutcome.ANSWERED: N_("answered"),
    AttemptOutcome.REFUSED: N_("wants none"),
    AttemptOutcome.NO_ANSWER: N_("did not answer"),
    AttemptOutcome.BUSY: N_("busy"),
    AttemptOutcome.REJECTED: N_("rejected"),
    AttemptOutcome.UNREACHABLE: N_("unreachable"),
    AttemptOutcome.HUNG_UP: N_("hung up"),
    AttemptOutcome.NO_LINE: N_("no line was free"),
    AttemptOutcome.AGENT_LEFT: N_("the agent left"),
    AttemptOutcome.NO_PLACE: N_("no place in the queue"),
    AttemptOutcome.CANCELLED: N_("cancelled"),
    AttemptOutcome.CALLED_AGAIN: N_("he called again"),
    AttemptOutcome.ON_THE_LINE: N_("he was on the line"),
    AttemptOutcome.SERVICE_KILLED: N_("the service was killed"),
}
REASONS = {
    **{outcome.value: words for outcome, words in OUTCOMES.items()},
    "tries_used": N_("all tries were used"),
    "retry": N_("owed again by hand"),
    "by_hand": N_("by hand"),
}
"""Why a debt is what it is; another reason is shown as it is kept."""
STAGES = {
    Outcome.BLOCKED: N_("no line was free"),
    Outcome.ABANDONED_IN_IVR: N_("gave up in the menu"),
    Outcome.ABANDONED_IN_QUEUE: N_("gave up in the queue"),
    Outcome.ABANDONED_WHILE_RINGING: N_("gave up while it rang"),
    Outcome.DECLINED: N_("was told that nobody can take it"),
    Outcome.CALL_BACK_PROMISED: N_("promised call-back"),
    Outcome.FAILED: N_("it failed"),
    Outcome.CUT_OFF: N_("was cut off"),
}
