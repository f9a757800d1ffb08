"""What the thread that owns PJSIP tells the loop about one leg."""

from dataclasses import dataclass

from telephony.events import LegEnded
from telephony.pjsua.hearing import Prompt


@dataclass(frozen=True, slots=True)
class Tried:
    """The peer of a placed leg gave its first sign of life."""


@dataclass(frozen=True, slots=True)
class Rang:
    """The peer of a placed leg answered 180 or 183."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The leg is confirmed and its audio is negotiated."""


@dataclass(frozen=True, slots=True)
class Digit:
    """The peer pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Held:
    """The peer put us on hold, or took us back."""

    held: bool


@dataclass(frozen=True, slots=True)
class PromptEnded:
    """A prompt is over: at its end, or cut."""

    prompt: Prompt
    complete: bool


@dataclass(frozen=True, slots=True)
class RecordingClosed:
    """The recording's file is complete."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The leg is over."""

    ended: LegEnded


News = Tried | Rang | Answered | Digit | Held | PromptEnded | RecordingClosed | Ended
