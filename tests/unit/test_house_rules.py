"""The limits of the house that no linter knows: small files, small functions, names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "acd",
    "benchmarks",
    "config",
    "console",
    "hotline",
    "ivr_flows",
    "recordings",
    "telephony",
    "tests",
)
FILES = sorted(
    file.relative_to(ROOT)
    for package in PACKAGES
    for file in (ROOT / package).rglob("*.py")
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "manager", "misc"}
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40
MOST_TYPICAL_LINES = 10


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, its signature and docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("file", FILES, ids=str)
def test_file_is_small_and_has_a_name_of_its_own(file: Path) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_FILE_LINES
    assert not FORBIDDEN_NAMES & set(file.with_suffix("").parts)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_functions_are_short(file: Path) -> None:
    long = {node.name: lines_of(node) for node in functions(file)}
    assert {n: k for n, k in long.items() if k > MOST_FUNCTION_LINES} == {}


def test_a_typical_function_has_ten_lines_at_most() -> None:
    sizes = sorted(lines_of(node) for file in FILES for node in functions(file))
    assert sizes[len(sizes) // 2] <= MOST_TYPICAL_LINES
