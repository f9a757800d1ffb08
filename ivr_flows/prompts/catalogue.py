"""The texts of all sentences in every language, and the WAV files recorded for them."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from ivr_flows.sentences import LANGUAGES, Language, is_key
from ivr_flows.told import Told, told
from ivr_flows.yaml_source import SourceError, read_yaml

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_HERE = Path(__file__).parent


class PromptError(Exception):
    """A sentence cannot be said; the message tells what to do."""


def place_of(key: str, language: Language) -> str:
    """What a text is known by where texts are reworded."""
    return f"{language}/{key}"


def names_in(text: str) -> list[str]:
    """The {names} of a text that want values."""
    return _NAME.findall(text)


class Catalogue:
    """Key -> text in a language; a city's own texts and WAV files win.

    `prompts_dir` holds a folder a language with `<key>.wav` files (and may hold
    `texts.yaml` there with texts of its own).
    """

    def __init__(self, prompts_dir: Path | None = None) -> None:
        if prompts_dir and not prompts_dir.is_dir():
            raise PromptError(f"ivr.prompts_dir: there is no directory {prompts_dir}")
        self._prompts_dir = prompts_dir
        self._of_files: dict[Language, dict[str, str]] = {
            language: {**_built_in(language), **self._own(language)}
            for language in LANGUAGES
        }
        self._texts = self._of_files

    def keys(self, language: Language) -> Sequence[str]:
        """All keys that can be said in the language."""
        return list(self._texts[language])

    def of_files(self, key: str, language: Language) -> str:
        """The text of a key as the files have it; "" when they have none."""
        return self._of_files[language].get(key, "")

    def reword(self, texts: Mapping[str, str]) -> None:
        """Say these texts from now on, by place (`zh/welcome`), and the files' else.

        A place that no file has is passed over.
        """
        self._texts = {
            language: {
                key: texts.get(place_of(key, language), text)
                for key, text in of_files.items()
            }
            for language, of_files in self._of_files.items()
        }

    def has(self, key: str, language: Language) -> bool:
        """Whether the key has a text or a recorded file."""
        return key in self._texts[language] or self.recorded(key, language) is not None

    def spoken_in(self, words: str, language: Language) -> Language:
        """The language itself, or the first one that has the key when it has not."""
        if not is_key(words) or self.has(words, language):
            return language
        return next((one for one in LANGUAGES if self.has(words, one)), language)

    def text(self, words: str, language: Language) -> str:
        """The text of a key; other words are themselves the text, files have none."""
        if not is_key(words):
            return "" if words.endswith(".wav") else words
        return self._texts[language].get(words, "")

    def recorded(
        self, words: str, language: Language, values: Mapping[str, str] | None = None
    ) -> Path | None:
        """The city's own WAV file for the words, if there is one.

        A sentence with {names} has one for each set of values: `<key>-<value>.wav`.
        """
        if not self._prompts_dir or not is_key(words.removesuffix(".wav")):
            return None
        wanted = [(values or {}).get(name, "") for name in self._names(words, language)]
        stem = "-".join([words.removesuffix(".wav"), *wanted])
        file = self._prompts_dir / language / f"{stem}.wav"
        return file if file.is_file() else None

    def recordings(self) -> list[tuple[Path, str]]:
        """The city's WAV files, each with a hint when its name looks mistyped, or ""."""
        if not self._prompts_dir:
            return []
        return [
            (file, self._hint(file, language))
            for language in LANGUAGES
            for file in sorted((self._prompts_dir / language).glob("*.wav"))
        ]

    def _hint(self, file: Path, language: Language) -> str:
        key = file.stem.split("-")[0]
        near = get_close_matches(key, self._texts[language], n=1, cutoff=0.8)
        if key in self._texts[language] or not near:
            return ""
        return f"{file}: no sentence has this name; did you mean '{near[0]}.wav'?"

    def why_not_playable(self, file: str, language: Language) -> Told | None:
        """Why a `play` step cannot play the file; None when it can."""
        if not self._prompts_dir:
            return told(
                "%(file)s cannot be played: set ivr.prompts_dir to where it lies",
                file=repr(file),
            )
        if not file.endswith(".wav") or not is_key(file.removesuffix(".wav")):
            return told(
                "%(file)s is no name of a recording; write one like 'notice.wav'",
                file=repr(file),
            )
        if self.recorded(file, language) is None:
            return told(
                "there is no file %(file)s", file=self._prompts_dir / language / file
            )
        return None

    def _names(self, words: str, language: Language) -> list[str]:
        return list(dict.fromkeys(names_in(self._texts[language].get(words, ""))))

    def _own(self, language: Language) -> dict[str, str]:
        if not self._prompts_dir:
            return {}
        file = self._prompts_dir / language / "texts.yaml"
        return read_texts(file) if file.is_file() else {}


@cache
def _built_in(language: Language) -> Mapping[str, str]:
    return read_texts(_HERE / f"{language}.yaml")


def read_texts(file: Path) -> dict[str, str]:
    """Key -> text of one file; `PromptError` names file and line."""
    try:
        texts, source = read_yaml(file)
    except SourceError as error:
        raise PromptError(str(error)) from None
    if not isinstance(texts, dict):
        raise PromptError(f"{source.at(())}: write lines like  greeting: 您好")
    for key, text in texts.items():
        if not (
            isinstance(key, str) and is_key(key) and isinstance(text, str) and text
        ):
            raise PromptError(f"{source.at((str(key),))}: {key!r} needs a text")
    return texts
