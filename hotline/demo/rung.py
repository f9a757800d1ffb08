"""What those whom the hotline rang saw and did, and what the records must therefore say."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from acd.staffing.recall import EXPECTED, Standing
from hotline.demo.outside import MEANS, OPT_OUT, Does, habit_of, staff_of
from hotline.demo.reports import Called, Moment
from outbound.contact import FollowUpOutcome

_PREFIX = "follow_up_"
_UNANSWERED = {
    Does.IS_BUSY: FollowUpOutcome.BUSY,
    Does.LETS_IT_RING: FollowUpOutcome.NO_ANSWER,
}
_WITHOUT_A_KEY = {
    Does.VOICEMAIL: FollowUpOutcome.MACHINE,
    Does.SAYS_NOTHING: FollowUpOutcome.SILENT,
}
COMES, SOON = "recall_comes", "recall_soon"
YES, IN_TEN_MINUTES = "1", "1"
NOT_REACHED = frozenset({Standing.RINGING, Standing.TRIED, Standing.PASSED_OVER})
"""The hotline may have ended while a telephone rang."""


@dataclass(slots=True, kw_only=True)
class RungStory:
    """One call as the telephone that rang saw it; `keys` are those pressed, by question."""

    number: str
    moments: set[Moment] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def is_told_whole(self) -> bool:
        """Whether it ended by itself: what the demo's end cut promises nothing."""
        return Moment.ENDED in self.moments and Moment.CUT not in self.moments

    @property
    def is_soon_there(self) -> bool:
        """Whether somebody who was recalled has said that he comes at once."""
        said = self.keys.get(COMES), self.keys.get(SOON)
        return said == (YES, IN_TEN_MINUTES) and Moment.ENDED in self.moments

    @property
    def answers(self) -> dict[str, str]:
        """What a follow-up call's records must hold, by question of the flow."""
        asked = {q.removeprefix(_PREFIX): key for q, key in self.keys.items()}
        opted = {q: "opted_out" for q, key in asked.items() if key == OPT_OUT}
        told = {q: MEANS[q][key] for q, key in asked.items() if key in MEANS.get(q, {})}
        return told | opted

    @property
    def outcome(self) -> FollowUpOutcome:
        """How the try of a follow-up call must have ended."""
        does = habit_of(self.number).does
        if Moment.ANSWERED not in self.moments:
            return _UNANSWERED.get(does, FollowUpOutcome.NO_ANSWER)
        if "opted_out" in self.answers.values():
            return FollowUpOutcome.OPTED_OUT
        if not self.answers:
            return _WITHOUT_A_KEY.get(does, FollowUpOutcome.HUNG_UP)
        left = Moment.HUNG_UP in self.moments
        return FollowUpOutcome.PARTIAL if left else FollowUpOutcome.COMPLETED


class Rung:
    """Gathers what those who are rung report; `stories` in the order of ringing."""

    def __init__(self) -> None:
        self._legs: dict[str, RungStory] = {}

    def hear(self, told: Called) -> None:
        """Take a report in."""
        story = self._legs.setdefault(told.leg, RungStory(number=told.number))
        story.moments.add(told.moment)
        if told.moment is Moment.PRESSED:
            story.keys[told.question] = told.key

    @property
    def size(self) -> int:
        """How many calls rang."""
        return len(self._legs)

    @property
    def here(self) -> int:
        """How many are rung, or on the line, now."""
        return sum(Moment.ENDED not in each.moments for each in self._legs.values())

    @property
    def follow_ups(self) -> list[RungStory]:
        """The calls to citizens."""
        return [each for each in self._legs.values() if not staff_of(each.number)]

    @property
    def recalls(self) -> dict[str, list[RungStory]]:
        """The calls to staff who are off duty, by person."""
        found: dict[str, list[RungStory]] = {}
        for story in self._legs.values():
            if person := staff_of(story.number):
                found.setdefault(person, []).append(story)
        return found


def possible_standings(stories: Sequence[RungStory]) -> frozenset[Standing]:
    """How somebody who was rung so stands in his recall; empty: nobody can say."""
    said = [story.keys[COMES] for story in stories if COMES in story.keys]
    if said:
        return (
            frozenset(EXPECTED) if said[-1] == YES else frozenset({Standing.DECLINED})
        )
    if all(story.is_told_whole for story in stories):
        return NOT_REACHED
    return frozenset()
