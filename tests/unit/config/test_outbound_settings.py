"""Follow-up calls in the settings: windows and caps that cannot be meant are refused."""

from pathlib import Path

import pytest

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings


def loaded(folder: Path, text: str) -> Settings:
    """Settings whose section of follow-up calls is this text."""
    file = folder / "hotline.toml"
    file.write_text(f"[outbound]\n{text}\n", encoding="utf-8")
    return load_settings(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("windows = []", "nobody could ever be called"),
        ('windows = ["12:00-09:00"]', "must begin before it ends"),
        ('windows = ["10:00-10:00"]', "must begin before it ends"),
        ('windows = ["07:00-09:00"]', "lie between 08:00 and 21:00"),
        ('windows = ["14:00-18:00", "09:00-14:30"]', "09:00-14:30 and 14:00-18:00"),
        ('windows = ["9-12"]', "windows"),
        ("tries = 1\ntries_a_day = 2", "tries_a_day = 2 contradicts tries = 1"),
        ("number_calls_a_day = 3\nnumber_calls_a_month = 2", "contradicts"),
    ],
)
def test_windows_and_caps_that_cannot_be_meant_are_refused_in_words(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        loaded(tmp_path, text)


def test_windows_may_touch_and_stand_in_any_order(tmp_path: Path) -> None:
    section = loaded(tmp_path, 'windows = ["14:00-18:00", "09:00-14:00"]').outbound
    assert len(section.spans) == 2


def test_cap_that_was_not_written_down_contradicts_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "tries = 1").outbound.tries == 1
