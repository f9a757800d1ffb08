"""The texts: the same in every language, and a city's own."""

import re
from pathlib import Path

import pytest

from ivr_flows.prompts.catalogue import Catalogue, PromptError, names_in
from ivr_flows.sentences import LANGUAGES


def test_every_language_has_the_same_keys_with_the_same_values() -> None:
    catalogue = Catalogue()
    wanted = {key: names_in(catalogue.text(key, "zh")) for key in catalogue.keys("zh")}
    for language in LANGUAGES:
        keys = catalogue.keys(language)
        assert {key: names_in(catalogue.text(key, language)) for key in keys} == wanted


def test_mandarin_texts_hold_no_letter_that_would_be_spelled() -> None:
    catalogue = Catalogue()
    for key in catalogue.keys("zh"):
        spoken = re.sub(r"\{[a-z]+\}", "", catalogue.text(key, "zh"))
        assert not any(sign.isascii() and sign.isalnum() for sign in spoken), key


def test_own_texts_win_and_add(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "texts.yaml").write_text(
        "greeting: 泉城您好\nextra: 新的\n", "utf-8"
    )
    catalogue = Catalogue(tmp_path)
    assert catalogue.text("greeting", "zh") == "泉城您好"
    assert catalogue.has("extra", "zh")
    assert not catalogue.has("extra", "en")
    assert catalogue.text("goodbye", "zh") == Catalogue().text("goodbye", "zh")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("greeting: ''\n", "1: 'greeting' needs a text"),
        ("greeting: 您好\nBye: 再见\n", "2: 'Bye' needs a text"),
        ("- greeting\n", "1: write lines like  greeting: 您好"),
        ("greeting: [\n", "2: "),
    ],
)
def test_own_texts_that_cannot_be_read_name_their_line(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "en").mkdir()
    file = tmp_path / "en" / "texts.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PromptError) as error:
        Catalogue(tmp_path)
    assert f"{file}:{told}" in str(error.value)
