"""`hotline check`: can spoken answers be recognised, and are all their words known?"""

from collections.abc import AsyncIterator
from pathlib import Path

from config.settings import Settings, SpokenLanguage
from hotline.finding import Finding, Verdict, fault
from hotline.recognition import (
    missing_words,
    recogniser,
    recognition_model,
    set_model,
)
from ivr_flows.sentences import LANGUAGES
from telephony.speech.models import fault_of_model
from telephony.speech.recognition import RecognitionError


async def check_speech(settings: Settings) -> AsyncIterator[Finding]:
    """Each model is loaded in a worker and asked for every word of every question.

    Without a model the service works: answers are given by keys. One that is set and
    cannot be used is a fault. Other languages than the hotline's own need none.
    """
    for language in LANGUAGES:
        if finding := await _finding(settings, language):
            yield finding


async def _finding(settings: Settings, language: SpokenLanguage) -> Finding | None:
    what = f"speech recognition ({language})"
    folder = recognition_model(settings, language)
    if reason := fault_of_model(folder):
        if set_model(settings, language):
            return fault(what, reason)
        if language != settings.speech.language:
            return None
        words = f"off, answers are given by keys: {reason}"
        return Finding(what=what, words=words, verdict=Verdict.WARNING)
    try:
        missing = await _missing_words(settings, language)
    except RecognitionError as error:
        return fault(what, str(error))
    return _told(what, folder, missing)


def _told(what: str, folder: Path, missing: tuple[str, ...]) -> Finding:
    if not missing:
        return Finding(what=what, words=f"{folder} knows every word of the questions")
    words = f"{folder} does not know {', '.join(missing)}: phrases with these are never heard"
    return Finding(what=what, words=words, verdict=Verdict.WARNING)


async def _missing_words(
    settings: Settings, language: SpokenLanguage
) -> tuple[str, ...]:
    async with recogniser(settings, language) as running:
        return await missing_words(running, language)
