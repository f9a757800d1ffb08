"""Hears what one citizen answers: by key, or by voice in his growing recording."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from ivr_flows.actions import AnswerHeard, HearOut, Listen, Said
from ivr_flows.sentences import Language
from ivr_flows.step import KEYS
from ivr_flows.understanding.by_ear import understand_heard
from ivr_flows.understanding.lexicon import lexicon
from telephony.calls import Leg, TelephonyError
from telephony.speech.recognition import Heard, Listening

logger = logging.getLogger(__name__)

T = TypeVar("T")

ASKING_SECONDS: Final = 120.0
"""No asking lasts so long: prompt, pause and answer."""
SPEAKING_SECONDS: Final = 12.0
"""Who speaks longer to a question is asked again."""
PAUSE_SECONDS: Final = 2.5
"""Who is quiet for so long has said what he wanted to say."""
LATE_SECONDS: Final = 3.0
"""So much later than speech has ended its words must be there."""
DEAF: Final = AnswerHeard(deaf=True)


class Recognises(Protocol):
    """A recogniser that follows recordings; see `telephony.speech.recognition`."""

    def listen(
        self,
        recording: Path,
        phrases: Sequence[str],
        *,
        from_seconds: float | None = None,
        limit_seconds: float = ...,
        speaking_seconds: float = ...,
        closing_seconds: float | None = None,
    ) -> AbstractAsyncContextManager[Listening]:
        """Listen from the recording's present end on."""


class Listener:
    """The ear for one citizen, whose `recording` grows while he speaks.

    Nothing here touches his audio: speech ends a prompt when the recogniser's worker has
    seen it in the recording.
    """

    def __init__(
        self, recognisers: Mapping[Language, Recognises], recording: Path
    ) -> None:
        self._recognisers, self._recording = recognisers, recording

    @property
    def languages(self) -> frozenset[str]:
        """In which languages he can be understood."""
        return frozenset(self._recognisers)

    async def answer(
        self, leg: Leg, files: Sequence[Path], wanted: Listen
    ) -> AnswerHeard:
        """Play the question, and take the key or the words that answer it."""
        listen = self._recognisers[wanted.language].listen(
            self._recording,
            lexicon(wanted.language).grammar(wanted.question),
            limit_seconds=ASKING_SECONDS,
            speaking_seconds=SPEAKING_SECONDS,
        )
        async with listen as listening:
            return await _answered(leg, files, wanted, listening)

    async def hear_out(self, leg: Leg, files: Sequence[Path], wanted: HearOut) -> bool:
        """Let him speak; false when he did not. Without an ear until he presses a key."""
        listen = self._recognisers[wanted.language].listen(
            self._recording,
            (),
            limit_seconds=ASKING_SECONDS + wanted.max_seconds,
            speaking_seconds=wanted.max_seconds,
            closing_seconds=PAUSE_SECONDS,
        )
        async with listen as listening:
            if _is_lost(listening):
                return await until_key(leg, files, wanted.max_seconds)
            spoke = await _heard_out(leg, files, wanted, listening)
        if spoke is not None:
            return spoke
        return await until_key(leg, (), wanted.max_seconds)


async def until_key(leg: Leg, files: Sequence[Path], seconds: float) -> bool:
    """Play, then wait for any key. That he has spoken is all that can be supposed."""
    if files:
        await _played(leg, files, KEYS)
    await leg.read_digit(timeout_seconds=seconds)
    return True


async def asked_for_key(leg: Leg, files: Sequence[Path], seconds: float) -> AnswerHeard:
    """What a question comes to where nobody can hear."""
    if files:
        await _played(leg, files, KEYS)
    digit = await leg.read_digit(timeout_seconds=seconds)
    return AnswerHeard(digits=digit or "")


async def _heard_out(
    leg: Leg, files: Sequence[Path], wanted: HearOut, listening: Listening
) -> bool | None:
    """None when nobody could hear."""
    if files:
        await _until(_played(leg, files, KEYS), listening.began)
    if not listening.began.done():
        await _key_until(leg, wanted.silence_seconds, listening.began)
        if not listening.began.done():
            return False
    if not _is_lost(listening):
        patience = wanted.max_seconds + LATE_SECONDS
        await _key_until(leg, patience, listening.heard)
    return None if _is_lost(listening) else True


async def _answered(
    leg: Leg, files: Sequence[Path], wanted: Listen, listening: Listening
) -> AnswerHeard:
    if not _is_lost(listening):
        await _ask(leg, files, wanted, listening)
        if not listening.began.done():
            timeout = wanted.timeout_seconds
            if digit := await _key_until(leg, timeout, listening.began):
                return AnswerHeard(digits=digit)
            if not listening.began.done():
                return AnswerHeard()
    if _is_lost(listening):
        return DEAF
    patience = SPEAKING_SECONDS + LATE_SECONDS
    if digit := await _key_until(leg, patience, listening.heard):
        return AnswerHeard(digits=digit)
    if not listening.heard.done() or _is_lost(listening):
        return DEAF
    return _understood(listening.heard.result(), wanted)


async def _ask(
    leg: Leg, files: Sequence[Path], wanted: Listen, listening: Listening
) -> None:
    if not files:
        return
    keys = KEYS if wanted.barge_in else ""
    playing = _played(leg, files, keys)
    if wanted.barge_in:
        await _until(playing, listening.began)
    else:
        await playing


async def _played(leg: Leg, files: Sequence[Path], keys: str) -> None:
    try:
        await leg.play(files, interrupt_by=keys)
    except TelephonyError as error:
        logger.warning("call %s: a file is not played: %s", leg.id, error)


async def _key_until(leg: Leg, seconds: float, end: asyncio.Future[Any]) -> str:
    reading = leg.read_digit(timeout_seconds=seconds)
    return await _until(reading, end) or ""


async def _until(doing: Coroutine[Any, Any, T], end: asyncio.Future[Any]) -> T | None:
    """Do it until it is done, or cut it when the other is; None when it was cut."""
    task = asyncio.create_task(doing, name="until something is heard")
    try:
        await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()
        await asyncio.wait({task})
    return None if task.cancelled() else task.result()


def _is_lost(listening: Listening) -> bool:
    heard = listening.heard
    return heard.done() and (heard.cancelled() or heard.exception() is not None)


def _understood(heard: Heard, wanted: Listen) -> AnswerHeard:
    if heard.silent:
        return AnswerHeard()
    found = understand_heard(
        heard.text,
        wanted.question,
        wanted.language,
        heard_confidence=heard.confidence,
    )
    return AnswerHeard(
        said=Said(
            answer=found.answer,
            confidence=found.confidence,
            transcript=heard.text,
        )
    )
