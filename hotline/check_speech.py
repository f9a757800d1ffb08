"""`hotline check`: can spoken answers be recognised, and are all their words known?"""

from collections.abc import AsyncIterator
from pathlib import Path

from config.settings import Settings
from hotline.finding import Finding, Verdict, fault
from hotline.recognition import recogniser, recognition_model
from ivr_flows.understanding.answers import Question
from ivr_flows.understanding.lexicon import lexicon
from telephony.speech.models import fault_of_model
from telephony.speech.recognition import RecognitionError

WHAT = "speech recognition"


async def check_speech(settings: Settings) -> AsyncIterator[Finding]:
    """The model is loaded in a worker and asked for every word of every question.

    Without a model the service works: answers are given by keys. One that is set and
    cannot be used is a fault.
    """
    folder = recognition_model(settings)
    if reason := fault_of_model(folder):
        if settings.speech.recognition_model:
            yield fault(WHAT, reason)
        else:
            words = f"off, answers are given by keys: {reason}"
            yield Finding(what=WHAT, words=words, verdict=Verdict.WARNING)
        return
    try:
        missing = await _missing_words(settings)
    except RecognitionError as error:
        yield fault(WHAT, str(error))
        return
    yield _told(folder, missing)


def _told(folder: Path, missing: tuple[str, ...]) -> Finding:
    if not missing:
        return Finding(what=WHAT, words=f"{folder} knows every word of the questions")
    words = f"{folder} does not know {', '.join(missing)}: phrases with these are never heard"
    return Finding(what=WHAT, words=words, verdict=Verdict.WARNING)


async def _missing_words(settings: Settings) -> tuple[str, ...]:
    words = lexicon(settings.speech.language)
    phrases = [phrase for one in Question for phrase in words.grammar(one)]
    async with recogniser(settings) as running:
        return await running.missing_words(dict.fromkeys(phrases))
