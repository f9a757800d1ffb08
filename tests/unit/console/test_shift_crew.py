"""Who is where, as the shift desk shows it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from acd.adjustments.posts import AT_ANOTHER_POST
from acd.distributor import AgentView
from acd.events import AgentState
from acd.people.person import Leave, Person, Post
from acd.staffing.loan import Loan
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import DayRoster, Shift, Work
from console.shift_desk.crew import Crew, Member, Off, crew_of
from console.shift_desk.figures import plotted, quarters_of, short_of
from console.shift_desk.moves import Step, steps_of

DAY, NIGHT_BEFORE = date(2026, 3, 2), date(2026, 3, 1)
P, D = Post.PHONES, Post.DISPATCH
SHIFTS = (
    Shift(person_id="early", day=DAY, start=32, cells=(P,) * 8 + (None,) + (D,) * 7),
    Shift(person_id="night", day=NIGHT_BEFORE, start=88, cells=(P,) * 32),
    Shift(person_id="late", day=DAY, start=64, cells=(P,) * 32),
    Shift(person_id="away", day=DAY, start=32, cells=(P,) * 32),
)


def person(who: str) -> Person:
    leave = (Leave(first=DAY, last=DAY),) if who == "away" else ()
    return Person(id=who, name="", posts=(P, D), leave=leave)


def agent(who: str, state: AgentState, reason: str = "") -> AgentView:
    return AgentView(
        id=who,
        name="",
        contact="",
        queues=(),
        skills={},
        penalties={},
        state=state,
        reason=reason,
        call_id="",
        since=datetime(2026, 3, 2, tzinfo=UTC),
    )


def crew(cell: int, *agents: AgentView) -> Crew:
    people = [person(shift.person_id) for shift in SHIFTS]
    roster = DayRoster.of(DAY, ZoneInfo("Asia/Shanghai"), people, SHIFTS)
    return crew_of(roster, cell, agents)


def member(cell: int, who: str, *agents: AgentView) -> Member:
    return next(m for m in crew(cell, *agents).members if m.person_id == who)


def test_everybody_is_at_his_post_in_his_break_or_off_duty() -> None:
    places = {m.person_id: m.where for m in crew(40).members}
    assert places == {"early": Off.BREAK, "night": Off.OVER, "late": Off.LATER}
    assert member(42, "early").where is D
    assert member(8, "night").on_duty
    assert not member(40, "late").on_duty


def test_who_is_on_leave_is_named_apart() -> None:
    assert crew(40).on_leave == ("away",)


def test_next_stretch_is_told_with_its_time() -> None:
    following = member(33, "early").next
    assert following is not None
    assert (following.begins, following.work) == ("10:00", Off.BREAK)
    assert member(42, "early").next is None


def test_night_shift_is_cut_to_the_day() -> None:
    night = member(8, "night")
    assert (night.begins, night.ends) == ("22:00", "06:00")
    assert [(s.first, s.last) for s in night.stretches] == [(0, 24)]


def test_rostered_agent_who_is_not_logged_in_is_missing() -> None:
    assert member(33, "early").missing
    assert not member(33, "early", agent("early", AgentState.PAUSED)).missing
    assert not member(42, "early").missing


def test_agent_without_a_shift_is_told_unless_he_is_at_another_post() -> None:
    there = agent("x", AgentState.READY), agent("y", AgentState.LOGGED_OUT)
    elsewhere = agent("z", AgentState.PAUSED, AT_ANOTHER_POST)
    assert [a.id for a in crew(40, *there, elsewhere).unplanned] == ["x"]


def move(after: tuple[Work, ...], loan: Loan | None = None) -> Move:
    before = SHIFTS[0]
    changed = Shift(person_id="early", day=DAY, start=32, cells=after)
    return Move(kind=MoveKind.BY_HAND, before=before, after=changed, loan=loan)


def test_steps_of_a_move_follow_each_other() -> None:
    after = (D, D, *SHIFTS[0].cells[2:-1])
    assert steps_of(move(after)) == [
        Step(begins="08:00", ends="08:30", work=D),
        Step(begins="11:45", ends="12:00", work=Off.OVER),
    ]


def test_step_of_a_loan_names_both_queues() -> None:
    loan = Loan(person_id="early", day=DAY, of="tax", to="general", first=33, last=35)
    (step,) = steps_of(move(SHIFTS[0].cells, loan))
    assert (step.begins, step.ends, step.queues) == (
        "08:15",
        "08:45",
        ("tax", "general"),
    )


def quarter(cell: int, required: int | None, rostered: int) -> dict[str, object]:
    names = "forecast", "low", "high", "present"
    figures = {"cell": cell, "calls": 3, "required": required, "rostered": rostered}
    return figures | dict.fromkeys(names)


def test_gap_is_what_the_roster_lacks_and_unknown_without_a_round() -> None:
    day = [quarter(0, None, 5), quarter(1, 4, 5), quarter(2, 6, 5), quarter(3, 9, 5)]
    quarters = quarters_of({"quarters": day})
    assert [q.gap for q in quarters] == [None, 1, -1, -4]
    assert [q.cell for q in short_of(quarters, 3)] == [3]
    assert plotted(quarters)["gap"] == [None, 1, -1, -4]
