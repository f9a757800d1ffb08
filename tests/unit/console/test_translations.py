"""The pages' words: each has its Chinese, and none is kept that nobody says."""

import ast
import re
from collections.abc import Iterator

from jinja2.ext import babel_extract

from console.pages.rendering import TEMPLATES
from console.pages.translations import catalogue, translate, translate_many

CONSOLE = TEMPLATES.parent
ROOT = CONSOLE.parent
TOLD_FROM = (ROOT / "ivr_flows", ROOT / "acd" / "flow_versions")
PLACE = re.compile(r"%\(\w+\)[sd]")
OPTIONS = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}


def said_in_templates() -> Iterator[str]:
    """Every sentence of the templates."""
    for file in sorted(TEMPLATES.rglob("*.html")):
        with file.open("rb") as opened:
            for _, _, sentence, _ in babel_extract(
                opened, ["_", "ngettext"], [], OPTIONS
            ):
                parts = sentence if isinstance(sentence, tuple) else (sentence,)
                yield from [part for part in parts if isinstance(part, str)][-1:]


def marked_in_code() -> Iterator[str]:
    """Every sentence that the code marks, and the refusals that forms show."""
    for file in sorted(CONSOLE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_mark(node.func):
                yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def told_of_flows() -> Iterator[str]:
    """Every sentence in which flows are refused; each stands where it is told."""
    for file in (file for folder in TOLD_FROM for file in sorted(folder.rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_mark(node.func, "told"):
                assert isinstance(node.args[0], ast.Constant), f"{file}:{node.lineno}"
                yield str(node.args[0].value)


def _is_mark(function: ast.expr, name: str = "N_") -> bool:
    return isinstance(function, ast.Name) and function.id == name


def said() -> set[str]:
    marked = (str(words) for words in marked_in_code())
    return {*said_in_templates(), *marked, *told_of_flows()}


def test_every_sentence_has_its_chinese() -> None:
    known = catalogue("zh")
    assert len(known) > 50
    assert sorted(said() - set(known)) == []


def test_nothing_is_translated_that_nobody_says() -> None:
    assert sorted(set(catalogue("zh")) - said()) == []


def test_translations_name_the_same_values() -> None:
    for sentence, words in catalogue("zh").items():
        assert set(PLACE.findall(sentence)) == set(PLACE.findall(words)), sentence


def test_sentence_without_translation_is_said_in_english() -> None:
    assert translate("zh", "not known") == "not known"
    assert translate("en", "Log in") == "Log in"
    assert translate("zh", "Log in") == "登录"
    assert translate_many("en", "%(n)s call", "%(n)s calls", 1) == "%(n)s call"


def test_templates_name_no_other_host_and_no_inline_script_or_style() -> None:
    forbidden = re.compile(
        r"https?://|\sstyle=|\son\w+=|hx-on|<style|<script(?![^>]*(src|json))"
    )
    for file in sorted(TEMPLATES.rglob("*.html")):
        found = forbidden.search(file.read_text(encoding="utf-8"))
        assert not found, f"{file}: {found}"
