"""Campaigns of follow-up calls in the words of the pages."""

from typing import Any

from console.words import N_
from outbound.answer import GivenBy
from outbound.campaign import (
    CampaignEnded,
    CampaignError,
    CampaignExists,
    CampaignNameRefused,
    CampaignState,
    EndRefused,
    ModeRefused,
    RulesRefused,
)
from outbound.contact import ContactState, FollowUpOutcome
from outbound.contact_file import FileFault
from outbound.contact_reading import ContactFault
from outbound.mode import DialMode
from outbound.standing import Pace

CAMPAIGN_STATES = {
    CampaignState.RUNNING: N_("running"),
    CampaignState.PAUSED: N_("paused"),
    CampaignState.ENDED: N_("ended for good"),
}
STATES = {
    ContactState.WAITING: N_("waiting to be called"),
    ContactState.DIALLING: N_("being called now"),
    ContactState.DONE: N_("reached"),
    ContactState.EXHAUSTED: N_("all tries used"),
    ContactState.OPTED_OUT: N_("opted out"),
    ContactState.BARRED: N_("may not be called"),
    ContactState.WITHDRAWN: N_("withdrawn as it ended"),
}
MARKS = {
    ContactState.DIALLING: "good",
    ContactState.DONE: "good",
    ContactState.EXHAUSTED: "warn",
    ContactState.OPTED_OUT: "warn",
    ContactState.BARRED: "warn",
    ContactState.WITHDRAWN: "warn",
}
"""The class of a state's mark; the others have none."""
MODES = {
    DialMode.AGENTLESS: N_("the machine asks"),
    DialMode.PREVIEW: N_("agents, after a look at the contact"),
    DialMode.PROGRESSIVE: N_("agents, one reserved for each call"),
    DialMode.PREDICTIVE: N_("agents, dialled ahead of them"),
}
PACES = {
    Pace.FREE: N_("Lines are free: contacts are called as they become due."),
    Pace.NO_LINES: N_("No line is set for follow-up calls, so nobody is called."),
    Pace.STOPPING: N_("The service is about to stop: nobody more is called."),
    Pace.PLAN: N_(
        "An emergency plan is on: follow-up calls yield to citizens who call."
    ),
    Pace.NO_TRUNK: N_(
        "No trunk took a call just now: it is tried again in half a minute."
    ),
    Pace.NOT_OFFERED: N_(
        "The settings no longer have this campaign's own number or flow: choose another one, nobody is called."
    ),
    Pace.OUTSIDE_WINDOWS: N_(
        "Nobody is called at this hour; the next window opens at %(time)s."
    ),
    Pace.LINES_USED: N_("All lines for follow-up calls are in use."),
    Pace.CITIZENS_WAIT: N_(
        "%(n)s citizens wait for a person: follow-up calls yield their lines to them."
    ),
    Pace.LEGS_KEPT: N_(
        "The last lines are kept for citizens and agents: follow-up calls yield."
    ),
}
OUTCOMES = {
    FollowUpOutcome.COMPLETED: N_("answered everything"),
    FollowUpOutcome.PARTIAL: N_("answered a part"),
    FollowUpOutcome.PERSON: N_("asked for a person"),
    FollowUpOutcome.REFUSED: N_("would not answer"),
    FollowUpOutcome.OPTED_OUT: N_("opted out"),
    FollowUpOutcome.HUNG_UP: N_("hung up"),
    FollowUpOutcome.SILENT: N_("nothing was heard"),
    FollowUpOutcome.MACHINE: N_("a machine answered"),
    FollowUpOutcome.NETWORK_ANNOUNCEMENT: N_("announcement of the network"),
    FollowUpOutcome.BUSY: N_("busy"),
    FollowUpOutcome.NO_ANSWER: N_("did not answer"),
    FollowUpOutcome.REJECTED: N_("rejected"),
    FollowUpOutcome.UNREACHABLE: N_("unreachable"),
    FollowUpOutcome.NO_LINE: N_("no line was free"),
    FollowUpOutcome.NOT_ALLOWED: N_("our number may not be shown"),
    FollowUpOutcome.TALKED: N_("talked with an agent"),
    FollowUpOutcome.ABANDONED: N_("answered, and no agent was there"),
    FollowUpOutcome.NO_AGENT: N_("the agent left"),
    FollowUpOutcome.CUT_OFF: N_("was cut off"),
    FollowUpOutcome.SERVICE_KILLED: N_("the service was killed"),
}
QUESTIONS = {
    "contacted": N_("Was he contacted?"),
    "solved": N_("Is it solved?"),
    "satisfied": N_("Is he satisfied?"),
}
ANSWERS = {
    "yes": N_("yes"),
    "partly": N_("partly"),
    "no": N_("no"),
    "very_satisfied": N_("very satisfied"),
    "satisfied": N_("satisfied"),
    "neutral": N_("basically satisfied"),
    "dissatisfied": N_("dissatisfied"),
    "very_dissatisfied": N_("very dissatisfied"),
    "person": N_("asked for a person"),
    "refuses": N_("would not answer"),
    "opted_out": N_("wants no follow-up calls"),
    "unclear": N_("not understood"),
    "recorded": N_("in words of his own"),
    "may_opt_out": N_("perhaps wants no follow-up calls"),
}
"""In the order in which a person is offered them; others are shown as they are kept."""
GIVEN_BY = {
    GivenBy.KEY: N_("by key"),
    GivenBy.VOICE: N_("by voice"),
    GivenBy.AGENT: N_("to an agent"),
}
FIELDS = {
    "order_id": N_("order"),
    "number": N_("number"),
    "closed_at": N_("closed at"),
    "language": N_("language"),
    "unit": N_("unit"),
    "confidential": N_("confidential"),
}
FAULTS = {
    ContactFault.MISSING: N_("It is missing."),
    ContactFault.NOT_TEXT: N_("Write it as text."),
    ContactFault.NO_SUCH_FIELD: N_(
        "There is a column that nobody knows, or the line has more or fewer cells than the first one."
    ),
    ContactFault.MALFORMED: N_(
        "It has signs that may not be there, is too long, or is neither yes nor no."
    ),
    ContactFault.NO_NUMBER: N_("This is no citizen's telephone number."),
    ContactFault.NO_TRUNK: N_("No trunk may call this number."),
    ContactFault.NO_TIME: N_("This is no time; write one like 2026-11-20T14:03."),
    ContactFault.IN_FUTURE: N_("It lies in the future."),
    ContactFault.NOT_SPOKEN: N_("This language is not spoken here: zh, en or ko."),
}
FILE_FAULTS = {
    FileFault.NOT_UTF8: N_(
        'The file is not UTF-8: save it as "CSV UTF-8", which Excel and WPS offer.'
    ),
    FileFault.NOT_READ: N_("The file cannot be read."),
    FileFault.TOO_DEEP: N_(
        "The file is nested too deeply: write a flat list of contacts."
    ),
    FileFault.NO_LIST: N_("The file holds no list of contacts."),
    FileFault.HALF_CHARACTER: N_("The file holds half a character: write it in UTF-8."),
    FileFault.COLUMN_MISSING: N_(
        "The first line names the columns, and these are missing: %(what)s."
    ),
    FileFault.COLUMN_TWICE: N_("The first line names this column twice: %(what)s."),
    FileFault.BROKEN: N_("The file is broken: %(what)s."),
}
ALL: dict[str, Any] = {
    "campaign_states": CAMPAIGN_STATES,
    "states": STATES,
    "marks": MARKS,
    "modes": MODES,
    "paces": PACES,
    "outcomes": OUTCOMES,
    "questions": QUESTIONS,
    "answers": ANSWERS,
}
"""As the templates name them."""
REFUSALS: dict[type[CampaignError], str] = {
    CampaignNameRefused: N_(
        "A name has small letters, digits, - and _, at most 40, and begins with a letter or a digit."
    ),
    CampaignExists: N_("There is a campaign of this name already."),
    CampaignEnded: N_(
        "This campaign was ended for good: nothing of it can be changed."
    ),
    RulesRefused: N_(
        "Choose a number and a flow of the lists; write hours like 09:00-12:00, 14:00-20:00, between 08:00 and 21:00 and apart from each other."
    ),
    EndRefused: N_("Write why it shall end."),
    ModeRefused: N_(
        "Where agents speak choose their queue; where the machine asks choose none."
    ),
}


def refusal_in_words(error: CampaignError) -> str:
    """Why a form was refused, as a sentence that is translated."""
    return REFUSALS.get(type(error), str(error))
