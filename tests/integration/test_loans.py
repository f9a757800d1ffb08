"""People who are lent to another queue for a while, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from acd.adjustments import desk as desk_module
from acd.adjustments.decision import DecisionState, LoanEnd, Proposal, ProposalError
from acd.adjustments.desk import AdjustmentDesk
from acd.adjustments.events import PersonMoved
from acd.adjustments.rules import LoopRules
from acd.messages import AgentLogsIn
from acd.people.store import agent_rows
from acd.rosters.store import put_shifts, shifts_between
from acd.rule_changes.store import changes_page
from acd.staffing.moves import MoveKind
from acd.staffing_reports.reading import intervals_report
from config.agent_settings import AgentSection
from config.clock import LoopClock
from config.queue_settings import QueueSection
from tests.integration.staffed_city import (
    CELL,
    MANAGER,
    NOON,
    TODAY,
    ZONE,
    City,
    P,
    city,
    shift,
)

pytestmark = pytest.mark.integration

RULES = LoopRules(history_days=30, lend_to_anybody=frozenset({"general"}))
AN_HOUR_LATER = NOON + timedelta(minutes=58, seconds=3)


@asynccontextmanager
async def two_queues(directory: Path, rules: LoopRules = RULES) -> AsyncIterator[City]:
    """The city at noon, and two who answer taxes alone, which nobody asks about."""
    async with city(directory, rules) as here:
        changes = here.rule_changes()
        for who in ("2001", "2002"):
            agent = AgentSection(
                id=who,
                contact=f"sip:{who}@127.0.0.1",
                queues=("transit", "tax"),
                skills={"tax": 2},
                penalties={"tax": 1},
            )
            if who == "2001":
                await changes.add_queue(QueueSection(name="transit"), MANAGER)
            await changes.add_agent(agent, MANAGER)
            here.distributor.send(AgentLogsIn(agent_id=who))
            async with here.database.begin() as connection:
                await put_shifts(connection, [shift(who, P)])
        yield here


def answers(here: City, who: str) -> tuple[str, ...]:
    return next(a.queues for a in here.distributor.agents() if a.id == who)


async def kept(here: City, who: str) -> tuple[tuple[str, ...], dict[str, int]]:
    [row] = [row for row in await agent_rows(here.database) if row.id == who]
    return row.queues, row.penalties


async def lend(desk: AdjustmentDesk) -> Proposal:
    round_ = await desk.look()
    [lent] = [p for p in round_.proposals if p.proposed.move.kind is MoveKind.LEND]
    [done] = await desk.accept([lent.id], MANAGER)
    return done


async def test_who_is_lent_answers_the_other_queue_at_once_and_is_told(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        done = await lend(desk)
        assert (done.state, done.decided_by) == (DecisionState.ACCEPTED, "li")
        assert answers(here, "2001") == ("transit", "general")
        assert await kept(here, "2001") == (("transit", "general"), {})
        assert answers(here, "2002") == ("transit", "tax")
        assert [(m.person_id, m.kind, m.change) for m in here.moved] == [
            ("2001", "lend", "12:00-13:00 general instead of tax")
        ]
        [line] = await changes_page(here.database, limit=1)
        assert (line.name, line.changed_by) == ("2001", "li")
        assert shift("2001", P) in await shifts_between(here.database, TODAY, TODAY)


async def test_effect_is_told_for_both_queues(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        made = (await desk.look()).round
        by_queue = {e.queue: e for e in made.queue_effects if e.cell == CELL}
        assert by_queue["general"].after == by_queue["general"].before + 1
        assert by_queue["general"].in_time_after > by_queue["general"].in_time_before


async def test_effect_counts_as_in_time_what_each_queues_target_does(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        hurried = {"target_within_seconds": 10.0}
        await here.rule_changes().change_rules(
            "general", lambda rules: rules.model_copy(update=hurried), MANAGER
        )
        made = (await desk.look()).round
        within = {e.queue: e.within_seconds for e in made.effects + made.queue_effects}
        assert within == {"all": 15.0, "general": 10.0}


async def test_report_counts_who_was_lent_where_he_answered(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            await lend(desk)
            during = await rostered(here)
        here.clock = LoopClock(AN_HOUR_LATER)
        async with here.desk():
            assert answers(here, "2001") == ("transit", "tax")
            after = await rostered(here)
    assert during == after == [2, 3, 2]


async def test_report_of_yesterday_has_who_is_lent_now_in_his_own_queue(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        yesterday = TODAY - timedelta(days=1)
        shifts = [replace(shift(who, P), day=yesterday) for who in ("1001", "2001")]
        async with here.database.begin() as connection:
            await put_shifts(connection, shifts)
        before = await rostered(here, yesterday)
        await lend(desk)
        assert await rostered(here, yesterday) == before


async def rostered(here: City, day: date = TODAY) -> list[int]:
    """Agents of the general queue before the hour, at its beginning, and after it."""
    made = await intervals_report(here.database, day, ZONE, here.clock.now())
    cells = CELL - 1, CELL, CELL + 4
    general = (line for line in made.intervals if line.queue == "general")
    at = {line.cell: line.rostered for line in general}
    return [at[cell] for cell in cells if cell in at]


async def test_restarted_service_gives_back_who_was_lent(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            done = await lend(desk)
        here.clock = LoopClock(AN_HOUR_LATER)
        async with here.desk() as desk:
            assert answers(here, "2001") == ("transit", "tax")
            assert await kept(here, "2001") == (("transit", "tax"), {"tax": 1})
            why = await desk.why(done.id)
            [own] = [p for p in why.proposals if p.id == done.id]
            assert own.loan_end is LoanEnd.OVER and own.loan_ended_at
        told = here.moved[-1]
        assert (told.person_id, told.state, told.change) == (
            "2001",
            "given_back",
            "from 13:00 tax",
        )


async def test_loan_ends_on_time_however_seldom_rounds_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "SETTLE", timedelta(seconds=0.1))
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            await lend(desk)
        assert answers(here, "2001") == ("transit", "general")
        here.clock = LoopClock(AN_HOUR_LATER - timedelta(seconds=5))
        here.rules = LoopRules(history_days=30, every_seconds=3000)
        back = asyncio.Event()
        here.bus.subscribe(PersonMoved, lambda told: back.set())
        async with here.desk(), asyncio.timeout(60):
            await back.wait()
        assert answers(here, "2001") == ("transit", "tax")


async def test_undone_loan_is_given_back_at_once_and_only_once(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        done = await lend(desk)
        await desk.undo([done.id], MANAGER)
        assert answers(here, "2001") == ("transit", "tax")
        assert await kept(here, "2001") == (("transit", "tax"), {"tax": 1})
        assert here.moved[-1].state == "undone"
        assert here.moved[-1].change == "12:00-13:00 tax instead of general"
        with pytest.raises(ProposalError, match="is undone"):
            await desk.undo([done.id], MANAGER)


async def test_word_of_a_person_who_changed_him_since_counts(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            done = await lend(desk)
            await here.rule_changes().change_profile(
                "2001",
                lambda own: own.model_copy(update={"queues": ("general",)}),
                MANAGER,
            )
            with pytest.raises(ProposalError, match="by hand"):
                await desk.undo([done.id], MANAGER)
            await desk.look()
            [own] = [p for p in (await desk.why(done.id)).proposals if p.id == done.id]
            assert own.loan_end is LoanEnd.OVERRULED
        here.clock = LoopClock(AN_HOUR_LATER)
        async with here.desk():
            assert answers(here, "2001") == ("general",)


async def test_loan_that_a_person_overruled_counts_until_then_alone(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            before = await rostered(here)
            await lend(desk)
        here.clock = LoopClock(NOON + timedelta(minutes=20))
        await here.rule_changes().change_profile(
            "2001", lambda own: own.model_copy(update={"queues": ("transit",)}), MANAGER
        )
        here.clock = LoopClock(AN_HOUR_LATER)
        async with here.desk():
            made = await intervals_report(here.database, TODAY, ZONE, here.clock.now())
    general = {i.cell: i.rostered for i in made.intervals if i.queue == "general"}
    lent = [general[CELL + n] - before[0] for n in range(4)]
    assert lent == [1, 1, 0, 0]


async def test_agent_whose_queues_have_changed_is_not_lent(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        ids = [p.id for p in (await desk.look()).proposals]
        await here.rule_changes().change_profile(
            "2001", lambda own: own.model_copy(update={"queues": ("transit",)}), MANAGER
        )
        with pytest.raises(ProposalError, match="have changed"):
            await desk.accept(ids, MANAGER)
        last = await desk.last()
        assert last and {p.state for p in last.proposals} == {DecisionState.OPEN}
        assert here.moved == []


async def test_agent_who_left_meanwhile_ends_his_loan(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as here:
        async with here.desk() as desk:
            done = await lend(desk)
            await here.rule_changes().remove_agent("2001", MANAGER)
        here.clock = LoopClock(AN_HOUR_LATER)
        async with here.desk() as desk:
            [own] = [p for p in (await desk.why(done.id)).proposals if p.id == done.id]
            assert own.loan_end is LoanEnd.STANDS


async def test_who_is_lent_counts_where_he_is_until_he_goes_back(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as here, here.desk() as desk:
        before = (await desk.look()).round
        await lend(desk)
        after = (await desk.look()).round

        def rostered(made: object, queue: str) -> list[int]:
            [own] = [q for q in made.queues if q.queue == queue]  # type: ignore[attr-defined]
            return [
                line.rostered for line in own.lines if line.cell in (CELL, CELL + 4)
            ]

        had, have = rostered(before, "general"), rostered(after, "general")
        assert have == [had[0] + 1, had[1]]
        assert not [
            p
            for p in (await desk.look()).proposals
            if p.proposed.move.person_id == "2001"
        ]
