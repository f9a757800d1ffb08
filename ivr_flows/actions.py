"""What the interpreter wants done, and what came of it. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr_flows.sentences import Language, Sentence
from ivr_flows.understanding.answers import Answer, Question

EMERGENCY = 1000
"""The priority of a call that goes before all others, whatever its queue."""


class QueueOutcome(StrEnum):
    """How the caller left the queue, while his line is still up."""

    TALKED = "talked"
    TOO_LONG = "too_long"
    LEFT = "left"
    NOBODY = "nobody"
    OVERFLOW = "overflow"
    CALL_BACK = "call_back"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Say the sentences; a digit of `interrupt_by` ends them and stays unread."""

    sentences: tuple[Sentence, ...]
    interrupt_by: str = ""
    clear_digits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDigits:
    """Read up to `max_digits`, or until `terminator` (any of its keys)."""

    max_digits: int
    first_timeout_seconds: float
    next_timeout_seconds: float
    terminator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Say the sentences and take the answer to a question: a word, or one key.

    With `barge_in` both end the sentences. After them it is waited `timeout_seconds`
    for a key or for him to begin to speak.
    """

    question: Question
    language: Language
    sentences: tuple[Sentence, ...]
    timeout_seconds: float
    barge_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOut:
    """Say the sentences, and let him speak until a pause, a key or `max_seconds`."""

    language: Language
    sentences: tuple[Sentence, ...]
    max_seconds: float
    silence_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage:
    """Record the caller until a digit of `end_by` or for `max_seconds`."""

    max_seconds: float
    end_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterQueue:
    """Let the caller wait for an agent; `announce` is said to him while he waits.

    `queue` "" is the first queue of the hotline. `skills` are the levels that he asks for
    besides the queue's own. He leaves the queue early only in the ways that are asked for
    here: after `max_wait_seconds` (not None), by `leave_key` (not ""), or when no agent is
    logged in (`leave_when_nobody`). With `call_back_key` (not "") he may ask to be called
    back at his place. By `move_keys` he goes to other queues, named by key, with the time that
    he has waited. `remind` is said every `remind_every_seconds`. `exits` are the
    outcomes after which the flow goes on; after the others there is only a good-bye.
    """

    queue: str
    language: Language
    priority: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    announce: tuple[Sentence, ...] = ()
    announce_position: bool = True
    max_wait_seconds: float | None = None
    leave_key: str = ""
    leave_when_nobody: bool = False
    call_back_key: str = ""
    move_keys: Mapping[str, str] = field(default_factory=dict)
    remind: tuple[Sentence, ...] = ()
    remind_every_seconds: float = 60
    exits: frozenset[str] = frozenset()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Connect the caller to a number or a SIP URI."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The sentences were said, or a digit cut them."""

    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsRead:
    """The digits without the terminator; "" when none came in time."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said, and what was understood; `confidence` is 0 to 1."""

    answer: Answer
    confidence: float
    transcript: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHeard:
    """A key, or what was said; neither of them is silence.

    `deaf` says that nobody can listen now: the question is left to the keys.
    """

    digits: str = field(default="", repr=False)
    said: Said | None = None
    deaf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardOut:
    """He has spoken, as far as anybody can tell; or certainly not."""

    spoke: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecorded:
    """The caller's message is on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft:
    """The caller is out of the queue or his talk is over, and he is still there."""

    outcome: QueueOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEnded:
    """The talk with the target is over (`connected`), or it never came about."""

    connected: bool


Request = EnterQueue | Transfer | HangUp
Action = Play | ReadDigits | Listen | HearOut | RecordMessage | Request
Result = (
    Played
    | DigitsRead
    | AnswerHeard
    | HeardOut
    | MessageRecorded
    | QueueLeft
    | TransferEnded
)
