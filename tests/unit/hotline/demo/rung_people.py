"""People whom a demo's hotline rang, made by hand: what they did, and what was kept."""

from datetime import UTC, datetime
from typing import Any

from hotline.demo.found import Found
from hotline.demo.found_outside import FoundOutside
from hotline.demo.out_audit import audit_outside
from hotline.demo.outside import CAMPAIGN
from hotline.demo.reports import Called, Moment
from hotline.demo.rung import Rung
from hotline.demo.verdict import Verdict
from outbound.answer import Answer, GivenBy
from outbound.archive import Attempt, ContactRecord
from outbound.contact import Contact, ContactState, FollowUpOutcome
from recordings.entry import Recording, State

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLEASED, CONTRADICTS, BUSY, UNHAPPY, _, AWAY, _, VOICEMAIL, HASTY, _, SILENT, OUT = (
    f"137000000{n:02d}" for n in range(1, 13)
)
ENDED = Moment.RANG, Moment.ANSWERED, Moment.ENDED


def tell(rung: Rung, number: str, *moments: Moment, **keys: str) -> Rung:
    """Somebody's telephone reports a call, the keys by question among it."""
    leg = f"{number}-{rung.size}"
    for moment in moments:
        rung.hear(Called(leg=leg, number=number, moment=moment, at=1))
    for question, key in keys.items():
        pressed = Moment.PRESSED
        rung.hear(
            Called(
                leg=leg, number=number, moment=pressed, at=1, question=question, key=key
            )
        )
    return rung


def follow_up(contacted: str, solved: str = "", satisfied: str = "") -> dict[str, str]:
    """The keys of a follow-up call, by sentence."""
    keys = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    return {f"follow_up_{q}": key for q, key in keys.items() if key}


def kept(number: str, *outcomes: FollowUpOutcome, **answers: str) -> ContactRecord:
    """A contact with a try of each outcome, and these answers."""
    contact: dict[str, Any] = {"id": number, "campaign": CAMPAIGN, "order_id": number}
    contact |= {"number": f"+86{number}", "language": "zh", "unit": ""}
    times = {"closed_at": AT, "entered_at": AT, "changed_at": AT, "due_at": None}
    return ContactRecord(
        contact=Contact(
            **contact, **times, confidential=False, state=ContactState.DONE
        ),
        attempts=tuple(
            Attempt(call_id=f"call-{number}", at=AT, ended_at=AT, outcome=outcome)
            for outcome in outcomes
        ),
        answers=tuple(_answer(q, answer) for q, answer in answers.items()),
        reviews=(),
        counted=answers,
        redo=False,
    )


def verdict_of(rung: Rung, outside: FoundOutside, *recorded: str) -> Verdict:
    """What the audit says; the follow-up calls to these numbers are recorded."""
    recordings = {
        f"call-{number}": Recording(
            call_id=f"call-{number}", state=State.CLOSED, started_at=AT, path="x.flac"
        )
        for number in recorded
    }
    found = Found(
        calls=(),
        missed=(),
        recordings=recordings,
        channels={},
        open_calls=(),
        open_legs=(),
        chain_faults=(),
        chain_warnings=(),
        proved=0,
        outside=outside,
    )
    verdict = Verdict()
    audit_outside(rung, found, verdict)
    return verdict


def _answer(question: str, answer: str) -> Answer:
    return Answer(
        question=question,
        answer=answer,
        given_by=GivenBy.KEY,
        confidence=1,
        transcript="",
        at=AT,
        clip_start_seconds=1,
        clip_seconds=1,
    )
