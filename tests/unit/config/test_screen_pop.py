"""The address of the order system: what is wrong is told, what comes in is quoted."""

import pytest

from config.console_settings import ConsoleSection
from config.screen_pop import address_for, checked_template

TEMPLATE = "https://orders.example/new?from={number}&call={call_id}"


def test_places_are_filled_in_and_quoted() -> None:
    found = address_for(TEMPLATE, number="+8613812345678", call_id="a/b", agent_id="1")
    assert found == "https://orders.example/new?from=%2B8613812345678&call=a%2Fb"


def test_address_that_needs_a_number_is_none_without_one() -> None:
    assert address_for(TEMPLATE, number="", call_id="C", agent_id="1") == ""
    by_call = "https://orders.example/{call_id}"
    assert address_for(by_call, number="", call_id="C", agent_id="1").endswith("/C")
    assert address_for("", number="1", call_id="C", agent_id="1") == ""


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("https://orders.example/{phone}", "no place {phone}"),
        ("https://orders.example/{}", "no place {}"),
        ("javascript:alert({number})", "a whole address"),
        ("orders.example/{number}", "a whole address"),
        ("https:///{number}", "a whole address"),
        ("https://{number}/", "host of the address is fixed"),
        ("https://orders.example{number}/", "host of the address is fixed"),
        ("https://orders.example?{number}", "host of the address is fixed"),
        ("https://orders.example/{number!r}", "write places plainly"),
        ("https://orders.example/{number:>9}", "write places plainly"),
        ("https://orders.example/{number", "expected '}'"),
    ],
)
def test_bad_template_is_refused_in_words(template: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("{", r"\{").replace("}", r"\}")):
        checked_template(template)


def test_settings_check_the_template() -> None:
    assert ConsoleSection(screen_pop=TEMPLATE).screen_pop == TEMPLATE
    with pytest.raises(ValueError, match="no place"):
        ConsoleSection(screen_pop="https://orders.example/{phone}")
