"""Settings that contradict each other are refused, and told by the check."""

import tomllib

import pytest

from config.settings import Settings
from hotline.rules import rule_findings

AGENTS = """
[[agents]]
id = "a1"
contact = "sip:a@127.0.0.1:5071"
[[agents]]
id = "a2"
contact = "{contact}"
"""


def found(text: str) -> list[str]:
    """What is said of these settings, the refused marked with !."""
    findings = rule_findings(Settings(**tomllib.loads(text)))
    return [f"{'!' if finding.fatal else ''}{finding}" for finding in findings]


def test_two_agents_with_one_phone_are_warned_of() -> None:
    (line,) = found(AGENTS.format(contact="sip:A@127.0.0.1:5071"))
    assert line.startswith("agent 'a2': he has the same contact as agent 'a1'")


@pytest.mark.parametrize(
    ("sip", "contact"),
    [
        ("", "sip:1001@127.0.0.1"),
        ("", "sip:1001@localhost:5060;transport=tcp"),
        ('[sip]\naddress = "0.0.0.0"\nport = 5080', "sip:x@127.0.0.2:5080"),
        ('[sip]\naddress = "::1"\nport = 5080', "sip:x@[::1]:5080"),
    ],
)
def test_contact_at_the_own_address_is_refused(sip: str, contact: str) -> None:
    (line,) = found(sip + AGENTS.format(contact=contact))
    assert line.startswith("!agent 'a2': his contact")
    assert "would ring itself" in line


@pytest.mark.parametrize("contact", ["sip:x@127.0.0.1:5061", "sip:x@192.0.2.1"])
def test_other_phones_are_good(contact: str) -> None:
    assert found(AGENTS.format(contact=contact)) == []


def test_third_party_at_the_own_address_is_refused() -> None:
    text = '[[third_parties]]\nid = "us"\ntarget = "sip:12345@127.0.0.1"'
    (line,) = found(text + AGENTS.format(contact="sip:x@127.0.0.1:1"))
    assert line.startswith("!third party 'us'")


def test_number_that_is_named_twice_in_two_forms_is_refused() -> None:
    numbers = "".join(
        f'[[numbers]]\ncalled = "{called}"\nflow = "citizen"\n'
        for called in ("12315", "12345", "053112315")
    )
    (line,) = found(numbers + AGENTS.format(contact="sip:x@127.0.0.1:1"))
    assert line.startswith("!number 053112315: [[numbers]] names it twice")


def test_automatic_call_backs_without_a_trunk_are_refused() -> None:
    text = "[call_backs]\nautomatic = true\n" + AGENTS.format(contact="sip:x@h:1")
    (line,) = found(text)
    assert line.startswith("!call_backs: automatic = true calls nobody")


@pytest.mark.parametrize(
    ("name", "span", "words"),
    [
        ("hours", "21:00-08:00", "would ring missed callers all night"),
        ("hours", "08:00-08:00", "ends when it begins"),
        ("promised_hours", "08:00-08:00", "ends when it begins"),
    ],
)
def test_hours_of_call_backs_that_cannot_be_meant_are_refused(
    name: str, span: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Settings(**tomllib.loads(f'call_backs.{name} = "{span}"'))


def test_admission_that_lets_one_call_wait_is_warned_of() -> None:
    queue = '[[queues]]\nname = "general"\n'
    queue += "admission = {places_per_agent = 0.01, least_places = 0}\n"
    (line,) = found(queue + AGENTS.format(contact="sip:x@127.0.0.1:1"))
    assert line.startswith("queue 'general': admission lets a single call wait")


def test_supervisor_at_the_own_address_is_refused() -> None:
    text = '[[supervisors]]\nid = "boss"\ncontact = "sip:boss@127.0.0.1:5060"\n'
    (line,) = found(text + AGENTS.format(contact="sip:x@127.0.0.1:1"))
    assert line.startswith("!supervisor 'boss'")
