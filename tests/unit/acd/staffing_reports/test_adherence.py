"""Who was on the phones when the roster had him there, to the second."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from acd.events import AgentState as S
from acd.people.person import Person, Post
from acd.people.rows import AgentMove
from acd.staffing.roster import Shift
from acd.staffing_reports.adherence import (
    Missing,
    PersonAdherence,
    all_together,
    person_adherence,
)
from acd.staffing_reports.adherence_picture import LABELS, adherence_picture
from tests.unit.acd.staffing_reports.rounds import CITY, EVENING, FRIDAY, start

P, T = Post.PHONES, Post.TRAINING
WANG = Person(id="1001", name="王芳", posts=(P,), contact="sip:1@192.0.2.1")
SHIFT = Shift(
    person_id="1001", day=FRIDAY, start=32, cells=(*[P] * 8, None, None, *[P] * 8, T)
)
"""08:00-10:00, a break, 10:30-12:30 on the phones, then training."""
HOUR = 3600.0


def at(clock: str) -> datetime:
    """A moment of Friday."""
    hours, minutes = map(int, clock.split(":"))
    return start(0) + timedelta(hours=hours, minutes=minutes)


def story(*moves: tuple[str, S]) -> list[AgentMove]:
    """What he did, from logged out on."""
    states = [S.LOGGED_OUT, *(state for _, state in moves)]
    return [
        AgentMove(agent_id="1001", at=at(c), old=old, new=new, reason="", call_id="")
        for (c, new), old in zip(moves, states, strict=False)
    ]


def seen(
    *moves: tuple[str, S], now: datetime = EVENING, shift: Shift = SHIFT
) -> PersonAdherence:
    """His adherence; the shift has begun."""
    found = person_adherence(WANG, shift, story(*moves), CITY, now)
    assert found
    return found


def missing(one: PersonAdherence) -> dict[str, float]:
    """Minutes of each kind that was missing."""
    seconds = {why: getattr(one.adherence, f"{why}_seconds") for why in Missing}
    return {why: each / 60 for why, each in seconds.items() if each}


def test_who_was_there_all_the_time_misses_nothing() -> None:
    one = seen(("07:50", S.READY), ("09:00", S.TALKING), ("12:40", S.LOGGED_OUT))
    assert (one.adherence.rostered_seconds, one.adherence.share) == (4 * HOUR, 1.0)
    assert one.deviations == ()


def test_late_early_paused_and_away_add_up_to_what_is_missing() -> None:
    one = seen(
        *(("08:12", S.READY), ("09:00", S.PAUSED), ("09:10", S.READY)),
        *(("11:00", S.LOGGED_OUT), ("11:07", S.READY), ("12:25", S.LOGGED_OUT)),
    )
    assert missing(one) == {"late": 12, "paused": 10, "away": 7, "early": 5}
    assert one.adherence.there_seconds == 4 * HOUR - 34 * 60
    assert [(d.why, d.since) for d in one.deviations] == [
        (Missing.LATE, at("08:00")),
        (Missing.PAUSED, at("09:00")),
        (Missing.AWAY, at("11:00")),
        (Missing.EARLY, at("12:25")),
    ]


def test_breaks_and_other_posts_are_not_asked_about() -> None:
    one = seen(
        *(("08:00", S.READY), ("10:00", S.PAUSED), ("10:30", S.READY)),
        ("12:30", S.LOGGED_OUT),
    )
    assert one.adherence.share == 1.0


def test_who_never_came_is_absent() -> None:
    one = seen()
    assert missing(one) == {"absent": 240}
    assert [d.why for d in one.deviations] == [Missing.ABSENT] * 2
    assert one.adherence.share == 0.0


def test_who_logged_in_and_paused_is_not_late() -> None:
    one = seen(("08:00", S.PAUSED), ("08:20", S.READY), ("13:00", S.LOGGED_OUT))
    assert missing(one) == {"paused": 20}


def test_while_the_shift_goes_on_nobody_has_left_early() -> None:
    one = seen(("08:00", S.READY), ("08:50", S.LOGGED_OUT), now=at("09:00"))
    assert (one.adherence.rostered_seconds, missing(one)) == (HOUR, {"away": 10})


def test_shift_that_has_not_begun_has_no_line() -> None:
    assert person_adherence(WANG, SHIFT, [], CITY, at("08:00")) is None
    training = replace(SHIFT, cells=(T,) * 8)
    assert person_adherence(WANG, training, [], CITY, EVENING) is None


def test_night_shift_is_one_over_midnight() -> None:
    night = replace(SHIFT, start=92, cells=(P,) * 32)
    until = EVENING + timedelta(days=1)
    one = seen(("22:55", S.READY), ("23:30", S.LOGGED_OUT), now=until, shift=night)
    assert (one.adherence.rostered_seconds, missing(one)) == (8 * HOUR, {"early": 450})


def test_what_is_shorter_than_a_minute_counts_and_is_not_told() -> None:
    late = at("08:00") + timedelta(seconds=59)
    [move] = story(("08:00", S.READY))
    one = person_adherence(WANG, SHIFT, [replace(move, at=late)], CITY, EVENING)
    assert one and (one.adherence.late_seconds, one.deviations) == (59, ())


def test_everybody_together_is_the_sum() -> None:
    whole = all_together([seen(), seen(("08:00", S.READY))])
    assert (whole.rostered_seconds, whole.absent_seconds) == (8 * HOUR, 4 * HOUR)
    assert whole.share == 0.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_picture_shows_people_and_kinds_in_both_languages(language: str) -> None:
    people = [seen(("08:12", S.READY))]
    whole = all_together(people)
    drawn = adherence_picture(FRIDAY, people, whole, CITY, language)
    plain = {k: v for k, v in LABELS[language].items() if k != "of"}
    assert [w for w in plain.values() if w not in drawn] == []
    assert "王芳 95%" in drawn
    assert LABELS["en"].keys() == LABELS["zh"].keys()
