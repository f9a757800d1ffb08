"""The desk of reviews: a person heard a clip, and says what was answered."""

import re
from collections.abc import Callable, Mapping, Set

from config.clock import LoopClock
from config.database import Database
from ivr_flows.survey import OPTED_OUT
from outbound.answer import Answer
from outbound.deliveries.store import ResultBook
from outbound.do_not_call.store import enter_opt_out
from outbound.events import ResultCause
from outbound.reviews.review import NO_ANSWER, Review, ReviewRefused
from outbound.reviews.store import answered_by, contact_and_answer, enter
from outbound.store import contact_by_id

WORD = r"^[a-z][a-z0-9_]{0,39}$"


class ReviewDesk:
    """Sets answers. `known` tells which answers each question of the flow may have.

    What was given first stays, and so does every earlier review.
    """

    def __init__(
        self,
        database: Database,
        book: ResultBook,
        clock: LoopClock,
        known: Callable[[], Mapping[str, Set[str]]],
    ) -> None:
        self._database, self._book, self._clock = database, book, clock
        self._known = known

    def choices(self, question: str) -> frozenset[str]:
        """What a person may set; of a question that nobody knows, that nothing is heard."""
        return frozenset(self._known().get(question, ())) | {NO_ANSWER, OPTED_OUT}

    async def answer(self, call_id: str, question: str) -> Answer:
        """The answer as it was given first; `ClipUnknown` when there is none."""
        async with self._database.read() as connection:
            _, answer = await contact_and_answer(connection, call_id, question)
            return answer

    async def set(self, call_id: str, question: str, answer: str, by: str) -> Review:
        """Set an answer in the name of a person; `ClipUnknown`, `ReviewRefused`.

        "unclear" says that there is none to be heard, "opted_out" that the number gets no
        follow-up call any more. In a call in which an agent spoke
        it is what the citizen told him: the first to set it enters the answer.
        """
        self._check(question, answer, by)
        now = self._clock.now()
        review = Review(question=question, answer=answer, reviewed_by=by, at=now)
        async with self._book.begin() as unit:
            questions = self._known().keys()
            contact_id = await answered_by(unit.connection, call_id, review, questions)
            await enter(unit.connection, call_id, contact_id, review)
            contact = await contact_by_id(unit.connection, contact_id)
            await unit.tell(contact, ResultCause.REVIEW, now, call_id)
            if answer == OPTED_OUT:
                await enter_opt_out(unit, contact.number, now)
        return review

    def _check(self, question: str, answer: str, by: str) -> None:
        if not by.strip():
            raise ReviewRefused("a review needs the name of who heard the clip")
        known = self._known().get(question)
        if known is None and not re.fullmatch(WORD, answer):
            raise ReviewRefused(f"{answer!r} is no answer: small letters, digits and _")
        if known is not None and answer not in self.choices(question):
            words = ", ".join(sorted(self.choices(question)))
            raise ReviewRefused(f"{question} can be answered with: {words}")
