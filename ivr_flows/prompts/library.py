"""Every sentence as files to play: recorded by the city, or synthesised once and kept."""

import logging
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from config.settings import Settings
from ivr_flows.language import Flow
from ivr_flows.prompts import music, tones
from ivr_flows.prompts.catalogue import Catalogue, PromptError, names_in
from ivr_flows.prompts.numerals import as_spoken, count, digit_by_digit
from ivr_flows.prompts.recorded import fault_of
from ivr_flows.prompts.spoken import SpokenFiles
from ivr_flows.sentences import LANGUAGES, Language, Sentence
from telephony.speech.synthesis import Synthesiser

logger = logging.getLogger(__name__)

POSITIONS_SPOKEN = 20
WAIT_SPOKEN_MINUTES = 30
_VOICES: Mapping[Language, str] = {
    "zh": "sit/cmn-latn-pinyin",
    "en": "gmw/en-us",
    "ko": "ko",
}


class Prompts:
    """The sentences as 8 kHz mono 16-bit WAV files; an async context manager.

    A good recording in `ivr.prompts_dir` wins, a bad one is named in the log and the
    sentence is synthesised instead. Synthesised files are kept in `cache_dir`.
    """

    def __init__(
        self,
        settings: Settings,
        cache_dir: Path,
        synthesiser: Synthesiser | None = None,
    ) -> None:
        self._settings = settings
        self._spoken = SpokenFiles(cache_dir, synthesiser or Synthesiser())
        self._told: set[str] = set()
        self.catalogue = Catalogue(settings.ivr.prompts_dir)

    async def __aenter__(self) -> Self:
        await self._spoken.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._spoken.__aexit__(kind, error, trace)

    @property
    def language(self) -> Language:
        """The language spoken unless another is asked for."""
        return self._settings.speech.language

    async def files(
        self, sentence: str, *, language: Language | None = None, **values: int | str
    ) -> list[Path]:
        """The files that say a key of the catalogue, or literal text.

        `values` fill its {names}: whole numbers are spoken as counts, digits in text
        one by one. A key that the language lacks is said in one that has it. Raises
        `PromptError` when nothing recorded fits and it cannot be synthesised.
        """
        language = self.catalogue.spoken_in(sentence, language or self.language)
        given = {name: str(value) for name, value in values.items()}
        if file := self._recorded(sentence, language, given):
            return [file]
        said = {name: _said(value, language) for name, value in values.items()}
        text = self._text(sentence, language, said)
        passing = any(isinstance(value, str) for value in values.values())
        return [await self._synthesised(text, language, passing=passing)]

    async def speech(self, sentences: Iterable[Sentence]) -> list[Path]:
        """The files that say the sentences one after the other."""
        files: list[Path] = []
        for sentence in sentences:
            wanted = self._values_of(sentence)
            files += await self.files(
                sentence.words, language=sentence.language, **wanted
            )
        return files

    async def queue_position(
        self, position: int, *, language: Language | None = None
    ) -> list[Path]:
        """What a waiting caller is told: 1 is next."""
        if position <= 1:
            return await self.files("queue_next", language=language)
        if position > POSITIONS_SPOKEN + 1:
            return await self.files("queue_long", language=language)
        return await self.files("queue_position", language=language, ahead=position - 1)

    async def queue_wait(
        self, seconds: float, *, language: Language | None = None
    ) -> list[Path]:
        """How long it will take, in minutes: five by five above ten, then in words."""
        if seconds < 60:
            return await self.files("queue_wait_short", language=language)
        minutes = spoken_minutes(seconds)
        if minutes > WAIT_SPOKEN_MINUTES:
            return await self.files("queue_wait_long", language=language)
        return await self.files("queue_wait", language=language, minutes=minutes)

    async def hold_music(self, own: Path | None = None) -> Path:
        """The music on hold: `own` (a queue's setting) when it is fit, else ours."""
        if own and self._is_fit(own):
            return own
        return await self._spoken.composed("hold-music-1.wav", music.write_music)

    async def tone(self) -> list[Path]:
        """The tone after which a caller speaks his message."""
        return [await self._spoken.composed("tone-1.wav", music.write_tone)]

    async def ringing(self) -> Path:
        """What an agent hears while a third party is rung; a loop."""
        return await self._spoken.composed("ringing-1.wav", tones.write_ringing)

    async def busy(self) -> Path:
        """What an agent hears when a third party is not to be had."""
        return await self._spoken.composed("busy-1.wav", tones.write_busy)

    async def supervised(self) -> Path:
        """What an agent hears when a supervisor comes into his talk."""
        return await self._spoken.composed("supervised-1.wav", tones.write_supervised)

    async def prepare(self, flows: Iterable[Flow]) -> None:
        """Make at once all that can be made before the first call comes."""
        await self.hold_music()
        await self.tone()
        flows = list(flows)
        for language in LANGUAGES:
            for sentence in self._static(language, flows):
                await self.files(sentence, language=language)
            for position in range(1, POSITIONS_SPOKEN + 3):
                await self.queue_position(position, language=language)
            for minutes in range(1, WAIT_SPOKEN_MINUTES + 1):
                await self.queue_wait(60 * minutes, language=language)

    async def prepare_flow(self, flow: Flow) -> None:
        """Make what one more flow says itself, before the first call meets it."""
        for language in LANGUAGES:
            for words in flow.literals(language):
                if not names_in(words):
                    await self.files(words, language=language)

    async def prepare_text(self, key: str, language: Language, text: str) -> None:
        """Make a text that a key shall have, before anybody hears it. `PromptError`."""
        foreseen = _foreseen(key, language)
        for values in foreseen or [dict.fromkeys(names_in(text), "")]:
            said = _filled(text, values)
            await self._synthesised(
                said, language, passing=not foreseen and bool(values)
            )

    async def check(self) -> list[str]:
        """What is wrong with the recordings and the voices; each tells what to do."""
        faults = self._faulty_recordings()
        for language in LANGUAGES:
            try:
                await self._synthesised(
                    self.catalogue.text("goodbye", language), language
                )
            except PromptError as error:
                faults.append(str(error))
        return list(dict.fromkeys(faults))

    def _faulty_recordings(self) -> list[str]:
        own_music = [queue.music for queue in self._settings.queues if queue.music]
        recordings = self.catalogue.recordings()
        files = [*own_music, *(file for file, _ in recordings)]
        unfit = [fault for file in files if (fault := fault_of(file))]
        return [*unfit, *(hint for _, hint in recordings if hint)]

    def _static(self, language: Language, flows: Iterable[Flow]) -> list[str]:
        keys = list(self.catalogue.keys(language))
        literal = [words for flow in flows for words in flow.literals(language)]
        return [
            words
            for words in (*keys, *literal)
            if not names_in(self.catalogue.text(words, language))
        ]

    def _values_of(self, sentence: Sentence) -> dict[str, str]:
        language = self.catalogue.spoken_in(sentence.words, sentence.language)
        names = names_in(self.catalogue.text(sentence.words, language))
        return {name: sentence.values.get(name, "") for name in names}

    def _recorded(
        self, words: str, language: Language, values: Mapping[str, str]
    ) -> Path | None:
        file = self.catalogue.recorded(words, language, values)
        return file if file and self._is_fit(file) else None

    def _is_fit(self, file: Path) -> bool:
        fault = fault_of(file)
        if fault and fault not in self._told:
            self._told.add(fault)
            logger.error("a recording is not used: %s", fault)
        return fault is None

    def _text(self, words: str, language: Language, values: Mapping[str, str]) -> str:
        text = self.catalogue.text(words, language)
        if not text:
            raise PromptError(
                f"the sentence {words!r} has neither a text nor a good recording in {language}"
            )
        return _filled(text, values)

    async def _synthesised(
        self, text: str, language: Language, *, passing: bool = False
    ) -> Path:
        said = as_spoken(text, language)
        return await self._spoken.file(said, self._voice(language), passing=passing)

    def _voice(self, language: Language) -> str:
        speech = self._settings.speech
        own = speech.synthesis_voice if language == speech.language else ""
        return own or _VOICES[language]


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name in names_in(text):
        text = text.replace(f"{{{name}}}", values.get(name, ""))
    return text


def _foreseen(key: str, language: Language) -> list[dict[str, str]]:
    """The values that a sentence of the queue will be said with; none of others."""
    match key:
        case "queue_position":
            name, numbers = "ahead", set(range(1, POSITIONS_SPOKEN + 1))
        case "queue_wait":
            spans = range(1, WAIT_SPOKEN_MINUTES + 1)
            name, numbers = "minutes", {spoken_minutes(60 * each) for each in spans}
        case _:
            return []
    return [{name: count(each, language)} for each in sorted(numbers)]


def spoken_minutes(seconds: float) -> int:
    """Whole minutes, rounded up; above ten to the next five, for nobody knows better."""
    minutes = math.ceil(seconds / 60)
    return minutes if minutes <= 10 else math.ceil(minutes / 5) * 5


def _said(value: int | str, language: Language) -> str:
    if isinstance(value, int):
        return count(value, language)
    return digit_by_digit(value, language) if value.isdecimal() else value
