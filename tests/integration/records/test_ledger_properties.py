"""No order of calls, attempts and kills loses a debt, or pays one twice."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fakes.migrated import migrated
from tests.integration.records.ledger_machine import LedgerMachine

pytestmark = pytest.mark.integration


@pytest.fixture
def machine(tmp_path: Path) -> type[LedgerMachine]:
    """The machine, with a migrated database to begin each of its runs with."""
    file = tmp_path / "empty.sqlite"

    migrated(file)

    class OnThisDatabase(LedgerMachine):
        empty = file

    return OnThisDatabase


def steps(examples: int, count: int) -> settings:
    """So many runs of so many steps; a disk may be slow."""
    return settings(
        max_examples=examples,
        stateful_step_count=count,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_no_debt_is_lost_or_paid_twice_in_any_order(
    machine: type[LedgerMachine],
) -> None:
    run_state_machine_as_test(machine, settings=steps(12, 25))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_no_debt_is_lost_or_paid_twice_through_many_steps(
    machine: type[LedgerMachine],
) -> None:
    run_state_machine_as_test(machine, settings=steps(1_000, 60))
