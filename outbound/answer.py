"""An answer to one question of a follow-up call, with how and where it was given."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

MAY_OPT_OUT: Final = "may_opt_out"
"""Words that were read after the call sound like an opt-out: a person hears them."""


class GivenBy(StrEnum):
    """How the citizen answered; `AGENT`: to an agent, and a person wrote it down."""

    KEY = "key"
    VOICE = "voice"
    AGENT = "agent"


class TranscriptState(StrEnum):
    """How it stands with the words of a recorded answer.

    `NO_MODEL`: there is no speech model for its language; tried again at each start.
    """

    WAITING = "waiting"
    DONE = "done"
    NO_MODEL = "no_model"
    NO_RECORDING = "no_recording"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. The clip, question and answer, is a part of the call's recording.

    `confidence` is 1 for a key, and the `transcript` "". `clip_start_seconds` counts from the recording's start.
    `transcription` is None where nothing is left to be transcribed after the call.
    """

    question: str
    answer: str
    given_by: GivenBy
    confidence: float
    transcript: str = field(default="", repr=False)
    at: datetime
    clip_start_seconds: float
    clip_seconds: float
    transcription: TranscriptState | None = None
