"""A spoken opt-out is asked about where it may be none: it silences a number for good."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from ivr_flows.actions import AnswerHeard, Listen, Said
from ivr_flows.sentences import Language, Sentence
from ivr_flows.understanding.answers import Answer, Question

CONFIRMING_SECONDS: Final = 5.0
"""So long an opt-out waits for its yes, or its key."""
OPT_OUTS: Final = frozenset({Answer.OPT_OUT, Answer.MAY_OPT_OUT})


def asked_about(language: Language) -> Listen:
    """Whether he wants none of these calls."""
    words = Sentence(words="follow_up_confirm_opt_out", language=language)
    return Listen(
        question=Question.OPT_OUT,
        language=language,
        sentences=(words,),
        timeout_seconds=CONFIRMING_SECONDS,
    )


async def settled(
    said: Said, ask: Callable[[], Awaitable[AnswerHeard]]
) -> tuple[AnswerHeard, bool]:
    """What shall count for a spoken opt-out, and whether it was confirmed.

    Who says no, presses another key, or was only perhaps understood and says nothing to
    it, is asked his question again.
    """
    heard = await ask()
    reply, answer = heard.said, heard.said.answer if heard.said else Answer.UNCLEAR
    if reply and answer is Answer.OPT_OUT:
        words = f"{said.transcript}, {reply.transcript}"
        return AnswerHeard(said=replace(reply, transcript=words)), True
    if reply and answer in (Answer.PERSON, Answer.REFUSES):
        return AnswerHeard(said=reply), False
    leaves_it = answer is Answer.UNCLEAR and not heard.digits
    if leaves_it and said.answer is Answer.OPT_OUT:
        return AnswerHeard(said=said), False
    return AnswerHeard(said=replace(said, answer=Answer.UNCLEAR)), False
