"""Third parties, keys and dispositions in the settings."""

from pathlib import Path

import pytest

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings


def loaded(folder: Path, text: str) -> Settings:
    """Settings of a file with this text."""
    file = folder / "hotline.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_four_third_parties_have_a_key_unless_others_are_named(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "")
    keys = {third.id: third.key for third in settings.third_parties}
    assert keys == {"110": "*1", "119": "*2", "120": "*3", "122": "*4"}
    own = '[[third_parties]]\nid = "water"\ntarget = "sip:duty@192.0.2.20"\n'
    assert [it.id for it in loaded(tmp_path, own).third_parties] == ["water"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[talk]\njoin_key = "*1"\n', "begins with"),
        ('[talk]\njoin_key = "*"\n', "join_key"),
        ('[talk]\nhold_key = "**1"\n', "begins with"),
        ('[talk]\nsupervision_sign = "loud"\n', "supervision_sign"),
        ('[[third_parties]]\nid = "a"\ntarget = "nobody"\n', "target"),
        (
            '[[third_parties]]\nid = "a"\ntarget = "110"\n' * 2,
            "two third parties are called 'a'",
        ),
        ('[[supervisors]]\nid = "a"\n', "contact"),
        ('[[supervisors]]\nid = "a"\ncontact = "nobody"\n', "contact"),
        (
            '[[supervisors]]\nid = "a"\ncontact = "sip:a@192.0.2.1"\n' * 2,
            "two supervisors are called 'a'",
        ),
        ('[[dispositions]]\ncode = "1"\n' * 2, "two dispositions are called '1'"),
    ],
)
def test_wrong_settings_of_talks_are_named(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        loaded(tmp_path, text)
