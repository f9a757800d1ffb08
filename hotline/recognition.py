"""The recognisers that the settings ask for, one for each language that has a model."""

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings, SpokenLanguage
from console.view import Workers
from ivr_flows.sentences import LANGUAGES, Language
from ivr_flows.understanding.answers import Question
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.on_the_line import words_on_the_line
from telephony.speech.models import fault_of_model, model_folder
from telephony.speech.recognition import (
    Recogniser,
    RecogniserDied,
    RecognitionError,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognisers:
    """Those that were started, by language; `failed` are wanted and could not be."""

    by_language: dict[Language, Recogniser] = field(default_factory=dict)
    failed: list[Language] = field(default_factory=list)

    def workers(self) -> Mapping[str, Workers]:
        """How many of each language run, of how many that should."""
        failed: dict[str, Workers] = dict.fromkeys(
            self.failed, Workers(running=0, wanted=1)
        )
        return failed | {
            language: Workers(running=len(one.process_ids), wanted=one.workers)
            for language, one in self.by_language.items()
        }


def recognition_model(settings: Settings, language: SpokenLanguage) -> Path:
    """The folder of a language's model: the one that is set, or the usual place."""
    usual = model_folder(settings.hotline.data_dir, language)
    return set_model(settings, language) or usual


def set_model(settings: Settings, language: SpokenLanguage) -> Path | None:
    """The folder that the settings name for a language, if they do."""
    speech = settings.speech
    own = speech.recognition_model if language == speech.language else None
    return speech.recognition_models.get(language, own)


def recogniser(
    settings: Settings,
    language: SpokenLanguage,
    *,
    model: Path | None = None,
    workers: int = 0,
) -> Recogniser:
    """With as many workers and the closing silence that are set; not started yet."""
    speech = settings.speech
    return Recogniser(
        model or recognition_model(settings, language),
        workers=workers
        or speech.recognition_workers
        or max(1, (os.cpu_count() or 1) // 2),
        closing_seconds=speech.closing_silence_seconds,
    )


def reader_of(settings: Settings, language: str) -> Recogniser | None:
    """One worker that reads recordings in a language, not started yet; None without a model."""
    known = next((one for one in LANGUAGES if one == language), None)
    if known is None or fault_of_model(recognition_model(settings, known)):
        return None
    return recogniser(settings, known, workers=1)


async def missing_words(running: Recogniser, language: Language) -> tuple[str, ...]:
    """The words of all questions, and of who answers, that its model does not know."""
    words = lexicon(language)
    phrases = [phrase for one in Question for phrase in words.grammar(one)]
    phrases += words_on_the_line(language).grammar()
    return await running.missing_words(dict.fromkeys(phrases))


@asynccontextmanager
async def open_recognisers(
    settings: Settings,
) -> AsyncIterator[Recognisers]:
    """Those of all languages that have a model; answers in the others are given by keys.

    A model that cannot be used is told in the log and left out; of the others, the words
    that they do not know are told there.
    """
    async with AsyncExitStack() as stack:
        found = Recognisers()
        for language in LANGUAGES:
            if not _is_wanted(settings, language):
                continue
            try:
                opened = recogniser(settings, language)
                found.by_language[language] = await stack.enter_async_context(opened)
                await _tell_missing_words(opened, language)
            except RecognitionError as error:
                found.failed.append(language)
                logger.warning(
                    "answers in %s are given by keys alone: %s", language, error
                )
        yield found


async def _tell_missing_words(running: Recogniser, language: Language) -> None:
    """One that dies now is replaced like any other."""
    try:
        missing = await missing_words(running, language)
    except RecogniserDied as error:
        logger.warning("the words in %s cannot be looked up: %s", language, error)
        return
    if missing:
        logger.warning(
            "phrases in %s are never heard that have these words, which the speech model"
            " does not know: %s",
            language,
            ", ".join(missing),
        )


def _is_wanted(settings: Settings, language: SpokenLanguage) -> bool:
    folder = recognition_model(settings, language)
    return bool(set_model(settings, language)) or not fault_of_model(folder)
