"""The limits of the house that no linter knows: small files, small functions, names."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "acd",
    "benchmarks",
    "config",
    "console",
    "hotline",
    "ivr_flows",
    "outbound",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the limits ask of a file: lines of each function, packages it imports."""

    text: str
    functions: list[tuple[str, int]] = field(default_factory=list)
    imported: set[str] = field(default_factory=set)


@cache
def facts_of(file: Path) -> Facts:
    """A file, read, parsed and walked through once for all tests."""
    facts = Facts(text=(ROOT / file).read_text(encoding="utf-8"))
    for node in ast.walk(ast.parse(facts.text)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                facts.functions.append((node.name, lines_of(node)))
            case ast.Import(names=names):
                facts.imported.update(alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=module):
                facts.imported.add((module or "").split(".")[0])
    return facts


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, its signature and docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def functions() -> Iterator[tuple[str, int]]:
    """Every function and method as `file: name`, with its lines."""
    for file in FILES:
        for name, lines in facts_of(file).functions:
            yield f"{file}: {name}", lines


def test_files_are_small() -> None:
    sizes = {str(file): facts_of(file).text.count("\n") for file in FILES}
    assert {f: n for f, n in sizes.items() if n > MOST_FILE_LINES} == {}


def test_files_have_names_of_their_own() -> None:
    named = [f for f in FILES if FORBIDDEN_NAMES & set(f.with_suffix("").parts)]
    assert named == []


def test_functions_are_short() -> None:
    assert {f: n for f, n in functions() if n > MOST_FUNCTION_LINES} == {}


def test_a_typical_function_has_ten_lines_at_most() -> None:
    sizes = sorted(lines for _, lines in functions())
    assert sizes[len(sizes) // 2] <= MOST_TYPICAL_LINES


SOURCES = [file for file in FILES if file.parts[0] not in ("tests", "benchmarks")]


def outside(package: str, *, allowed: Callable[[Path], bool]) -> list[str]:
    """The files that import a package where it does not belong."""
    return [
        str(file)
        for file in SOURCES
        if package in facts_of(file).imported and not allowed(file)
    ]


def test_pjsua2_stays_in_its_folder() -> None:
    folder = ("telephony", "pjsua")
    assert outside("pjsua2", allowed=lambda file: file.parts[:2] == folder) == []


def test_web_framework_stays_in_the_console() -> None:
    for package in ("fastapi", "starlette", "uvicorn"):
        assert outside(package, allowed=lambda f: f.parts[0] == "console") == []


def test_sql_stays_in_stores_and_archives() -> None:
    def allowed(file: Path) -> bool:
        database = file.parts[0] == "config" and "settings" not in file.name
        return database or file.name in ("store.py", "archive.py")

    assert outside("sqlalchemy", allowed=allowed) == []


def test_nothing_is_imported_for_types_only() -> None:
    marked = [f for f in SOURCES if "TYPE_CHECKING" in facts_of(f).text]
    assert marked == []
