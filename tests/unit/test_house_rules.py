"""The limits of the house that no linter knows: small files, small functions, names."""

import ast
from collections.abc import Callable, Iterator
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


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, its signature and docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_files_are_small() -> None:
    sizes = {
        str(file): (ROOT / file).read_text(encoding="utf-8").count("\n")
        for file in FILES
    }
    assert {f: n for f, n in sizes.items() if n > MOST_FILE_LINES} == {}


def test_files_have_names_of_their_own() -> None:
    named = [f for f in FILES if FORBIDDEN_NAMES & set(f.with_suffix("").parts)]
    assert named == []


def test_functions_are_short() -> None:
    sizes = {
        f"{file}: {node.name}": lines_of(node)
        for file in FILES
        for node in functions(file)
    }
    assert {f: n for f, n in sizes.items() if n > MOST_FUNCTION_LINES} == {}


def test_a_typical_function_has_ten_lines_at_most() -> None:
    sizes = sorted(lines_of(node) for file in FILES for node in functions(file))
    assert sizes[len(sizes) // 2] <= MOST_TYPICAL_LINES


@cache
def tree_of(file: Path) -> ast.Module:
    """A file, parsed once."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def imported(file: Path) -> set[str]:
    """The top-level packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


SOURCES = [file for file in FILES if file.parts[0] not in ("tests", "benchmarks")]


def outside(package: str, *, allowed: Callable[[Path], bool]) -> list[str]:
    """The files that import a package where it does not belong."""
    return [
        str(file) for file in SOURCES if package in imported(file) and not allowed(file)
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
    marked = [f for f in SOURCES if "TYPE_CHECKING" in (ROOT / f).read_text("utf-8")]
    assert marked == []
