"""What the machine says, reworded while calls come: made first, then kept and said."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.rows import Author, Changed
from acd.run_time.seeded import Seeded, Shape
from ivr_flows.faults import nearest
from ivr_flows.prompts.catalogue import Catalogue, PromptError, names_in, place_of
from ivr_flows.sentences import Language

LONGEST_TEXT = 400
TextsByPlace = Mapping[str, str]
"""The texts that are not the files', by `language/key`."""
Make = Callable[[str, Language, str], Awaitable[None]]
"""Synthesises a text that a key shall have, off the loop; `PromptError`."""
TEXTS: Shape[TextsByPlace] = Shape(
    kind=Changed.TEXTS,
    name="texts",
    written=dict,
    read=lambda document: {place: str(text) for place, text in document.items()},
    check=lambda _: (),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenText:
    """A text that is said now. `of_files` is what the files have; with a recording
    (`is_recorded`) that is heard instead."""

    key: str
    text: str
    of_files: str
    is_recorded: bool


class TextDesk:
    """Rewords sentences; who hears one already hears it to its end."""

    def __init__(
        self, kept: Seeded[TextsByPlace], catalogue: Catalogue, make: Make
    ) -> None:
        self._kept, self._catalogue, self._make = kept, catalogue, make
        catalogue.reword(kept.now)
        kept.follow(catalogue.reword)

    def texts(self, language: Language) -> list[SpokenText]:
        """All that can be said in a language."""
        return [self.text(key, language) for key in self._catalogue.keys(language)]

    def text(self, key: str, language: Language) -> SpokenText:
        """One of them. `RulesRefused` when there is none."""
        if not (of_files := self._catalogue.of_files(key, language)):
            hint = nearest(key, self._catalogue.keys(language))
            raise RulesRefused(f"there is no text {key!r} in {language}; {hint}")
        return SpokenText(
            key=key,
            text=self._catalogue.text(key, language),
            of_files=of_files,
            is_recorded=self._catalogue.recorded(key, language) is not None,
        )

    async def reword(
        self, key: str, language: Language, text: str, author: Author
    ) -> SpokenText:
        """Say this from now on; "" is the text of the files again.

        `RulesRefused` when it cannot be said; then nothing has changed.
        """
        of_files, text = self.text(key, language).of_files, text.strip()
        _check(text, of_files)
        place, own = place_of(key, language), text if text != of_files else ""
        if own:
            await self._made(key, language, own)
        await self._kept.change(lambda old: _with(old, place, own), author)
        return self.text(key, language)

    async def _made(self, key: str, language: Language, text: str) -> None:
        try:
            await self._make(key, language, text)
        except PromptError as error:
            raise RulesRefused(str(error)) from error


def _with(old: TextsByPlace, place: str, text: str) -> TextsByPlace:
    others = {name: kept for name, kept in old.items() if name != place}
    return {**others, place: text} if text else others


def _check(text: str, of_files: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise RulesRefused(f"a text has at most {LONGEST_TEXT} characters")
    known = names_in(of_files)
    if unknown := [name for name in names_in(text) if name not in known]:
        names = ", ".join(f"{{{name}}}" for name in known) or "none"
        raise RulesRefused(f"nobody fills {{{unknown[0]}}} in; known here: {names}")
