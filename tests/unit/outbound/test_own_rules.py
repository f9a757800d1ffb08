"""What a campaign may have of its own, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from ivr_flows.flow import BUILT_IN, load_flow
from outbound.attempt import CallRules
from outbound.dialler_rules import DiallerRules
from outbound.own_rules import MOST_WINDOWS, Offered, OwnRules, fault_of_own
from outbound.rules import FollowUpRules

OFFERED = Offered(flows=("follow_up", "water"), caller_numbers=("12345", "053112345"))
OWN = OwnRules(
    caller_number="053112345", flow="water", windows=("08:00-09:00", "20:30-21:00")
)
MANY = tuple(f"09:{minute:02}-09:{minute + 1:02}" for minute in range(MOST_WINDOWS + 1))
WRONG = {
    "is no flow of follow-up calls": {"flow": "citizen"},
    "flow and flows name follow_up, water": {"flow": "../water"},
    "on no trunk's list of caller_numbers, which have 12345": {"caller_number": "110"},
    "write one like 09:00-12:00": {"windows": ("9-12",)},
    "lies between 08:00 and 21:00": {"windows": ("07:59-09:00",)},
    "and lies between 08:00 and 21:00": {"windows": ("20:00-21:01",)},
    "begins before it ends": {"windows": ("12:00-12:00",)},
    "overlap": {"windows": ("09:00-12:00", "11:00-13:00")},
    "more than 10 windows": {"windows": MANY},
}


def test_what_is_offered_may_be_had_and_so_may_nothing() -> None:
    assert fault_of_own(OWN, OFFERED) == ""
    assert fault_of_own(OwnRules(), Offered()) == ""


@pytest.mark.parametrize(("words", "changes"), WRONG.items(), ids=WRONG)
def test_what_cannot_be_had_is_refused_in_words(
    words: str, changes: dict[str, object]
) -> None:
    assert words in fault_of_own(replace(OWN, **changes), OFFERED)


def test_own_windows_take_the_place_of_those_of_all_and_nothing_else_changes() -> None:
    rules = FollowUpRules(tries=2, workdays_only=False)
    own = OWN.when(rules)
    assert own.windows == ((time(8), time(9)), (time(20, 30), time(21)))
    assert replace(own, windows=rules.windows) == rules
    assert OwnRules().when(rules) is rules


def test_call_shows_the_own_number_and_asks_by_the_flow_that_is_published_then() -> (
    None
):
    flow = load_flow(BUILT_IN / "follow_up.yaml")
    flows = {"follow_up": flow, "water": flow}
    rules = DiallerRules(
        lines=1,
        kept_legs=lambda: 0,
        call=CallRules(flow_of=lambda: flow, caller_number="12345"),
        when=FollowUpRules(),
        flows=flows,
        offered=OFFERED,
    )
    call = rules.call_of(OWN)
    flows["water"] = later = load_flow(BUILT_IN / "recall.yaml")
    assert (call.caller_number, call.flow_of()) == ("053112345", later)
    as_all = rules.call_of(OwnRules())
    assert (as_all.caller_number, as_all.flow_of()) == ("12345", flow)
    assert rules.fault_of(OWN) == ""


def test_windows_bind_on_the_days_of_all_campaigns() -> None:
    own = OWN.when(FollowUpRules())
    saturday = datetime(2026, 11, 7, 0, 30, tzinfo=UTC)
    assert own.next_open(saturday) == datetime(2026, 11, 9, tzinfo=UTC)
