"""Which trunk takes a call: prefix, order, health, lines, pace, caller numbers."""

from datetime import timedelta

import pytest

from config.trunk_settings import TrunkSection
from telephony.trunk_state import REST, Sign
from telephony.trunks import (
    Later,
    NoLine,
    NoLineWhy,
    TrunkLine,
    Trunks,
    dial_string,
    serving_prefix,
)
from tests.unit.telephony.trunk_lines import (
    ABROAD,
    FIXED,
    MOBILE,
    PLAN,
    START,
    trunk,
    trunks_of,
)

SECOND = timedelta(seconds=1)


def line(trunks: Trunks, number: str = MOBILE, caller: str = "") -> TrunkLine:
    """The line that a call takes; there must be one."""
    found = trunks.choose(number, caller, START)
    assert isinstance(found, TrunkLine), found
    return found


def refusal(trunks: Trunks, number: str = MOBILE, caller: str = "") -> NoLine:
    """Why there is no line; there must be none."""
    found = trunks.choose(number, caller, START)
    assert isinstance(found, NoLine), found
    return found


def test_call_names_the_trunk_and_its_first_caller_number() -> None:
    taken = line(trunks_of(trunk()))
    assert taken.target == "sip:13812345678@telecom.example"
    assert taken.caller_number == "053112345"
    assert taken.headers == {"P-Asserted-Identity": "<sip:053112345@telecom.example>"}


def test_identity_is_asserted_only_where_it_is_wanted() -> None:
    assert line(trunks_of(trunk(asserted_identity=False))).headers == {}


@pytest.mark.parametrize("caller", ["053196345", "+8653196345", "0531 9634-5"])
def test_caller_number_of_the_list_is_shown_as_the_list_has_it(caller: str) -> None:
    assert line(trunks_of(trunk()), caller=caller).caller_number == "053196345"


@pytest.mark.parametrize("caller", ["13800138000", "110", "anonymous"])
def test_caller_number_that_is_not_in_the_list_is_refused(caller: str) -> None:
    refused = refusal(trunks_of(trunk()), caller=caller)
    assert refused.why is NoLineWhy.NOT_ALLOWED
    assert refused.words == "the caller number is not in caller_numbers of telecom"


def test_trunk_whose_list_has_the_caller_number_is_taken() -> None:
    other = trunk("unicom", caller_numbers=("053188880000",))
    assert line(trunks_of(trunk(), other), caller="053188880000").trunk == "unicom"


@pytest.mark.parametrize(
    ("number", "taken"),
    [(FIXED, "city"), (MOBILE, "rest"), ("110", "police"), (ABROAD, "rest")],
)
def test_longest_prefix_goes_first(number: str, taken: str) -> None:
    trunks = trunks_of(
        trunk("rest", prefixes=("+",)),
        trunk("city", prefixes=("+86531",)),
        trunk("police", prefixes=("110",)),
    )
    assert line(trunks, number).trunk == taken


def test_priority_then_the_order_of_the_file_decides_among_equals() -> None:
    trunks = trunks_of(trunk("c", priority=1), trunk("a"), trunk("b"))
    assert line(trunks).trunk == "a"


def test_trunk_without_prefixes_serves_its_own_country_alone() -> None:
    assert serving_prefix(trunk(), MOBILE, PLAN) == ""
    assert serving_prefix(trunk(), "110", PLAN) == ""
    assert serving_prefix(trunk(), ABROAD, PLAN) is None
    assert refusal(trunks_of(trunk()), ABROAD).why is NoLineWhy.NOT_SERVED


@pytest.mark.parametrize(
    ("form", "number", "dialled"),
    [
        ("national", MOBILE, "13812345678"),
        ("national", FIXED, "053188886666"),
        ("national", ABROAD, "0085221234567"),
        ("international", FIXED, "8653188886666"),
        ("e164", FIXED, "+8653188886666"),
        ("e164", "110", "110"),
        ("international", "12345", "12345"),
    ],
)
def test_number_is_dialled_in_the_trunks_form(
    form: str, number: str, dialled: str
) -> None:
    assert dial_string(number, trunk(dial_form=form), PLAN) == dialled


@pytest.mark.parametrize(
    ("section", "target"),
    [
        (trunk(port=5080), "sip:110@telecom.example:5080"),
        (trunk(host="192.0.2.7"), "sip:110@192.0.2.7:5060"),
        (trunk(host="2001:db8::7"), "sip:110@[2001:db8::7]:5060"),
        (trunk(transport="tcp"), "sip:110@telecom.example;transport=tcp"),
        (trunk(proxy="192.0.2.7"), "sip:110@telecom.example"),
    ],
)
def test_uri_says_where_the_trunk_is(section: TrunkSection, target: str) -> None:
    assert line(trunks_of(section), "110").target == target


def test_trunk_that_is_down_is_passed_over_and_told() -> None:
    trunks = trunks_of(trunk("a"), trunk("b"))
    change = trunks.note("a", Sign.OPTIONS, "it does not answer OPTIONS", START)
    assert change
    assert (change.up, change.reason) == (False, "it does not answer OPTIONS")
    assert line(trunks).trunk == "b"
    trunks.note("b", Sign.ADDRESS, "no such host", START)
    refused = refusal(trunks)
    assert refused.why is NoLineWhy.DOWN
    assert refused.words == (
        "trunk a is down: it does not answer OPTIONS; trunk b is down: no such host"
    )


def test_trunk_is_up_again_when_all_its_signs_are_good() -> None:
    trunks = trunks_of(trunk(register=True, username="u", options_seconds=30))
    (before,) = trunks.views()
    assert (before.up, before.registered) == (False, False)
    assert trunks.note("telecom", Sign.OPTIONS, "", START) is None
    change = trunks.note("telecom", Sign.REGISTRATION, "", START + SECOND)
    assert change
    assert change.up
    (after,) = trunks.views()
    assert (after.up, after.registered, after.since) == (True, True, START + SECOND)


def test_call_beyond_the_lines_overflows_to_the_next_trunk() -> None:
    trunks = trunks_of(trunk("a", lines=1), trunk("b", lines=1))
    trunks.take("a", START - SECOND)
    assert line(trunks).trunk == "b"
    trunks.take("b", START - SECOND)
    refused = refusal(trunks)
    assert refused.why is NoLineWhy.LINES_IN_USE
    assert refused.words == "all lines of a, b are in use"
    trunks.give_back("a")
    assert line(trunks).trunk == "a"


def test_last_lines_are_kept_for_urgent_calls_of_citizens_on_the_line() -> None:
    trunks = trunks_of(trunk(lines=5, kept_lines=2, calls_per_second=1000))
    for _ in range(3):
        trunks.take(line(trunks).trunk, START - SECOND)
    refused = refusal(trunks)
    assert refused.why is NoLineWhy.LINES_IN_USE
    assert refused.words.endswith("in use but those kept for third parties")
    assert isinstance(trunks.choose(MOBILE, "", START, urgent=True), TrunkLine)


def test_half_of_the_kept_lines_are_for_emergencies_alone() -> None:
    trunks = trunks_of(trunk(lines=5, kept_lines=2, calls_per_second=1000))
    for _ in range(4):
        trunks.take("telecom", START - SECOND)
    department = trunks.choose(MOBILE, "", START, urgent=True)
    assert isinstance(department, NoLine)
    assert department.words.endswith("in use but those kept for emergencies")
    assert isinstance(trunks.choose("110", "", START), NoLine), "nobody waits for it"
    for number in ("110", "119", "120", "122"):
        assert isinstance(trunks.choose(number, "", START, urgent=True), TrunkLine)
    trunks.take("telecom", START - SECOND)
    assert isinstance(trunks.choose("110", "", START, urgent=True), NoLine)
    assert refusal(trunks).words == "all lines of telecom are in use"


def test_trunk_whose_only_line_is_kept_has_it_for_everybody() -> None:
    trunks = trunks_of(trunk(lines=1, kept_lines=1))
    assert isinstance(trunks.choose(MOBILE, "", START, urgent=True), TrunkLine)


def test_trunk_with_fewer_lines_than_are_kept_still_takes_one_call_of_any_kind() -> (
    None
):
    trunks = trunks_of(trunk(lines=1, kept_lines=2))
    assert line(trunks).trunk == "telecom"


def test_calls_beyond_the_pace_go_elsewhere_or_later() -> None:
    trunks = trunks_of(trunk("a", calls_per_second=2), trunk("b", calls_per_second=1))
    trunks.take("a", START)
    assert line(trunks).trunk == "b"
    trunks.take("b", START)
    found = trunks.choose(MOBILE, "", START)
    assert found == Later(at=START + SECOND / 2, trunk="a")
    later = trunks.choose(MOBILE, "", START + SECOND / 2)
    assert isinstance(later, TrunkLine)
    assert later.trunk == "a"


def test_trunk_that_failed_a_call_goes_last_for_a_while() -> None:
    trunks = trunks_of(trunk("a"), trunk("b"))
    trunks.failed("a", START)
    assert line(trunks).trunk == "b"
    after = trunks.choose(MOBILE, "", START + REST)
    assert isinstance(after, TrunkLine)
    assert after.trunk == "a"


def test_trunks_that_were_tried_are_not_tried_again() -> None:
    trunks = trunks_of(trunk("a"), trunk("b"))
    found = trunks.choose(MOBILE, "", START, without=frozenset("a"))
    assert isinstance(found, TrunkLine)
    assert found.trunk == "b"
    assert isinstance(trunks.choose(MOBILE, "", START, without=frozenset("ab")), NoLine)


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:13812345678@telecom.example", "13812345678"),
        ("sip:13812345678@TELECOM.example:5060;transport=tcp", "13812345678"),
        ("sip:110@192.0.2.7:5070", "110"),
        ("sip:office@telecom.example:5080", ""),
        ("sip:110@elsewhere.example", ""),
        ("nonsense", ""),
    ],
)
def test_number_at_a_trunks_own_address_is_a_call_over_it(
    uri: str, number: str
) -> None:
    assert trunks_of(trunk(proxy="192.0.2.7:5070")).number_in(uri) == number


def test_nothing_printed_of_a_line_tells_a_number() -> None:
    assert "138" not in repr(line(trunks_of(trunk())))
