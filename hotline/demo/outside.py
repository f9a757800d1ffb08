"""Whom the demo's hotline rings, and what each of them does: pure, by his number.

All of them live behind the demo's own telephone company on loopback: citizens whose
orders were closed, and staff who are off duty. No number of theirs is anybody else's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from hotline.demo.past import City
from hotline.demo.script import RESTING

CAMPAIGN = "demo"
TRUNK, SHOWN_NUMBER = "telecom", "053112345"
ORDERS = 60
UNITS = "市水务局", "市城管局", "市医保局", "市住建局"
_CITIZENS_FROM, _STAFF_FROM = 13700000001, 13700009001
QUESTIONS = (
    "follow_up_contacted",
    "follow_up_solved",
    "follow_up_satisfied",
    "follow_up_why",
    "follow_up_offer",
    "recall_comes",
    "recall_soon",
)
"""The sentences by whose tones a person who is rung knows what he is asked."""
_QUESTION_TONES_HZ = range(2440, 2580, 20)

OPT_OUT, SPOKEN = "9", "#"


class Does(StrEnum):
    """What becomes of a call."""

    ANSWERS = "answers"
    SAYS_NOTHING = "says nothing"
    IS_BUSY = "is busy"
    LETS_IT_RING = "lets it ring"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What somebody does when he is rung; `keys` by question.

    After the answer to `leaves_after` he hangs up.
    """

    does: Does = Does.ANSWERS
    keys: Mapping[str, str] = field(default_factory=dict)
    leaves_after: str = ""


def _asked(contacted: str, solved: str = "", satisfied: str = "") -> dict[str, str]:
    keys = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    keys |= {"why": SPOKEN, "offer": "2"}
    return {f"follow_up_{question}": key for question, key in keys.items() if key}


def _recalled(comes: str, soon: str = "") -> Habit:
    keys = {"recall_comes": comes, "recall_soon": soon}
    return Habit(keys={question: key for question, key in keys.items() if key})


_CITIZENS = (
    Habit(keys=_asked("1", "1", "1")),
    Habit(keys=_asked("1", "2", "1")),  # not solved, and very satisfied: doubtful
    Habit(does=Does.IS_BUSY),
    Habit(keys=_asked("2", "2", "5")),
    Habit(keys=_asked("1", "1", "2")),
    Habit(does=Does.LETS_IT_RING),
    Habit(keys=_asked("1", "1", "1")),
    Habit(does=Does.VOICEMAIL),
    Habit(keys=_asked("1"), leaves_after="follow_up_contacted"),
    Habit(keys=_asked("1", "1", "3")),
    Habit(does=Does.SAYS_NOTHING),
    Habit(keys=_asked(OPT_OUT)),
)
_STAFF = (
    _recalled("1", "1"),
    _recalled("2"),
    Habit(does=Does.LETS_IT_RING),
    _recalled("1", "2"),
    _recalled("1", "1"),
    Habit(does=Does.IS_BUSY),
    _recalled("1", "3"),
    _recalled("1", "2"),
)
MEANS: Mapping[str, Mapping[str, str]] = {
    "contacted": {"1": "yes", "2": "no"},
    "solved": {"1": "yes", "2": "no"},
    "satisfied": {
        "1": "very_satisfied",
        "2": "satisfied",
        "3": "neutral",
        "5": "very_dissatisfied",
    },
    "why": {SPOKEN: "recorded"},
}
"""What the records call the keys that are answers: by question of the flow, and key."""


def habit_of(number: str) -> Habit:
    """What happens when this number is rung, whoever gave it to the hotline."""
    if person := staff_of(number):
        return _STAFF[[id_ for id_, _ in RESTING].index(person)]
    last = number[-4:]
    own = int(last) - 1 if last.isascii() and last.isdecimal() else 0
    return _CITIZENS[own % len(_CITIZENS)]


def recall_number(person: str) -> str:
    """Where somebody who is off duty is rung."""
    return str(_STAFF_FROM + [id_ for id_, _ in RESTING].index(person))


def staff_of(number: str) -> str:
    """Whose recall number it is; "" when nobody's."""
    own = (id_ for id_, _ in RESTING if recall_number(id_) == number)
    return next(own, "")


def question_tone_hz(question: str) -> int:
    """The tone in a question's voice."""
    return _QUESTION_TONES_HZ[QUESTIONS.index(question)]


def orders(city: City) -> list[dict[str, str]]:
    """The closed orders whose citizens are asked, as the order system sends them."""
    return [
        {
            "order_id": f"DEMO-{n + 1:03d}",
            "number": str(_CITIZENS_FROM + n),
            "closed_at": (city.now - timedelta(hours=3, minutes=20 * n)).isoformat(),
            "unit": UNITS[n % len(UNITS)],
        }
        for n in range(ORDERS)
    ]
