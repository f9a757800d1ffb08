"""What is made of who is heard on a follow-up call: go on, or end it.

Taking a person for a machine is the worst mistake: a key, or two answers that were
understood, take back whatever was heard before. One spoken answer does not: a machine's
greeting may sound like one.
"""

import asyncio
from dataclasses import dataclass

from outbound.answer_detection import AnsweredBy, Verdict
from outbound.contact import FollowUpOutcome
from telephony.calls import Leg

GREETING_OVER_SECONDS = 1.5
"""So long a machine is quiet when its greeting, and the beep after it, are over."""
_NOBODY = frozenset({AnsweredBy.MACHINE, AnsweredBy.NETWORK_ANNOUNCEMENT})
_OUTCOMES = {
    AnsweredBy.MACHINE: FollowUpOutcome.MACHINE,
    AnsweredBy.NETWORK_ANNOUNCEMENT: FollowUpOutcome.NETWORK_ANNOUNCEMENT,
    AnsweredBy.NO_SPEECH: FollowUpOutcome.SILENT,
}
_MAY_BE_ANNOUNCED = frozenset({FollowUpOutcome.NO_ANSWER, FollowUpOutcome.UNREACHABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a leg's audio says so far, up to the answer or after it.

    `quiet_seconds` is how long nothing has sounded.
    """

    verdict: Verdict | None
    quiet_seconds: float
    answered: bool


class Hearing:
    """One call's hearing, on the loop.

    `announced` is done when the network has spoken for `announcement_seconds` and
    nobody has answered; `nobody` when a machine or the network answered and no person;
    `greeting_over` when that machine is quiet, or gone.
    """

    def __init__(self, announcement_seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._announcement_seconds = announcement_seconds
        self.announced: asyncio.Future[None] = self._loop.create_future()
        self.nobody: asyncio.Future[None] = self._loop.create_future()
        self.greeting_over = asyncio.Event()
        self._leg: Leg | None = None
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.verdict: Verdict | None = None
        self._perhaps: Verdict | None = None

    def opened(self, leg: Leg) -> None:
        """This leg is called now; what another one said before counts no more."""
        self._leg, self._since, self.verdict = leg, None, None
        self._stop_timer()
        leg.answered.add_done_callback(lambda _: self._answered(leg))
        leg.pressed.add_done_callback(lambda _: self._pressed(leg))
        leg.ended.add_done_callback(lambda _: self._ended(leg))

    @property
    def is_over(self) -> bool:
        """Whether nothing more needs to be heard."""
        if self._leg is None or self._leg.ended.done():
            return True
        if self.verdict is None or not self._is_answered:
            return False
        return self.verdict.answered_by not in _NOBODY or self.greeting_over.is_set()

    def sounds(self, seconds: float) -> None:
        """The leg's first sound began so many seconds ago."""
        self._since = self._loop.time() - seconds

    def take(self, heard: Heard) -> None:
        """What its audio says; a person who was found otherwise stays one.

        What sounded before an answer is forgotten as it comes.
        """
        if self._leg and self._leg.pressed.done():
            self._pressed(self._leg)
        if self._is_person or heard.answered != self._is_answered:
            return
        self.verdict = heard.verdict
        if not heard.answered:
            self._before_the_answer()
        elif self.verdict and self.verdict.answered_by in _NOBODY:
            _settle(self.nobody)
            if heard.quiet_seconds >= GREETING_OVER_SECONDS:
                self.greeting_over.set()

    def person(self, reason: str) -> None:
        """There is a person, whatever it sounded like."""
        if not self._is_person:
            self.verdict = self._verdict(AnsweredBy.HUMAN, reason)

    def perhaps_person(self, reason: str) -> None:
        """It is one if nothing else is heard of it."""
        self._perhaps = self._perhaps or self._verdict(AnsweredBy.HUMAN, reason)

    @property
    def is_nobody(self) -> bool:
        """Whether a machine, or the network, answered and no person."""
        return self.verdict is not None and self.verdict.answered_by in _NOBODY

    @property
    def has_heard_person(self) -> bool:
        """Whether a person was told apart, not only supposed."""
        return self._is_person and self.verdict is not self._perhaps

    def finish(self) -> None:
        """The call is over: who answered and was not told apart is nobody known."""
        self._stop_timer()
        if self.verdict is None and self._is_answered:
            ended = "it ended before it was clear"
            unsure = self._verdict(AnsweredBy.UNSURE, ended)
            self.verdict = self._perhaps or unsure

    def _verdict(self, answered_by: AnsweredBy, reason: str) -> Verdict:
        now = self._loop.time()
        seconds = 0.0 if self._since is None else now - self._since
        return Verdict(
            answered_by=answered_by, at_seconds=round(seconds, 2), reason=reason
        )

    @property
    def _is_person(self) -> bool:
        return self.verdict is not None and self.verdict.answered_by is AnsweredBy.HUMAN

    @property
    def _is_answered(self) -> bool:
        return self._leg is not None and self._leg.answered.done()

    def _before_the_answer(self) -> None:
        if self.verdict and not self._timer:
            self._timer = self._loop.call_later(
                self._announcement_seconds, _settle, self.announced
            )

    def _answered(self, leg: Leg) -> None:
        if leg is self._leg and not leg.answered.cancelled():
            self._stop_timer()
            self.verdict = None
            self._since = self._since or self._loop.time()

    def _pressed(self, leg: Leg) -> None:
        if leg is self._leg and not leg.pressed.cancelled():
            self.person("pressed a key")

    def _ended(self, leg: Leg) -> None:
        if leg is self._leg:
            self._stop_timer()
            self.greeting_over.set()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def outcome_heard(
    verdict: Verdict | None, otherwise: FollowUpOutcome
) -> FollowUpOutcome:
    """How a call ended that was answered and brought no answers."""
    return _OUTCOMES.get(verdict.answered_by, otherwise) if verdict else otherwise


def outcome_announced(
    verdict: Verdict | None, otherwise: FollowUpOutcome
) -> FollowUpOutcome:
    """How a call ended that nobody answered: the network may have said why.

    Busy, and a person's refusal, tell more than its announcement.
    """
    if otherwise not in _MAY_BE_ANNOUNCED:
        return otherwise
    return outcome_heard(verdict, otherwise)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
