"""The draft for the daily review: where citizens waited and why, gaps, and the page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from acd.adjustments.decision import DecisionState, Proposal
from acd.people.person import Post
from acd.staffing.adjustment import Proposed
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.day_kind import DayType
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import Shift
from acd.staffing_reports.adherence import Adherence, PersonAdherence
from acd.staffing_reports.ahead import Ahead, Bounds
from acd.staffing_reports.daily import (
    Cause,
    DailyReview,
    Decided,
    Gap,
    NextDay,
    Owed,
    decided_of,
    gaps_of,
    most_missing,
    worst_of,
)
from acd.staffing_reports.daily_text import daily_text
from acd.staffing_reports.daily_words import CHINESE, ENGLISH
from acd.staffing_reports.intervals import (
    DayFacts,
    StaffedInterval,
    staffed_intervals,
    staffed_totals,
)
from acd.staffing_reports.plan_story import (
    Happened,
    Moment,
    PlanStory,
    RecallFigures,
)
from tests.unit.acd.staffing_reports.rounds import (
    CITY,
    EVENING,
    FRIDAY,
    QUARTERS,
    SATURDAY,
    came,
    start,
)

IN_TIME = "answered_in_15_seconds_from_queue_entry"
FACTS = DayFacts(
    quarters=QUARTERS,
    now=EVENING,
    ahead={},
    cover=Cover(day=FRIDAY, agents={WHOLE: [10] * 96}),
    present={(WHOLE, start(cell)): 9000.0 for cell in range(96)},
    calls=[
        came(cell, offered=50, answered=45, abandoned_in_queue=5, **{IN_TIME: in_time})
        for cell, in_time in (
            (40, 20),
            (41, 45),
            (42, 44),
            (50, 10),
            (60, 40),
            (61, 39),
        )
    ],
)
LINES = staffed_intervals(FACTS)
NOON = next(x for x in LINES if (x.queue, x.cell) == (WHOLE, 50))
FULL = Adherence(
    rostered_seconds=36000,
    there_seconds=36000,
    late_seconds=0,
    early_seconds=0,
    paused_seconds=0,
    away_seconds=0,
    absent_seconds=0,
    share=1.0,
)


def ahead(calls: float = 50, required: int = 10) -> Ahead:
    """So many calls foreseen, one fifth more or less."""
    bounds = Bounds(calls=calls, low=0.8 * calls, high=1.2 * calls)
    return Ahead(day_ahead=bounds, last=bounds, required=required)


def causes(line: StaffedInterval) -> tuple[Cause, ...]:
    """Why citizens waited in it."""
    [worst] = worst_of([line])
    return worst.causes


def test_worst_quarters_are_those_in_which_most_citizens_waited() -> None:
    worst = worst_of(LINES)
    assert [(w.interval.cell, w.waited) for w in worst] == [
        (40, 30),
        (42, 6),
        (50, 40),
        (60, 10),
        (61, 11),
    ]
    assert {w.interval.queue for w in worst} == {WHOLE}


def test_cause_is_what_was_not_as_it_should_be() -> None:
    assert causes(NOON) == ()
    assert causes(replace(NOON, ahead=ahead(40))) == (Cause.MORE_CALLS,)
    assert causes(replace(NOON, ahead=ahead(required=11))) == (Cause.ROSTER_SHORT,)
    assert causes(replace(NOON, present=8.9)) == (Cause.PEOPLE_MISSING,)
    assert causes(replace(NOON, ahead=ahead(42, 10), present=9.0)) == ()


def test_gaps_are_the_stretches_in_which_agents_are_wanting() -> None:
    required, rostered = [1] * 96, [1] * 96
    required[30:34] = 3, 4, 2, 1
    required[95] = 2
    assert list(gaps_of(required, rostered)) == [
        Gap(first=30, until=33, most=3, hours=1.5),
        Gap(first=95, until=96, most=1, hours=0.25),
    ]


def person(name: str, late_seconds: float) -> PersonAdherence:
    """Ten hours, and so many seconds late."""
    there = 36000 - late_seconds
    return PersonAdherence(
        person_id=name,
        name=name,
        stretches=(),
        adherence=replace(FULL, late_seconds=late_seconds, there_seconds=there),
        deviations=(),
    )


def test_who_missed_less_than_a_quarter_of_an_hour_is_not_named() -> None:
    people = [person("a", 899), person("b", 1200), person("c", 3600)]
    assert [one.name for one in most_missing(people)] == ["c", "b"]


PLAN = PlanStory(
    began_at=start(40),
    ended_at=None,
    highest=2,
    timeline=tuple(
        Moment(at=start(43), what=Happened.ARRIVED, who=who, late=True)
        for who in ("1007", "1003")
    ),
    moved=3,
    recall=RecallFigures(
        needed=4, rung=6, confirmed=5, declined=1, arrived=4, in_time=3, late=2
    ),
    came=NOON.came,
    wait_seconds=41.0,
    quarters=(),
)
NEXT = NextDay(
    day=SATURDAY,
    kind=DayType.WEEKEND,
    calls=1234.4,
    peak_cell=41,
    peak_calls=51.2,
    peak_agents=17,
    required=(4,) * 96,
    rostered=(4,) * 90 + (0,) * 6,
    gaps=(Gap(first=90, until=96, most=4, hours=6.0),),
)
REVIEW = DailyReview(
    at=EVENING + timedelta(hours=8),
    day=FRIDAY,
    totals=tuple(staffed_totals(LINES)),
    worst=worst_of([replace(NOON, ahead=ahead(40))]),
    foreseen=(),
    adherence=FULL,
    decided=Decided(
        accepted={MoveKind.TO_PHONES: 3, MoveKind.LEND: 1},
        automatic=1,
        undone=1,
        declined=2,
    ),
    names={"1003": "陈静"},
    missing=(person("王芳", 1500),),
    plans=(PLAN,),
    owed=Owed(open=7, promised=2, oldest_at=start(45)),
    next_day=NEXT,
)


def test_page_is_chinese_and_tells_all_that_a_meeting_asks() -> None:
    page = daily_text(REVIEW, CITY)
    for words in (
        "# 日清日结（草稿） 2026-11-27 星期五",
        "> 2026-11-28 08:00 依据系统记录生成",
        "| 全部 | 300 | 270 | 90.0% | 66.0% | 0 / 0 / 30 / 0 | 0 |",
        "排班 240 人时，实到 240 人时；排班遵守率 100.0%",
        "人员调整：采纳 4 项（调入话务 3、队列借调 1），其中自动执行 1 项、事后撤销 1 项；未采纳 2 项。",
        "王芳 迟到为主，共缺 25 分钟",
        "| 12:30 | 50 | 40 | 40 (32–48) | 10 / 10 / 10 | 来电超出预测上限 |",
        "10:00–至今 最高 2 级：调入话务 3 人；期间来电 50 通，放弃率 10.0%",
        "呼叫 6 人，确认 5 人，到岗 4 人，其中 30 分钟内 3 人；迟到或未到 2 人（陈静、1007）",
        "待回拨 7 件，其中已承诺 2 件，最早 2026-11-27 11:15",
        "2026-11-28 星期六（周末）：预测来电 1234 通，最忙 10:15（51 通，需 17 人）",
        "缺口：22:30–24:00 最多缺 4 人，共 6 人时",
    ):
        assert words in page, words


def test_quiet_day_says_so_in_every_section() -> None:
    quiet = replace(
        REVIEW,
        totals=tuple(staffed_totals(staffed_intervals(replace(FACTS, calls=[])))),
        worst=(),
        decided=Decided(accepted={}, automatic=0, undone=0, declined=0),
        missing=(),
        plans=(),
        owed=Owed(open=0, promised=0, oldest_at=None),
        next_day=None,
    )
    keys = "nothing_decided nobody_missing no_worst no_plans nothing_owed nothing_learned not_foreseen"
    for language, words in (("zh", CHINESE), ("en", ENGLISH)):
        page = daily_text(quiet, CITY, language)
        assert [key for key in keys.split() if words[key] not in page] == []


@pytest.mark.parametrize("change", [{"gaps": ()}, {"rostered": (0,) * 96}])
def test_roster_without_gaps_and_no_roster_are_told_apart(
    change: dict[str, object],
) -> None:
    page = daily_text(replace(REVIEW, next_day=replace(NEXT, **change)), CITY)
    assert ("排班无缺口" in page, "尚未排班" in page) == (
        "gaps" in change,
        "rostered" in change,
    )


def test_both_languages_have_the_same_words_to_fill_in() -> None:
    fields = [
        {key: text.count("{") for key, text in words.items()}
        for words in (CHINESE, ENGLISH)
    ]
    assert fields[0] == fields[1]


def test_what_was_accepted_counts_also_when_it_was_taken_back() -> None:
    shift = Shift(person_id="a", day=FRIDAY, start=32, cells=(Post.DISPATCH,) * 8)
    move = Move(kind=MoveKind.TO_PHONES, before=shift, after=shift)
    one = Proposed(move=move, queue=WHOLE, cell=32, missing=1, relieves=1)
    open_ = Proposal(id="1", round_id="r", proposed=one)
    proposals = [
        open_,
        replace(open_, state=DecisionState.ACCEPTED, decided_by="automatic"),
        replace(open_, state=DecisionState.UNDONE, decided_by="li"),
        replace(open_, state=DecisionState.DECLINED, decided_by="li"),
    ]
    assert decided_of(proposals) == Decided(
        accepted={MoveKind.TO_PHONES: 2}, automatic=1, undone=1, declined=1
    )
