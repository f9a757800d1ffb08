"""Rounds of the loop in a terminal."""

from dataclasses import replace

from rich.console import Console

from acd.adjustments.round import Effect
from acd.adjustments.store import KeptRound
from hotline.staffing.round_tables import effect_table, proposal_table
from tests.unit.acd.staffing_reports.rounds import made


def test_quarter_after_midnight_is_told_as_one_of_the_next_day() -> None:
    effects = [
        Effect(
            cell=cell,
            required=3,
            before=2,
            after=3,
            in_time_before=0.5,
            in_time_after=0.9,
        )
        for cell in (95, 96, 97)
    ]
    table = effect_table(replace(made(95, []), effects=tuple(effects)))
    assert list(table.columns[0].cells) == [
        " 23:45",
        " 00:00 next day",
        " 00:15 next day",
    ]


def test_round_without_proposals_says_so_in_one_line() -> None:
    kept = KeptRound(id="r", round=made(40, []), proposals=())
    with (console := Console(width=80)).capture() as said:
        console.print(proposal_table(kept, {}))
    assert said.get() == "nothing is proposed\n"
