"""No order of calls, kills and wrong clocks calls somebody twice for one try, or forgets him."""

from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.fakes.migrated import migrated
from tests.integration.records.campaign_machine import CampaignMachine
from tests.integration.records.test_ledger_properties import steps

pytestmark = pytest.mark.integration


@pytest.fixture
def machine(tmp_path: Path) -> type[CampaignMachine]:
    """The machine, with a migrated database to begin each of its runs with."""
    file = tmp_path / "empty.sqlite"

    migrated(file)

    class OnThisDatabase(CampaignMachine):
        empty = file

    return OnThisDatabase


def test_nobody_is_called_twice_for_one_try_or_forgotten_in_any_order(
    machine: type[CampaignMachine],
) -> None:
    run_state_machine_as_test(machine, settings=steps(10, 20))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_nobody_is_called_twice_for_one_try_or_forgotten_through_many_steps(
    machine: type[CampaignMachine],
) -> None:
    run_state_machine_as_test(machine, settings=steps(500, 60))
