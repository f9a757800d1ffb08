"""Thirty-three calls a second against one seat: a place, a promise or a message for each."""

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.sip.service.acts import answered_by, dial_and_press, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.sipp import Sipp

pytestmark = pytest.mark.sip

A_SECOND, SECONDS = 33, 8
NUMBERS = [f"139{n:08}" for n in range(A_SECOND * SECONDS)]
PLACES, PROMISES = 6, 100
IN_THE_MAKING = 3
"""A promise counts twice from its row in the ledger to the end of its call: never too few."""
MOST_GROWTH_BYTES = 150e6
MEMORY = "hotline_process_resident_memory_bytes"
FLOW = """
steps:
  person: {do: enqueue}
  goodbye: {do: hang_up}
"""
TRUNK = """
[[trunks]]
name = "telecom"
host = "127.0.0.6"
caller_numbers = ["053112345"]
options_seconds = 0
"""
QUEUES = f"""
[[queues]]
name = "general"
announce_position_seconds = 0
[queues.admission]
places_per_agent = 1
least_places = {PLACES}
promises_per_agent = {PROMISES}
"""


async def test_everybody_gets_a_place_a_promise_or_a_message_and_is_accounted_for(
    start_hotline: StartHotline,
    phone: OpenPhone,
    sipp: Callable[..., Awaitable[Sipp]],
    tmp_path: Path,
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    (tmp_path / "direct.yaml").write_text(FLOW, encoding="utf-8")
    hotline = await start_hotline(
        agent(desk),
        queues=QUEUES,
        extra=f'[ivr]\nflow = "direct"\nflows_dir = "{tmp_path}"\n{TRUNK}',
    )
    if "tuned build" not in hotline.log:
        pytest.skip("needs the tuned PJSIP (make pjsip): the wheel has 4 legs")
    await dial_and_press(citizen, hotline)
    await answered_by(desk, hotline)
    before = await hotline.metric(MEMORY)
    flood = await sipp(
        "patient", "-inf", _numbers(tmp_path), "-r", A_SECOND, "-l", 10_000,
        target=hotline.address, port=free_port(), calls=len(NUMBERS),
    )  # fmt: skip
    assert await flood.finished() == 0, "each was answered, and told"
    await _until_all_is_folded(hotline)
    _assert_each_number_is_accounted_for(hotline)
    assert await hotline.metric(MEMORY) - before < MOST_GROWTH_BYTES
    assert (await hotline.get("/health/ready"))["status"] == "ready"


def _numbers(folder: Path) -> Path:
    """The numbers that call, as SIPp reads them."""
    file = folder / "numbers.csv"
    file.write_text("\n".join(["SEQUENTIAL", *NUMBERS, ""]))
    return file


async def _until_all_is_folded(hotline: HotlineProcess) -> None:
    """Every call is over, and stands in the ledger."""

    async def is_so() -> bool:
        (row,) = hotline.rows(
            "SELECT count(*) AS n FROM missed_calls WHERE call_back_id IS NOT NULL"
        )
        return int(row["n"]) == len(NUMBERS)

    await until_so(is_so)


def _assert_each_number_is_accounted_for(hotline: HotlineProcess) -> None:
    """So many places, so many promises, a message for all others; nobody twice."""
    calls = hotline.rows(
        "SELECT caller, outcome FROM calls WHERE direction = 'in' AND caller LIKE '+86139%'"
    )
    assert sorted(row["caller"] for row in calls) == [f"+86{n}" for n in NUMBERS]
    ends = Counter(row["outcome"] for row in calls)
    assert set(ends) == {"abandoned_in_queue", "call_back_promised", "declined"}
    assert ends["abandoned_in_queue"] == PLACES
    assert PROMISES - IN_THE_MAKING <= ends["call_back_promised"] <= PROMISES
    debts = hotline.rows("SELECT number, state FROM call_backs")
    assert sorted(row["number"] for row in debts) == [f"+86{n}" for n in NUMBERS]
    states = Counter(row["state"] for row in debts)
    assert states["promised"] == ends["call_back_promised"]
    assert states["owed"] == len(NUMBERS) - states["promised"]
