"""A citizen who waits asks to be called back: at which number, and may we note it?"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from acd.ledger.debt import Debt
from acd.queue_rules import Levels
from ivr_flows.prompts import PromptError, Prompts
from ivr_flows.sentences import Language, Sentence
from telephony.calls import Leg, TelephonyError
from telephony.numbers import NumberPlan

logger = logging.getLogger(__name__)

YES, ANOTHER, END = "1", "2", "#"
ANSWER_SECONDS, DIGIT_SECONDS = 6.0, 5.0
MOST_DIGITS, ASKINGS = 20, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A call-back that is wished for. `since` is the citizen's place in the queue.

    `here_since` is when his call came, None when that was not before his place.
    """

    call_id: str
    number: str = field(repr=False)
    called: str
    queue: str
    language: str
    since: datetime
    priority: int = 0
    skills: Levels = ()
    here_since: datetime | None = None


class CallBacks(Protocol):
    """Where reception leaves wishes and debts."""

    @property
    def can_call(self) -> bool:
        """Whether there is any way out; else no call-back is offered."""

    async def promise(self, wish: Wish) -> Debt | None:
        """Note the wish so that nothing can lose it; None when that cannot be done now."""

    def begin(self, debt: Debt) -> None:
        """The citizen has given up his place in person: the call-back takes it."""

    def forget(self, call_id: str) -> None:
        """He is served after all: what was promised in this call is not owed."""

    def owe_survey(self, wish: Wish) -> None:
        """He hung up before he could rate his call: ask him by call-back."""


class WishDialogue:
    """Asks a waiting citizen for the number to call; the music goes on between."""

    def __init__(
        self, leg: Leg, prompts: Prompts, numbers: NumberPlan, language: Language
    ) -> None:
        self._leg, self._prompts = leg, prompts
        self._numbers, self._language = numbers, language

    async def number(self, caller: str) -> str:
        """The number that he confirmed, normalised; "" when he rather waits.

        His own number is offered when we see it; else he types one. Only numbers that
        the number plan knows are taken.
        """
        candidate = self._callable(caller)
        for _ in range(ASKINGS):
            if not candidate:
                candidate = await self._typed()
                continue
            key = await self._asked("call_back_confirm", number=candidate)
            if key == YES:
                return candidate
            if key != ANOTHER:
                break
            candidate = await self._typed()
        return ""

    async def _typed(self) -> str:
        key = await self._asked("call_back_type_number")
        digits = ""
        while key is not None and key != END and len(digits) < MOST_DIGITS:
            digits += key
            key = await self._leg.read_digit(timeout_seconds=DIGIT_SECONDS)
        number = self._callable(digits)
        if digits and not number:
            await self.say("call_back_bad_number")
        return number

    def _callable(self, number: str) -> str:
        """The number when it is one of a subscriber; short codes are nobody's own."""
        normalised = self._numbers.normalise(number)
        return normalised if normalised.startswith("+") else ""

    async def _asked(self, sentence: str, *, number: str = "") -> str | None:
        self._leg.clear_digits()
        await self.say(sentence, number=number, interrupt_by="0123456789*#")
        return await self._leg.read_digit(timeout_seconds=ANSWER_SECONDS)

    async def say(
        self, sentence: str, *, number: str = "", interrupt_by: str = ""
    ) -> None:
        """Say a sentence of the catalogue, or nothing when it cannot be said."""
        files = await self._files(sentence, self._numbers.dialled(number))
        try:
            if files:
                await self._leg.play(files, interrupt_by=interrupt_by)
        except TelephonyError as error:
            logger.warning("call %s: a file is not played: %s", self._leg.id, error)

    async def _files(self, sentence: str, number: str) -> list[Path]:
        said = Sentence(
            words=sentence, language=self._language, values={"number": number}
        )
        try:
            return await self._prompts.speech([said])
        except PromptError as error:
            logger.warning("call %s: a sentence is left out: %s", self._leg.id, error)
            return []
