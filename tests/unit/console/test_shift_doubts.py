"""What a look doubts, in sentences that a page can translate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.adjustments.decision import LoanRefused, ProposalError, RosterChanged
from acd.adjustments.doubts import not_carried_out
from acd.adjustments.foreseen import DayAhead
from acd.adjustments.round import Presence, weigh
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import Tomorrow
from acd.people.person import Person, Post
from acd.staffing.day_history import learnable
from acd.staffing.limits import Limits
from acd.staffing.moves import Move, MoveKind, MoveRules
from acd.staffing.roster import DayRoster, Shift
from console.shift_desk.doubts import SENTENCES, Doubt, doubt_of
from tests.unit.acd.staffing.made_up_weeks import weeks

TODAY = date(2026, 11, 28)
TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize("queue", ["", "general", "all"])
def test_sentence_is_known_with_its_values_and_its_queue(queue: str) -> None:
    said = f"{queue}: " if queue else ""
    doubt = doubt_of(f"{said}3 of 30 days were hardly recorded and are left out")
    assert doubt == Doubt(
        queue=queue, sentence=SENTENCES[5], values={"n": "3", "of": "30"}
    )


def test_day_at_the_head_is_no_queue() -> None:
    doubt = doubt_of("2026-11-28: -3 are no count of calls and are left out")
    assert doubt.queue == ""
    assert doubt.values == {"day": "2026-11-28", "figures": "-3"}


def test_words_that_nobody_knows_are_said_as_they_are() -> None:
    doubt = doubt_of("100 % new: words")
    assert doubt.sentence % doubt.values == "100 % new: words"


def test_all_that_a_history_tells_of_itself_is_known() -> None:
    history = weeks(14)
    counts = history.counts.copy()
    counts[2:7, 40] *= 40
    counts[9, 40] = -7
    counts[10, 40:44] = 0
    counts[11] = np.nan
    counts[12, 3] = np.nan
    words = learnable(replace(history, counts=counts)).words
    assert len(words) >= 6
    assert {doubt_of(f"general: {told}").queue for told in words} == {"general"}


def test_all_that_a_round_before_midnight_tells_of_itself_is_known() -> None:
    stranger = Shift(person_id="9", day=TOMORROW, start=1, cells=(None,))
    phones = Shift(person_id="1001", day=TODAY, start=92, cells=(Post.PHONES,) * 16)
    twice = replace(phones, day=TOMORROW, start=2)
    zone, wang = ZoneInfo("UTC"), Person(id="1001", name="", posts=(Post.PHONES,))
    today, tomorrow = (
        DayRoster.of(day, zone, [wang], [stranger, phones, twice])
        for day in (TODAY, TOMORROW)
    )
    at = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    ahead = DayAhead(day=TODAY, at=at, queues=())
    there = Presence(logged_in=frozenset(), elsewhere=frozenset(), queues={})
    limits = Limits(declined=frozenset({("1001", MoveKind.LEND)}))
    told = {
        words
        for of_next_day in (None, replace(ahead, day=TOMORROW))
        for words in weigh(
            ahead,
            today,
            there,
            LoopRules(moves=MoveRules(needs=("上岗证",))),
            limits,
            Tomorrow(roster=tomorrow, ahead=of_next_day),
        ).words
    }
    assert [words for words in told if doubt_of(words).sentence not in SENTENCES] == []
    assert told == {
        "no calls are recorded yet: nothing can be foreseen",
        "the roster has 9, whom nobody knows: left out",
        "1001 has two shifts at once: the later one is left out",
        "1001 is rostered on the phones of 2026-11-28 without the qualification 上岗证",
        "1001 is rostered on the phones of 2026-11-29 without the qualification 上岗证",
        "2026-11-29 cannot be foreseen: the hour ahead ends at midnight",
        "lend of 1001 was declined: not proposed again in its hour",
        "the roster has no shift on 2026-11-29",
    }
    declined = next(words for words in told if "declined" in words)
    assert doubt_of(declined).values == {"kind": "lend", "who": "1001"}


@pytest.mark.parametrize(
    "error", [RosterChanged("x"), LoanRefused("x"), ProposalError("x")]
)
def test_why_the_automatic_mode_did_not_carry_out_a_move_is_known(
    error: ProposalError,
) -> None:
    day = Shift(person_id="1001", day=TODAY, start=40, cells=(Post.PHONES,))
    move = Move(kind=MoveKind.LEND, before=day, after=day)
    doubt = doubt_of(not_carried_out(move, error))
    assert doubt.sentence in SENTENCES and doubt.values == {
        "kind": "lend",
        "who": "1001",
    }
