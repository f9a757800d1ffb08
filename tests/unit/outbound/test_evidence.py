"""The evidence of a try says what the rules decided by."""

from datetime import timedelta

from outbound.evidence import evidence_of
from outbound.rules import FollowUpRules
from tests.unit.outbound.test_rules import city

RULES = FollowUpRules()


def test_first_try_has_its_window_and_nothing_before() -> None:
    found = evidence_of(city("11-02T09:30"), [], [], RULES)
    assert found.window == "09:00-12:00"
    assert (found.tries_before, found.number_calls_in_30_days) == (0, 0)
    assert found.last_call_at is None


def test_calls_are_counted_once_by_the_citys_day_and_in_30_days() -> None:
    now = city("11-03T15:00")
    own = [city("11-02T15:00")]
    others = [city("11-03T00:30"), now - timedelta(days=31), own[0]]
    found = evidence_of(now, own, others, RULES)
    assert found.window == "14:00-20:00"
    assert found.tries_before == 1
    assert found.number_calls_that_day == 1
    assert found.number_calls_in_30_days == 2
    assert found.last_call_at == city("11-03T00:30")


def test_no_window_is_named_while_none_is_open() -> None:
    for moment in ("11-02T13:00", "11-01T10:00"):
        assert evidence_of(city(moment), [], [], RULES).window == ""
