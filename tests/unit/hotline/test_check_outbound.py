"""What `hotline check` says of follow-up calls, and what the service refuses at start."""

from config.outbound_settings import OutboundSection
from config.settings import Settings
from config.trunk_settings import TrunkSection
from hotline.caller_number import fault_of_caller_number
from hotline.check_outbound import check_outbound
from hotline.finding import Verdict

ONE = TrunkSection(name="telecom", host="192.0.2.5", caller_numbers=("053112345",))
OTHER = TrunkSection(name="mobile", host="192.0.2.6", caller_numbers=("053166666",))


def settings(caller_number: str, *trunks: TrunkSection, lines: int = 5) -> Settings:
    """Follow-up calls that show this number."""
    section = OutboundSection(caller_number=caller_number, lines=lines)
    return Settings(trunks=trunks, outbound=section)


def test_number_that_no_trunk_may_show_is_a_fault_with_the_mend() -> None:
    given = settings("053199999", ONE, OTHER)
    assert "no trunk's list of caller_numbers" in fault_of_caller_number(given)
    (found,) = check_outbound(given)
    assert found.verdict is Verdict.FAULT
    assert "telecom: 053112345, mobile: 053166666" in found.words


def test_number_is_known_in_every_form() -> None:
    for form in ("053112345", "+8653112345", "008653112345"):
        assert fault_of_caller_number(settings(form, ONE)) == ""


def test_trunks_that_may_not_show_it_are_named() -> None:
    warned, good = check_outbound(settings("053112345", ONE, OTHER))
    assert warned.verdict is Verdict.WARNING
    assert "none goes over mobile" in warned.words
    assert "over telecom, 09:00-12:00, 14:00-20:00" in good.words


def test_without_trunk_or_line_none_is_placed() -> None:
    (found,) = check_outbound(settings("053112345"))
    assert found.words == "none is placed: there is no trunk"
    (found,) = check_outbound(settings("", ONE, lines=0))
    assert found.words == "none is placed: there is no line for them"


def test_lines_that_leave_none_to_recalls_and_call_backs_are_a_warning() -> None:
    small = ONE.model_copy(update={"lines": 7, "kept_lines": 2})
    warned, good = check_outbound(settings("", small))
    assert (warned.verdict, good.verdict) == (Verdict.WARNING, Verdict.GOOD)
    assert "lines = 5 may take every line of their trunks" in warned.words
    assert "not kept (5)" in warned.words
    (good,) = check_outbound(settings("", small, lines=4))
    assert good.verdict is Verdict.GOOD
