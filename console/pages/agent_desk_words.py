"""What states and outcomes are called on the agent desk."""

from collections.abc import Mapping

from acd.events import AgentState, Outcome
from console.words import N_
from outbound.contact import ContactState

STATES: Mapping[AgentState, str] = {
    AgentState.LOGGED_OUT: N_("Logged out"),
    AgentState.READY: N_("Ready"),
    AgentState.OFFERED: N_("Call coming in"),
    AgentState.RINGING: N_("Your telephone rings"),
    AgentState.TALKING: N_("Talking"),
    AgentState.WRAP_UP: N_("Wrap-up"),
    AgentState.PAUSED: N_("Paused"),
}
MARKS: Mapping[AgentState, str] = {
    AgentState.READY: "good",
    AgentState.RINGING: "warn",
    AgentState.OFFERED: "warn",
    AgentState.TALKING: "good",
    AgentState.WRAP_UP: "warn",
    AgentState.PAUSED: "warn",
}
ORDER_STATES: Mapping[ContactState, str] = {
    ContactState.WAITING: N_("follow-up due"),
    ContactState.DIALLING: N_("follow-up runs"),
    ContactState.DONE: N_("followed up"),
    ContactState.EXHAUSTED: N_("not reached"),
    ContactState.OPTED_OUT: N_("wants no follow-up"),
    ContactState.BARRED: N_("may not be called"),
    ContactState.WITHDRAWN: N_("follow-up given up"),
}
OUTCOMES: Mapping[str, str] = {
    Outcome.ANSWERED.value: N_("answered"),
    Outcome.ABANDONED_IN_IVR.value: N_("gave up in the greeting"),
    Outcome.ABANDONED_IN_QUEUE.value: N_("gave up in the queue"),
    Outcome.ABANDONED_WHILE_RINGING.value: N_("gave up while it rang"),
    Outcome.BLOCKED.value: N_("no line"),
    Outcome.REFUSED.value: N_("refused"),
    Outcome.CALL_BACK_PROMISED.value: N_("call-back promised"),
    Outcome.DECLINED.value: N_("declined"),
    Outcome.NOT_REACHED.value: N_("not reached"),
    Outcome.COMPLETED_IN_IVR.value: N_("served by the flow"),
    Outcome.FAILED.value: N_("failed"),
    Outcome.CUT_OFF.value: N_("cut off"),
}
