"""Who answered which queue when, though he was lent for a while."""

from datetime import timedelta

import pytest

from acd.adjustments.decision import LoanEnd
from acd.adjustments.loans.kept import Answers, KeptLoan
from acd.events import AgentState
from acd.people.rows import AgentRow
from acd.staffing.loan import Loan
from acd.staffing_reports.served import Served
from tests.unit.acd.staffing_reports.rounds import CITY, FRIDAY, SATURDAY, start

TEN = 40
TAX = Loan(person_id="a", day=FRIDAY, of="tax", to="general", first=TEN, last=TEN + 4)
NAMES = ("general", "tax")


def agent(*queues: str) -> AgentRow:
    return AgentRow(
        id="a",
        name="",
        contact="sip:a@127.0.0.1",
        queues=queues,
        skills={},
        penalties={},
        weight=1,
        order=1,
        auto_answer=True,
        show_number="",
        state=AgentState.READY,
        state_reason="",
        state_since=start(0),
    )


def kept(loan: Loan, end: LoanEnd | None, minutes: int = 60) -> KeptLoan:
    answers = Answers(queues=(), skills={}, penalties={})
    return KeptLoan(
        proposal_id="p",
        loan=loan,
        before=answers,
        meanwhile=answers,
        began_at=start(loan.first),
        ended_at=start(loan.first) + timedelta(minutes=minutes) if end else None,
        end=end,
    )


def in_tax(served: Served) -> list[int]:
    cells = range(TEN - 1, TEN + 5)
    return [cell for cell in cells if served.at("a", cell) == {"tax"}]


def test_who_was_lent_answered_the_other_queue_meanwhile() -> None:
    served = Served.of([agent("tax")], NAMES, [kept(TAX, LoanEnd.OVER)], FRIDAY, CITY)
    assert served.at("a", TEN) == {"general"}
    assert in_tax(served) == [TEN - 1, TEN + 4]


@pytest.mark.parametrize("end", [None, LoanEnd.STANDS])
def test_who_is_still_lent_has_the_other_queue_now_and_had_his_own_before(
    end: LoanEnd | None,
) -> None:
    lent = agent("general")
    served = Served.of([lent], NAMES, [kept(TAX, end)], FRIDAY, CITY)
    assert served.at("a", TEN - 1) == {"tax"} and served.at("a", TEN) == {"general"}


@pytest.mark.parametrize("end", [LoanEnd.UNDONE, LoanEnd.OVERRULED])
def test_loan_that_ended_early_lasted_to_the_end_of_its_quarter(end: LoanEnd) -> None:
    early = kept(TAX, end, minutes=20)
    served = Served.of([agent("tax")], NAMES, [early], FRIDAY, CITY)
    assert in_tax(served) == [TEN - 1, TEN + 2, TEN + 3, TEN + 4]


def test_loan_over_midnight_counts_on_both_days() -> None:
    over = Loan(person_id="a", day=FRIDAY, of="tax", to="general", first=94, last=98)
    served = Served.of(
        [agent("tax")], NAMES, [kept(over, LoanEnd.OVER)], SATURDAY, CITY
    )
    assert [served.at("a", cell) for cell in (0, 1, 2)] == [
        {"general"},
        {"general"},
        {"tax"},
    ]


def test_second_loan_of_a_day_counts_as_well() -> None:
    later = Loan(
        person_id="a", day=FRIDAY, of="tax", to="general", first=TEN + 8, last=TEN + 9
    )
    both = [kept(TAX, LoanEnd.OVER), kept(later, LoanEnd.OVER)]
    served = Served.of([agent("tax")], NAMES, both, FRIDAY, CITY)
    assert [served.at("a", TEN + n) for n in (0, 5, 8)] == [
        {"general"},
        {"tax"},
        {"general"},
    ]
