"""Ears that hear on a follow-up call what the test lets sound."""

from ivr_flows.sentences import Language
from outbound.answer_detection import AnsweredBy, Verdict
from outbound.hearing import Heard, Hearing
from telephony.calls import Leg


class FakeEars:
    """Keeps the protocol `outbound.overhearing.Ears`."""

    def __init__(self) -> None:
        self.hearings: dict[Leg, Hearing] = {}

    def follow(self, leg: Leg, hearing: Hearing, language: Language) -> None:
        """Remember who is told of this leg."""
        self.hearings[leg] = hearing

    def hear(
        self, leg: Leg, answered_by: AnsweredBy, *, quiet_seconds: float = 0
    ) -> None:
        """The leg sounds like this, up to now."""
        if leg in self.hearings:
            self.hearings[leg].take(
                Heard(
                    verdict=Verdict(
                        answered_by=answered_by, at_seconds=2.5, reason="as it sounded"
                    ),
                    quiet_seconds=quiet_seconds,
                    answered=leg.answered.done(),
                )
            )
