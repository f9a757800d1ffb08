"""Key sequences of the agent's phone, and where a third party may be."""

from itertools import product

import pytest

from acd.call_control import ThirdState
from acd.talk_commands import Consult, Join, TakeBack, TargetUnknown, ThirdParty
from acd.talk_rules import KeySequences, TalkKeys, TalkRules
from acd.third_party import ALLOWED, IllegalThirdMove, ThirdMoves

POLICE = ThirdParty(id="110", number="110", key="*1")
RULES = TalkRules(third_parties=(POLICE,), keys=TalkKeys(hold=""))


def pressed(keys: str) -> list[object]:
    """What a row of keys asks for, in order."""
    sequences = KeySequences(RULES.sequences())
    return [asked for key in keys if (asked := sequences.press(key))]


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ("*1", [Consult(third_party=POLICE)]),
        ("**", [TakeBack()]),
        ("5*0", [Join()]),
        ("*5*1", [Consult(third_party=POLICE)]),
        ("123", []),
        ("*7", []),
        ("*1*0**", [Consult(third_party=POLICE), Join(), TakeBack()]),
    ],
)
def test_keys_ask_for_what_the_settings_say(keys: str, asked: list[object]) -> None:
    assert pressed(keys) == asked


def test_forgotten_keys_are_no_part_of_what_comes_next() -> None:
    sequences = KeySequences(RULES.sequences())
    sequences.press("*")
    assert sequences.unfinished
    sequences.forget()
    assert sequences.press("1") is None


def test_unknown_third_party_is_refused_with_those_there_are() -> None:
    assert RULES.third_party("110") is POLICE
    with pytest.raises(TargetUnknown, match="110"):
        RULES.third_party("911")


@pytest.mark.parametrize(("old", "new"), list(product(ThirdState, repeat=2)))
def test_third_party_moves_only_as_the_table_allows(
    old: ThirdState, new: ThirdState
) -> None:
    moves = ThirdMoves("C", old)
    if new in ALLOWED[old]:
        moves.move_to(new)
        assert moves.state is new
    else:
        with pytest.raises(IllegalThirdMove):
            moves.move_to(new)
        assert moves.state is old
