"""What a look doubts, in sentences that a page can translate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.adjustments.foreseen import DayAhead
from acd.adjustments.round import Presence, weigh
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import Tomorrow
from acd.staffing.day_history import learnable
from acd.staffing.limits import Limits
from acd.staffing.moves import MoveKind
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
    stranger = Shift(person_id="9", day=TODAY, start=90, cells=(None,))
    zone = ZoneInfo("UTC")
    today, tomorrow = (
        DayRoster.of(day, zone, (), [stranger]) for day in (TODAY, TOMORROW)
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
            LoopRules(),
            limits,
            Tomorrow(roster=tomorrow, ahead=of_next_day),
        ).words
    }
    assert len(told) == 6
    assert [words for words in told if doubt_of(words).sentence not in SENTENCES] == []
    declined = next(words for words in told if "declined" in words)
    assert doubt_of(declined).values == {"kind": "lend", "who": "1001"}
