"""The fifteen-minute loop on a real database, with its real worker process."""

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from acd import events as e
from acd.adjustments.decision import DecisionState, ProposalError, RosterChanged
from acd.adjustments.desk import AUTOMATIC, AdjustmentDesk
from acd.adjustments.events import RoundMade
from acd.adjustments.forecaster import NothingForeseen
from acd.adjustments.rules import LoopRules
from acd.adjustments.store import KeptRound, declined_in_hour, last_round
from acd.messages import AgentLogsOut
from acd.rosters.rules import RosterRules
from acd.rosters.store import put_shifts, shifts_between
from acd.staffing.moves import MoveKind
from acd.staffing.roster import Shift
from config.clock import LoopClock
from tests.integration.staffed_city import (
    CELL,
    MANAGER,
    NOON,
    TODAY,
    ZONE,
    D,
    P,
    city,
    shift,
)

pytestmark = pytest.mark.integration


async def test_who_is_accepted_comes_to_the_phones_at_once_and_is_told(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        kept = await desk.look()
        assert kept.round.whole and kept.round.whole.present == 2
        [bring] = [
            p for p in kept.proposals if p.proposed.move.kind is MoveKind.TO_PHONES
        ]
        assert bring.proposed.move.person_id == "1003"
        assert here.state("1003") == ("paused", "other_post")
        [done] = await desk.accept([bring.id], MANAGER)
        assert (done.state, done.decided_by) == (DecisionState.ACCEPTED, "li")
        assert here.state("1003") == ("ready", "")
        today = await shifts_between(here.database, TODAY, TODAY)
        own = next(s for s in today if s.person_id == "1003")
        assert own.post(TODAY, CELL) is P and own.post(TODAY, CELL + 4) is D
        assert [(m.person_id, m.change) for m in here.moved] == [
            ("1003", "12:00-13:00 phones")
        ]


async def test_undone_move_takes_all_back(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        kept = await desk.look()
        ids = [p.id for p in kept.proposals if p.proposed.move.person_id == "1003"]
        await desk.accept(ids, MANAGER)
        await desk.undo(ids, MANAGER)
        assert here.state("1003") == ("paused", "other_post")
        today = await shifts_between(here.database, TODAY, TODAY)
        assert shift("1003", D) in today
        assert here.moved[-1].change == "12:00-13:00 dispatch"
        with pytest.raises(ProposalError, match="is undone"):
            await desk.accept(ids, MANAGER)


async def test_roster_that_has_changed_refuses_all_and_changes_nothing(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        kept = await desk.look()
        ids = [p.id for p in kept.proposals]
        other = Shift(person_id="1003", day=TODAY, start=CELL - 8, cells=(D,) * 30)
        async with here.database.begin() as connection:
            await put_shifts(connection, [other])
        with pytest.raises(RosterChanged, match="1003"):
            await desk.accept(ids, MANAGER)
        last = await last_round(here.database)
        assert last and {p.state for p in last.proposals} == {DecisionState.OPEN}
        assert other in await shifts_between(here.database, TODAY, TODAY)


async def test_automatic_mode_does_what_it_may(tmp_path: Path) -> None:
    rules = LoopRules(history_days=30, automatic=frozenset({MoveKind.TO_PHONES}))
    async with city(tmp_path, rules) as here, here.desk() as desk:
        kept = await desk.look()
        [done] = [p for p in kept.proposals if p.state is DecisionState.ACCEPTED]
        assert done.decided_by == AUTOMATIC.name
        assert here.state("1003") == ("ready", "")


async def test_automatic_mode_does_the_rest_where_a_shift_has_changed(
    tmp_path: Path,
) -> None:
    kinds = frozenset({MoveKind.TO_PHONES, MoveKind.OVERTIME})
    rules = LoopRules(history_days=30, automatic=kinds)
    ends = Shift(person_id="1001", day=TODAY, start=CELL - 8, cells=(P,) * 10)
    async with city(tmp_path, rules) as here, here.desk() as desk:
        async with here.database.begin() as connection:
            await put_shifts(connection, [ends])
        here.bus.subscribe(RoundMade, lambda _: change_shift(tmp_path, "1001"))
        kept = await desk.look()
        states = {p.proposed.move.person_id: p.state for p in kept.proposals}
        assert states == {
            "1001": DecisionState.OPEN,
            "1003": DecisionState.ACCEPTED,
        }
        assert here.state("1003") == ("ready", "")
        [told] = [words for words in kept.round.words if "carried out" in words]
        assert told == (
            "overtime of 1001 is not carried out: the shift or the queues have changed"
        )
        last = await desk.last()
        assert last and last.round.words == kept.round.words


def change_shift(directory: Path, who: str) -> None:
    """Somebody else changes it between a round and what comes of it."""
    with closing(sqlite3.connect(directory / "hotline.sqlite")) as other, other:
        other.execute("UPDATE shifts SET cells = 'p-pp' WHERE person_id = ?", [who])


async def test_declined_move_is_not_proposed_again_in_its_hour(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        kept = await desk.look()
        ids = [p.id for p in kept.proposals if p.proposed.move.person_id == "1003"]
        assert ids
        await desk.decline(ids, MANAGER)
        again = await desk.look()
        assert "1003" not in {p.proposed.move.person_id for p in again.proposals}
        assert any("1003 was declined" in words for words in again.round.words)
        assert [
            m.person_id for m in await declined_in_hour(here.database, TODAY, CELL + 3)
        ] == ["1003"]
        assert await declined_in_hour(here.database, TODAY, CELL + 4) == []


async def test_who_is_not_logged_in_at_another_post_is_absent_and_not_moved(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        here.distributor.send(AgentLogsOut(agent_id="1003"))
        kept = await desk.look()
        assert kept.round.absent == ("1003",)
        assert "1003" not in {p.proposed.move.person_id for p in kept.proposals}


async def test_overtime_is_an_hour_beyond_the_roster_and_keeps_the_rest(
    tmp_path: Path,
) -> None:
    rules = LoopRules(history_days=30, roster=RosterRules(zone=ZONE))
    async with city(tmp_path, rules) as here, here.desk() as desk:
        ends = Shift(person_id="1001", day=TODAY, start=CELL - 8, cells=(P,) * 10)
        night = Shift(person_id="1002", day=TODAY, start=CELL + 46, cells=(P,) * 20)
        tired = replace(ends, person_id="1002")
        async with here.database.begin() as connection:
            await put_shifts(connection, [ends, tired, night])
        first = await overtime(desk)
        assert {who: end for who, end, _ in first} == {"1001": CELL + 4}
        await desk.accept([one for *_, one in first], MANAGER)
        here.clock = LoopClock(NOON + timedelta(minutes=45))
        async with here.desk() as later:
            assert await overtime(later) == []


async def overtime(desk: AdjustmentDesk) -> list[tuple[str, int, str]]:
    """Who is asked to stay until when, in a round made now."""
    kept = await desk.look()
    return [
        (p.proposed.move.person_id, p.proposed.move.after.end, p.id)
        for p in kept.proposals
        if p.proposed.move.kind is MoveKind.OVERTIME
    ]


async def test_next_round_lets_open_proposals_expire(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        first = await desk.look()
        await desk.look()
        why = await desk.why(first.proposals[0].id)
        assert {p.state for p in why.proposals} == {DecisionState.EXPIRED}
        assert why.round.effects == first.round.effects


async def test_loop_goes_on_with_the_last_forecast_when_its_process_is_killed(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        await desk.look()
        assert here.worker.process_id
        os.kill(here.worker.process_id, signal.SIGSTOP)
        looking = asyncio.create_task(desk.look())
        await asyncio.sleep(0.1)
        os.kill(here.worker.process_id, signal.SIGKILL)
        kept = await looking
        assert kept.round.words[0] == "the forecast is that of 12:02"
        assert (await desk.look()).round.words[:1] != kept.round.words[:1]


async def test_without_any_forecast_the_reason_is_told(tmp_path: Path) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        await here.database.__aexit__(None, None, None)
        (tmp_path / "hotline.sqlite").unlink()
        with pytest.raises(NothingForeseen, match="next round"):
            await desk.look()
        await here.database.__aenter__()


async def test_city_without_calls_has_a_round_that_says_so(tmp_path: Path) -> None:
    async with city(tmp_path, calls=False) as here, here.desk() as desk:
        kept = await desk.look()
        assert "all: 30 of 30 days were hardly recorded and are left out" in (
            kept.round.words
        )
        assert min(effect.required for effect in kept.round.effects) >= 1


async def test_restarted_service_ends_a_move_when_its_hour_is_over(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here:
        async with here.desk() as desk:
            kept = await desk.look()
            ids = [p.id for p in kept.proposals if p.proposed.move.person_id == "1003"]
            await desk.accept(ids, MANAGER)
        here.clock = LoopClock(NOON + timedelta(minutes=58, seconds=3))
        here.rules = LoopRules(history_days=30, every_seconds=60)
        paused = asyncio.Event()
        here.bus.subscribe(
            e.AgentStateChanged,
            lambda event: paused.set() if event.new == "paused" else None,
        )
        async with here.desk(), asyncio.timeout(60):
            while here.state("1003") != ("paused", "other_post"):
                await paused.wait()


async def test_effect_is_measured_quarter_by_quarter(tmp_path: Path) -> None:
    async with city(tmp_path) as here:
        async with here.desk() as desk:
            kept = await desk.look()
            assert await _measured_cells(desk, kept) == []
        for quarters, minutes in ((1, 13), (2, 28), (4, 58)):
            here.clock = LoopClock(NOON + timedelta(minutes=minutes, seconds=4))
            looked = asyncio.Event()
            here.bus.subscribe(RoundMade, lambda _, done=looked: done.set())
            async with here.desk() as desk, asyncio.timeout(60):
                await looked.wait()
                assert await _measured_cells(desk, kept) == [
                    CELL + n for n in range(quarters)
                ]


async def _measured_cells(desk: AdjustmentDesk, kept: KeptRound) -> list[int]:
    why = await desk.why(kept.proposals[0].id)
    return [one.cell for one in why.measured]
