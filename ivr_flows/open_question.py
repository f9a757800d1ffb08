"""The step that asks for words of his own: recorded now, read by a machine after the call."""

from typing import Final, Literal

from pydantic import Field

from ivr_flows.step import Seconds, Speaking

RECORDED: Final = "recorded"
"""The answer to an open question: what was said stands in the call's recording."""


class OpenQuestionStep(Speaking):
    """Lets the caller say what he wants, until a pause, a key or `max_seconds`.

    Speech and keys end the question. Who has not begun to speak after
    `silence_seconds` is led on; where nobody can hear, only a key or the time ends it.
    """

    do: Literal["open_question"]
    max_seconds: float = Field(60, ge=5, le=180)
    silence_seconds: Seconds = 5
