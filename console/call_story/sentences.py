"""The sentences of a call's story, by the kind of what happened."""

from collections.abc import Mapping

from acd.events import Outcome
from console.words import N_

QUEUE: Mapping[str, str] = {
    "ENTERQUEUE": N_("enters the queue %(queue)s at position %(position)s"),
    "OFFER": N_("the telephone of agent %(agent)s is called"),
    "RINGNOANSWER": N_("agent %(agent)s did not take it after %(ring)s s: %(detail)s"),
    "CONNECT": N_("agent %(agent)s speaks with the citizen after a wait of %(wait)s s"),
    "ABANDON": N_("the citizen gave up after a wait of %(wait)s s"),
    "CALLBACK": N_("a call-back is promised after a wait of %(wait)s s"),
    "COMPLETECALLER": N_(
        "the citizen ended the talk with agent %(agent)s after %(talk)s s"
    ),
    "COMPLETEAGENT": N_("agent %(agent)s ended the talk after %(talk)s s"),
    "AGENTLEGDIED": N_("the line to agent %(agent)s broke after %(talk)s s of talk"),
    "TRANSFER": N_("agent %(agent)s handed the call on after %(talk)s s"),
    "TRANSFERFAILED": N_("agent %(agent)s tried in vain to hand the call on"),
    "NOTALK": N_("agent %(agent)s picked up, but there was no talk"),
    "REQUEUE": N_("waits again in the queue %(queue)s"),
    "OVERFLOW": N_("leaves the queue %(queue)s by a rule: %(detail)s"),
    "DECLINE": N_("there is no place in this flood: %(detail)s"),
    "PLACEBACK": N_("has the place back of the call %(of)s"),
    "PRIORITY": N_("another priority: %(priority)s, by %(by)s"),
    "MOVE": N_("the talk moved from agent %(of)s to agent %(agent)s"),
    "NEIGHBOUR": N_("the neighbouring hotline %(to)s was asked: %(detail)s"),
}
"""Of the queues."""

PLACE_OF_CALL_BACK = N_("has the place back of the call-back %(of)s")
GOES_ON = N_("goes on to the queue %(to)s")

TALK: Mapping[str, str] = {
    "HOLD": N_("agent %(agent)s puts the citizen on hold"),
    "UNHOLD": N_("agent %(agent)s takes him off hold after %(seconds)s s"),
    "MUTE": N_("agent %(agent)s mutes the microphone"),
    "UNMUTE": N_("agent %(agent)s speaks again"),
    "PAUSERECORDING": N_("agent %(agent)s pauses the recording"),
    "RESUMERECORDING": N_("agent %(agent)s resumes it after %(seconds)s s"),
    "CALLTHIRDPARTY": N_("agent %(agent)s calls %(who)s: %(detail)s"),
    "CONSULT": N_("%(who)s answered agent %(agent)s after %(seconds)s s"),
    "NOTHIRDPARTY": N_("%(who)s could not be reached: %(detail)s"),
    "THREEPARTY": N_("%(who)s, the citizen and agent %(agent)s speak together"),
    "THIRDPARTYLEFT": N_("%(who)s left after %(seconds)s s"),
    "HANDOVER": N_("agent %(agent)s hands the call over to %(who)s (%(detail)s)"),
    "SUPERVISE": N_("%(who)s supervises agent %(agent)s: %(detail)s"),
    "SUPERVISEMODE": N_("%(who)s supervises otherwise: %(detail)s"),
    "NOSUPERVISOR": N_("%(who)s could not supervise: %(detail)s"),
    "SUPERVISEEND": N_("%(who)s supervised for %(seconds)s s"),
    "DISPOSITION": N_("agent %(agent)s notes what it was about: %(detail)s"),
}
"""Of the talk."""

ARRIVED = N_("the call arrived")
PLACED = N_("the call was placed")
ANSWERED = N_("the call was answered")
ENDED = N_("the call ended (%(cause)s):")
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ANSWERED: N_("answered by an agent"),
    Outcome.ABANDONED_IN_IVR: N_("gave up in the menu"),
    Outcome.ABANDONED_IN_QUEUE: N_("gave up in the queue"),
    Outcome.ABANDONED_WHILE_RINGING: N_("gave up while an agent was rung"),
    Outcome.BLOCKED: N_("all lines were taken"),
    Outcome.REFUSED: N_("refused"),
    Outcome.CALL_BACK_PROMISED: N_("a call-back was promised"),
    Outcome.DECLINED: N_("no place for the call"),
    Outcome.NOT_REACHED: N_("the citizen was not reached"),
    Outcome.COMPLETED_IN_IVR: N_("served by the menu alone"),
    Outcome.FAILED: N_("a technical failure"),
    Outcome.CUT_OFF: N_("cut off"),
}
"""How a call ended."""
STEP = N_("%(step)s (%(kind)s) lasted %(seconds)s s")
STEP_RESULT = N_("%(step)s (%(kind)s) lasted %(seconds)s s, result: %(result)s")
SURVEY = N_("answers the survey, %(step)s: %(answer)s")
MESSAGE = N_("leaves a spoken message of %(seconds)s s")
