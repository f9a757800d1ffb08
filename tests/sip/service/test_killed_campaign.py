"""A campaign whose service is killed again and again, in the middle of its calls."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.ports import free_port
from tests.sip.service.acts import until_so
from tests.sip.service.conftest import StartHotline
from tests.sip.service.crowd import (
    all_ended,
    call_all,
    crowd,
    everybody,
    outbound,
    record_prompts,
)
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import noon_zone

LIMIT_SECONDS = 400
pytestmark = pytest.mark.sip

LINES = 4
MANY = {"presses": 12, "busy": 8, "refuses": 6}
EVERYBODY = everybody(MANY)
OUTCOMES = {
    "presses": ("completed",),
    "busy": ("busy",),
    "refuses": ("rejected", "opted_out"),
}
KILLED_AFTER = (3, 9, 16)
"""So many tries have been begun when it is killed the next time."""
CUT = {"service_killed", "partial"}
"""How a try ended in a kill; `partial` when he had answered something before."""


async def test_nobody_is_called_twice_or_forgotten_whenever_the_service_is_killed(
    start_hotline: StartHotline, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    port = free_port()
    async with crowd(MANY, port) as kinds:
        hotline = await start_hotline(
            extra=outbound(kinds, tmp_path / "own-prompts", LINES),
            hotline=f'drain_seconds = 5\ntimezone = "{noon_zone()}"',
            sip_port=port,
            secrets={each[-8:] for each in EVERYBODY},
        )
        await call_all(hotline, EVERYBODY)
        cut = await _killed_again_and_again(hotline)
        await until_so(lambda: all_ended(hotline, EVERYBODY), LIMIT_SECONDS)
        accounts = [it for each in kinds for it in await each.accounts()]
    called = Counter(it["number"] for it in accounts)
    tried = tries(hotline)
    assert set(called.values()) == {1}
    assert {each: len(outcomes) for each, outcomes in tried.items()} == dict.fromkeys(
        EVERYBODY, 1
    )
    _assert_only_what_was_cut_ended_otherwise(tried, called, cut)
    _assert_only_given_answers_are_kept(hotline, accounts)
    states = hotline.rows("SELECT number, tries, state FROM contacts")
    assert {row["tries"] for row in states} == {1}
    assert "dialling" not in {row["state"] for row in states}
    assert hotline.rows("SELECT * FROM missed_calls") == []


async def _killed_again_and_again(hotline: HotlineProcess) -> set[str]:
    """Whose tries were under way at a kill."""
    cut: set[str] = set()
    for begun in KILLED_AFTER:

        async def are_begun(least: int = begun) -> bool:
            return len(tries(hotline)) >= least

        await until_so(are_begun)
        await hotline.kill()
        cut |= {each for each, outcomes in tries(hotline).items() if None in outcomes}
        await hotline.start()
    return cut


def tries(hotline: HotlineProcess) -> dict[str, list[str | None]]:
    """The outcomes of each number's tries; None while one is under way."""
    found: dict[str, list[str | None]] = {}
    for row in hotline.rows("SELECT number, outcome FROM follow_up_attempts"):
        found.setdefault(row["number"][3:], []).append(row["outcome"])
    return found


def _assert_only_what_was_cut_ended_otherwise(
    tried: dict[str, list[str | None]], called: Counter[str], cut: set[str]
) -> None:
    """Who was never rung was cut before his try was dialled."""
    assert len(cut) >= len(KILLED_AFTER)
    for each, (outcome,) in tried.items():
        kind, turn = EVERYBODY[each]
        usual = OUTCOMES[kind][turn % len(OUTCOMES[kind])]
        if each in cut:
            assert outcome in CUT | {"opted_out"}, (kind, outcome)
        else:
            assert (outcome, each in called) == (usual, True)


def _assert_only_given_answers_are_kept(
    hotline: HotlineProcess, accounts: list[dict[str, Any]]
) -> None:
    """Who was cut after he had answered something is not asked again."""
    given = {(it["number"], each) for it in accounts for each in it["replied"]}
    query = (
        "SELECT number, question, outcome FROM follow_up_answers"
        " JOIN follow_up_attempts USING (call_id)"
    )
    rows = hotline.rows(query)
    assert {(row["number"][3:], row["question"]) for row in rows} <= given
    assert {row["outcome"] for row in rows} <= {"completed", "partial"}
