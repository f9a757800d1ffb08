"""What those whom the hotline rang saw, compared with what was kept of it. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hotline.demo.found import Found
from hotline.demo.reports import Moment
from hotline.demo.rung import Rung, RungStory, possible_standings
from hotline.demo.verdict import Verdict
from outbound.archive import Attempt, ContactRecord
from outbound.contact import NO_TRY, FollowUpOutcome
from outbound.reviews.review import doubts_of
from telephony.numbers import mask

SHOWN = {
    FollowUpOutcome.COMPLETED: "answered every question",
    FollowUpOutcome.PARTIAL: "answered some",
    FollowUpOutcome.OPTED_OUT: "want none any more",
    FollowUpOutcome.SILENT: "said nothing",
    FollowUpOutcome.HUNG_UP: "hung up at once",
    FollowUpOutcome.MACHINE: "voicemail",
    FollowUpOutcome.BUSY: "busy",
    FollowUpOutcome.NO_ANSWER: "not answered",
}
CONTRADICTION = {"solved": "no", "satisfied": "very_satisfied"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A follow-up call as the citizen's telephone saw it, beside what was kept."""

    story: RungStory
    contact: ContactRecord
    attempt: Attempt

    @property
    def name(self) -> str:
        """The call for people."""
        return f"follow-up call to {mask(self.story.number)} ({self.attempt.call_id})"

    @property
    def answers(self) -> dict[str, str]:
        """What was kept of his answers, by question."""
        return {each.question: each.answer for each in self.contact.answers}


def audit_outside(rung: Rung, found: Found, verdict: Verdict) -> None:
    """Add what was promised to those who were rung, if anybody was or should have been."""
    if found.outside.contacts:
        tries = list(_paired(rung.follow_ups, found.outside.contacts, verdict))
        whole = [each for each in tries if each.story.is_told_whole]
        _check_outcomes(whole, verdict)
        _check_answers(whole, verdict)
        _check_doubts(whole, verdict)
        _check_recordings(whole, found.recordings, verdict)
    if rung.recalls or found.outside.standings:
        _check_recalls(rung, found, verdict)


def _paired(
    stories: Sequence[RungStory], contacts: Sequence[ContactRecord], verdict: Verdict
) -> Iterator[Try]:
    kept = {record.contact.number.removeprefix("+86"): record for record in contacts}
    own = [story for story in stories if story.number in kept]
    once = 0
    for story in own:
        record = kept[story.number]
        tries = _tries(record)
        rung = sum(other.number == story.number for other in own)
        if len(tries) != 1 or rung != 1:
            verdict.differs(
                f"follow-up call to {mask(story.number)}: it rang {rung} times, "
                f"{len(tries)} tries are in the records"
            )
            continue
        once += 1
        yield Try(story=story, contact=record, attempt=tries[0])
    verdict.count("follow-up calls that rang, each once in the records", len(own), once)
    rang = {story.number for story in own}
    for number in kept.keys() - rang:
        if _tries(kept[number]):
            verdict.differs(f"follow-up call to {mask(number)}: it never rang there")


def _tries(record: ContactRecord) -> list[Attempt]:
    return [each for each in record.attempts if each.outcome not in NO_TRY]


def _check_outcomes(tries: Sequence[Try], verdict: Verdict) -> None:
    expected = Counter(each.story.outcome for each in tries)
    found = Counter(each.attempt.outcome for each in tries)
    for outcome, words in SHOWN.items():
        if expected[outcome] or found[outcome]:
            verdict.count(f"  {words}", expected[outcome], found[outcome])
    for each in tries:
        if each.attempt.outcome != each.story.outcome:
            kept = each.attempt.outcome or "open"
            verdict.differs(f"{each.name}: expected {each.story.outcome}, found {kept}")


def _check_answers(tries: Sequence[Try], verdict: Verdict) -> None:
    given = right = 0
    for each in tries:
        wanted, kept = each.story.answers, each.answers
        given += len(wanted)
        right += len(wanted.items() & kept.items())
        for question in sorted(wanted.keys() | kept.keys()):
            if wanted.get(question) != kept.get(question):
                verdict.differs(
                    f"{each.name}: {question} was answered "
                    f"{wanted.get(question, 'not at all')}, kept is "
                    f"{kept.get(question, 'nothing')}"
                )
    verdict.count("answers, each kept as it was pressed", given, right)


def _check_doubts(tries: Sequence[Try], verdict: Verdict) -> None:
    expected = sum(
        len(CONTRADICTION)
        for each in tries
        if CONTRADICTION.items() <= each.story.answers.items()
    )
    found = sum(len(doubts_of(each.contact.answers, 0)) for each in tries)
    verdict.count("doubtful answers for a person to hear", expected, found)


def _check_recordings(
    tries: Sequence[Try], recordings: Collection[str], verdict: Verdict
) -> None:
    answered = [each for each in tries if Moment.ANSWERED in each.story.moments]
    kept = [each for each in answered if each.attempt.call_id in recordings]
    verdict.count("follow-up calls recorded", len(answered), len(kept))
    for each in answered:
        if each not in kept:
            verdict.differs(f"{each.name}: its recording is missing")


def _check_recalls(rung: Rung, found: Found, verdict: Verdict) -> None:
    told = {
        person: possible
        for person, stories in rung.recalls.items()
        if (possible := possible_standings(stories))
    }
    right = 0
    for person, possible in told.items():
        stands = found.outside.standings.get(person, frozenset())
        right += bool(stands & possible)
        if not stands & possible:
            wanted, kept = " or ".join(sorted(possible)), ", ".join(sorted(stands))
            verdict.differs(
                f"{person} was recalled: expected {wanted}, found {kept or 'nothing'}"
            )
    verdict.count("recalled people, each as he answered", len(told), right)
