"""`[[plans]]` in the settings, and what is refused in words."""

from pathlib import Path

import pytest

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from hotline.plans import plans_rules


def loaded(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "hotline.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_without_any_all_three_are_there_and_none_is_automatic(tmp_path: Path) -> None:
    rules = plans_rules(loaded(tmp_path, ""))
    assert [plan.automatic for plan in rules.plans] == [False] * 3


def test_what_is_given_counts_and_the_rest_is_as_usual(tmp_path: Path) -> None:
    text = "[[plans]]\nlevel = 1\nautomatic = true\nrise_wait_seconds = 45\nhold_minutes = 2\n"
    [plan] = plans_rules(loaded(tmp_path, text)).plans
    assert (plan.automatic, plan.rise_wait_seconds, plan.hold_seconds) == (
        True,
        45,
        120,
    )
    assert plan.rise_for_seconds == 120


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[plans]]\nlevel = 2\n", "write each level once, from 1 on"),
        ("[[plans]]\nlevel = 1\n[[plans]]\nlevel = 1\n", "write each level once"),
        (
            '[[plans]]\nlevel = 1\nposts = ["phones"]\n',
            "on the phones is there already",
        ),
        (
            '[[plans]]\nlevel = 1\n[[plans]]\nlevel = 2\nposts = ["quality"]\n',
            "belongs to plan 1 alone",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        loaded(tmp_path, text)
