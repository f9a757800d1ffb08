"""What the desk calls posts, states, moves and decisions."""

from collections.abc import Mapping

from acd.adjustments.decision import DecisionState
from acd.events import AgentState
from acd.people.person import Post
from acd.staffing.escalation import PlanReason, Turn
from acd.staffing.moves import MoveKind
from acd.staffing.recall import Standing
from acd.staffing.recall_order import PassedOver
from console.shift_desk.crew import Off, Where
from console.words import N_

PLACES: Mapping[Where, str] = {
    Post.PHONES: N_("Phones"),
    Post.DISPATCH: N_("Dispatch"),
    Post.CALL_BACK: N_("Call-backs"),
    Post.QUALITY: N_("Quality"),
    Post.TRAINING: N_("Training"),
    Off.BREAK: N_("Break"),
    Off.LATER: N_("Comes later"),
    Off.OVER: N_("Shift over"),
}
STATES: Mapping[AgentState, str] = {
    AgentState.LOGGED_OUT: N_("Not logged in"),
    AgentState.READY: N_("Ready"),
    AgentState.OFFERED: N_("Ringing"),
    AgentState.RINGING: N_("Ringing"),
    AgentState.TALKING: N_("Talking"),
    AgentState.WRAP_UP: N_("Wrap-up"),
    AgentState.PAUSED: N_("Paused"),
}
KINDS: Mapping[MoveKind, str] = {
    MoveKind.MOVE_BREAK: N_("Break moved"),
    MoveKind.MOVE_TRAINING: N_("Training put off"),
    MoveKind.TO_PHONES: N_("To the phones"),
    MoveKind.SEND_BACK: N_("Back to his post"),
    MoveKind.OVERTIME: N_("Overtime"),
    MoveKind.RELEASE: N_("Home early"),
    MoveKind.LEND: N_("Lent to another queue"),
    MoveKind.BY_HAND: N_("Moved by hand"),
}
DECISIONS: Mapping[DecisionState, str] = {
    DecisionState.OPEN: N_("Not decided yet"),
    DecisionState.ACCEPTED: N_("Accepted"),
    DecisionState.DECLINED: N_("Declined"),
    DecisionState.UNDONE: N_("Taken back"),
    DecisionState.EXPIRED: N_("Expired"),
}
LEVELS = (N_("Normal"), N_("Plan 1"), N_("Plan 2"), N_("Plan 3"))
DOES = (
    N_("Everybody works as rostered."),
    N_("Staff of other posts who are on duty come to the phones."),
    N_("Staff who are off duty are rung and come within half an hour."),
    N_("Neighbour hotlines take a share of the new calls."),
)
"""What each level does."""
TURNS: Mapping[Turn, str] = {
    Turn.CHANGED: N_("changed"),
    Turn.PROPOSED: N_("proposed"),
    Turn.WITHDRAWN: N_("withdrawn"),
    Turn.RECALLED: N_("more people recalled"),
}
REASONS: Mapping[PlanReason, str] = {
    PlanReason.LONG_WAIT_AHEAD: N_("a long wait is foreseen"),
    PlanReason.SURGE: N_("a surge"),
    PlanReason.CALM: N_("it is calm"),
    PlanReason.ORDERED: N_("ordered by a person"),
    PlanReason.CAN_RING: N_("somebody can be rung now"),
}
STANDINGS: Mapping[Standing, str] = {
    Standing.WAITING: N_("not rung yet"),
    Standing.RINGING: N_("being rung"),
    Standing.TRIED: N_("no answer, is tried again"),
    Standing.CONFIRMED: N_("confirmed, on the way"),
    Standing.ARRIVED: N_("arrived"),
    Standing.DECLINED: N_("cannot come"),
    Standing.PASSED_OVER: N_("could not be reached"),
}
PASSED_OVER: Mapping[PassedOver, str] = {
    PassedOver.ON_DUTY: N_("on duty"),
    PassedOver.ON_LEAVE: N_("on leave"),
    PassedOver.NOT_QUALIFIED: N_("not qualified"),
    PassedOver.NOT_RESTED: N_("not rested"),
    PassedOver.NO_NUMBER: N_("no recall number"),
    PassedOver.TOO_FAR: N_("too far away"),
}
