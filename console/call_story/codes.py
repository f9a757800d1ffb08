"""The codes of the records in words: why, how and what, each once for all sentences."""

from collections.abc import Mapping

from console.words import N_

CODED = ("detail", "cause", "kind", "result")
"""The values of sentences that are codes, and are said in the reader's language."""

REACHED: Mapping[str, str] = {
    "busy": N_("busy"),
    "no_answer": N_("no answer"),
    "rejected": N_("rejected"),
    "unreachable": N_("unreachable"),
    "no_trunk": N_("no trunk"),
    "not_allowed": N_("not allowed"),
    "lines_in_use": N_("lines in use"),
    "hung_up": N_("hung up"),
    "answered": N_("answered"),
}
"""What came of a telephone that was called."""
OVERFLOW: Mapping[str, str] = {
    "wait": N_("waited too long"),
    "length": N_("the queue is full"),
    "calls_per_agent": N_("too many calls for its agents"),
    "no_agents": N_("no agent is there"),
    "closed": N_("the queue is closed"),
    "key": N_("by key"),
}
"""Why a queue is left."""
DECLINED: Mapping[str, str] = {
    "call_back": N_("a call-back is promised"),
    "message": N_("a message says so"),
}
"""What is done for whom there is no place."""
TALK: Mapping[str, str] = {
    "transfer": N_("to transfer to it"),
    "consultation": N_("to ask first"),
    "listen": N_("listens"),
    "whisper": N_("whispers to the agent"),
    "barge": N_("speaks with both"),
    "third_party": N_("a third party"),
    "queue": N_("a queue"),
    "agent": N_("an agent"),
}
"""How somebody comes into a talk."""
CAUSES: Mapping[str, str] = {
    "peer_hung_up": N_("peer hung up"),
    "we_hung_up": N_("we hung up"),
    "cancelled": N_("cancelled"),
    "dead_peer": N_("dead peer"),
    "media_failed": N_("media failed"),
    "endpoint_stopped": N_("endpoint stopped"),
    "service_killed": N_("service killed"),
}
"""Why a line ended, beside what came of a telephone."""
STEPS: Mapping[str, str] = {
    "say": N_("announcement"),
    "play": N_("audio"),
    "menu": N_("menu"),
    "collect": N_("digits"),
    "enqueue": N_("queue"),
    "transfer": N_("transfer"),
    "opening_hours": N_("opening hours"),
    "answered": N_("by an earlier answer"),
    "set": N_("setting"),
    "go_to": N_("jump"),
    "record_message": N_("spoken message"),
    "hang_up": N_("end"),
    "survey": N_("survey"),
    "open_question": N_("open question"),
}
"""The kinds of a flow's steps."""
RESULTS: Mapping[str, str] = {
    "then": N_("as asked"),
    "otherwise": N_("otherwise"),
    "open": N_("open"),
    "closed": N_("closed"),
    "no_queue": N_("no queue"),
    "invalid": N_("a wrong key"),
    "timeout": N_("nothing in time"),
    "key": N_("a key"),
    "passed": N_("passed"),
    "interrupted": N_("interrupted by a key"),
    "played": N_("heard to its end"),
    "recorded": N_("recorded"),
    "silent": N_("silent"),
    "connected": N_("connected"),
    "failed": N_("failed"),
    "talked": N_("talked"),
    "too_long": N_("waited too long"),
    "left": N_("left by key"),
    "nobody": N_("no agent is there"),
    "overflow": N_("overflowed"),
    "call_back": N_("a call-back is promised"),
    "full": N_("the queue is full"),
    "set": N_("done"),
}
"""What came of a step."""
STRATEGIES: Mapping[str, str] = {
    "fewest_calls": N_("fewest calls"),
    "least_talk_time": N_("least talk time"),
    "linear": N_("linear"),
    "longest_idle": N_("longest idle"),
    "random": N_("random"),
    "ring_all": N_("ring all"),
    "round_robin": N_("round robin"),
    "weighted_random": N_("weighted random"),
}
"""Who is asked first."""

PRIORITIES: Mapping[str, str] = {"emergency": N_("emergency")}
"""A priority that has a name."""

_QUEUE: Mapping[str, Mapping[str, str]] = {
    "RINGNOANSWER": REACHED,
    "DECLINE": DECLINED,
    "OVERFLOW": OVERFLOW,
    "NEIGHBOUR": REACHED,
}
_TALK: Mapping[str, Mapping[str, str]] = {
    "NOTHIRDPARTY": REACHED,
    "NOSUPERVISOR": REACHED,
}


def of_queue(kind: str, detail: str | None) -> str:
    """The detail of a queue's event."""
    return word(_QUEUE.get(kind, {}), detail)


def of_talk(kind: str, detail: str | None) -> str:
    """The detail of a talk's event."""
    return word(_TALK.get(kind, TALK), detail)


def of_end(cause: str | None) -> str:
    """Why the call ended."""
    return word({**REACHED, **CAUSES}, cause)


def word(known: Mapping[str, str], code: str | None) -> str:
    """A code in words; what is none of them without its underscores."""
    code = code or ""
    return known.get(code, code.replace("_", " "))
