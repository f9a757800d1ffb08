"""What a look tells of its own doubts, as sentences that a page can say in the reader's language; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from console.words import N_

SENTENCES = (
    N_("%(n)s days are known: a level is followed"),
    N_("%(day)s: %(figures)s are no count of calls and are left out"),
    N_("%(day)s: %(figures)s are far beyond the usual and are not learned from"),
    N_("%(day)s: %(figures)s where many are usual: taken as a gap"),
    N_("and so on %(n)s more days"),
    N_("%(n)s of %(of)s days were hardly recorded and are left out"),
    N_("%(n)s intervals of days past are missing and were guessed"),
    N_("%(n)s intervals of the day are missing or cannot be right; left out"),
    N_("no calls are recorded yet: nothing can be foreseen"),
    N_("the roster has no shift on %(day)s"),
    N_("the roster has %(who)s, whom nobody knows: left out"),
    N_("%(who)s has two shifts at once: the later one is left out"),
    N_("the forecast is that of %(time)s"),
    N_("%(day)s cannot be foreseen: the hour ahead ends at midnight"),
    N_("%(kind)s of %(who)s was declined: not proposed again in its hour"),
    N_(
        "%(who)s is rostered on the phones of %(day)s without the qualification %(name)s"
    ),
    N_("%(kind)s of %(who)s is not carried out: the shift or the queues have changed"),
    N_("%(kind)s of %(who)s is not carried out: the rules of queues are against it"),
    N_("%(kind)s of %(who)s is not carried out: it is decided, or its time is over"),
)
"""As forecasts, rosters and rounds say them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A sentence to translate, what it names, and the queue that it is about ("": none)."""

    queue: str
    sentence: str
    values: Mapping[str, str]


def doubt_of(words: str) -> Doubt:
    """The sentence behind words; words that nobody knows are said as they are."""
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(words):
            values = found.groupdict()
            queue = values.pop("queue") or ""
            return Doubt(queue=queue, sentence=sentence, values=values)
    return Doubt(queue="", sentence=words.replace("%", "%%"), values={})


def _pattern(sentence: str) -> re.Pattern[str]:
    """It matches the sentence with values, also after the name of a queue."""
    values = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence))
    return re.compile(rf"(?:(?P<queue>[^:\s]+): )?{values}")


_PATTERNS = tuple((sentence, _pattern(sentence)) for sentence in SENTENCES)
