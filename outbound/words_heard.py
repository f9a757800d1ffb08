"""Who speaks, by the words that a recogniser reads while he does. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ivr_flows.understanding.on_the_line import LineWords, found_in
from telephony.speech.following import Reading

READ_AGAIN_SECONDS: Final = 0.35
"""Words of an utterance that goes on may be read otherwise later: so long they must stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The phrases of each kind that were read for sure, in their order.

    Who has begun like a person is believed to be neither of the others.
    """

    network: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()
    human: tuple[str, ...] = ()

    @property
    def by_nobody(self) -> tuple[str, ...]:
        """What no person says who picks up."""
        return self.machine + self.network


class WordsHeard:
    """The phrases of one line, from its readings in their order."""

    def __init__(self, words: LineWords) -> None:
        self._words = words
        self._since: dict[str, float] = {}
        self._greets = False
        self.read_seconds = 0.0
        self.said = Said()

    def take(self, reading: Reading) -> None:
        """The next reading."""
        self.read_seconds = reading.read_seconds
        words, said, person = self._words, self.said, self._is_person
        network = () if person else self._sure(words.network, reading)
        machine = () if person else self._sure(words.machine, reading)
        self._greets = bool(self._sure(words.hello, reading)) or self._greets
        self.said = Said(
            network=_with(said.network, network),
            machine=_with(said.machine, machine),
            human=_with(said.human, self._sure(words.human, reading)),
        )

    @property
    def _is_person(self) -> bool:
        return self._greets or bool(self.said.human)

    def _sure(self, phrases: Sequence[str], reading: Reading) -> tuple[str, ...]:
        """Those that have stood for long enough, or were read to the end."""
        found = tuple(found_in(phrases, reading.words, reading.confidences))
        for phrase in set(phrases).difference(found):
            self._since.pop(phrase, None)
        now = reading.read_seconds
        stood = {one: now - self._since.setdefault(one, now) for one in found}
        if reading.confidences:
            return found
        return tuple(one for one in found if stood[one] >= READ_AGAIN_SECONDS)


def _with(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))
