"""YAML as flow files use it: plain values, no surprises, and the line of everything.

Only `true`/`false`, whole numbers, decimals and empty values are more than text, so
that `no`, `08:30` and a date stay what the writer wrote (as in YAML 1.2).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

Place = tuple[str | int, ...]


class SourceError(Exception):
    """The text cannot be read as a flow; the message begins with file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a flow was read from: its file and the line of each place in it."""

    file: str = "<flow>"
    lines: Mapping[Place, int] = field(default_factory=dict)

    def at(self, place: Place) -> str:
        """`file:line` of the place, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.file}:{self.lines.get(place, 1)}"


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="references (*name) have no place in a flow; quote the key '*'",
                problem_mark=mark,
            )
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^(?:0|-?[1-9][0-9]{0,17})$", list("-0123456789")),
    ("float", r"^-?[0-9]+\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first
    )


def read_yaml(file: Path) -> tuple[Any, Source]:
    """The values of the file and their lines; `SourceError` when there are none."""
    try:
        node, value = _parsed(_text_of(file))
    except yaml.MarkedYAMLError as error:
        raise SourceError(_explained(error, file)) from None
    except yaml.reader.ReaderError as error:
        raise SourceError(
            f"{file}:1: has a character that is no text: {error.character!r}"
        ) from None
    except RecursionError:
        raise SourceError(f"{file}:1: is nested too deeply") from None
    lines: dict[Place, int] = {}
    if node:
        _note_lines(node, (), lines, file)
    return value, Source(file=str(file), lines=lines)


def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    finally:
        loader.dispose()


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError(f"{file}:1: the file does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file}:1: cannot be read: {error}") from None


def _explained(error: yaml.MarkedYAMLError, file: Path) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or "is no YAML"
    if "alphabetic or numeric character" in problem:
        problem = "the keys '*' and '#' must be written in quotes"
    if "'\\t'" in problem:
        problem = "indent with spaces, not with tabs"
    return f"{file}:{line}: {problem}"


def _note_lines(
    node: yaml.Node, place: Place, lines: dict[Place, int], file: Path
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*place, index)] = item.start_mark.line + 1
            _note_lines(item, (*place, index), lines, file)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            line = key.start_mark.line + 1
            if inner in lines:
                raise SourceError(
                    f"{file}:{line}: {key.value!r} is already there in line {lines[inner]}"
                )
            lines[inner] = line
            _note_lines(value, inner, lines, file)
