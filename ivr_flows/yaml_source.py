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

from ivr_flows.told import Told, told
from ivr_flows.yaml_problems import problem_of

Place = tuple[str | int, ...]
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


Mark = tuple[int, int]
"""Line and column, both from 1."""
BEGINNING: Mark = (1, 1)


class SourceError(Exception):
    """The text cannot be read as a flow; the message begins with file and line."""

    def __init__(self, file: str, mark: Mark, problem: Told) -> None:
        super().__init__(f"{file}:{mark[0]}: {problem}")
        self.file, self.mark, self.problem = file, mark, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a flow was read from: its file, and line and column of each place in it."""

    file: str = "<flow>"
    marks: Mapping[Place, Mark] = field(default_factory=dict)

    def mark(self, place: Place) -> Mark:
        """Line and column of the place, or of the nearest one around it."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, BEGINNING)

    def at(self, place: Place) -> str:
        """`file:line` of the place, or of the nearest one around it."""
        return f"{self.file}:{self.mark(place)[0]}"


class _OutOfPlace(Exception):
    def __init__(self, problem: Told, mark: yaml.Mark) -> None:
        super().__init__(str(problem))
        self.problem, self.mark = problem, mark


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if problem := _out_of_place(event):
            raise _OutOfPlace(problem, event.start_mark)
        return super().compose_node(parent, index)


def _out_of_place(event: yaml.Event) -> Told | None:
    if isinstance(event, yaml.AliasEvent):
        return told("references (*name) have no place in a flow; quote the key '*'")
    if getattr(event, "tag", None):
        return told(
            "tags (!name) have no place in a flow; leave it out, or quote the text"
        )
    if isinstance(event, yaml.ScalarEvent) and _NO_TEXT.search(event.value):
        return told("an escape like \\0 or \\ud800 stands for no text; leave it out")
    return None


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
    """The values of the file and where they stand; `SourceError` when there are none."""
    return parse_yaml(_text_of(file), str(file))


def parse_yaml(text: str, file: str) -> tuple[Any, Source]:
    """The values of a text that is called `file`, and where they stand.

    `SourceError` when there are none.
    """
    try:
        node, value = _parsed(text)
        marks: dict[Place, Mark] = {}
        if node:
            _note_marks(node, (), marks, file)
    except _OutOfPlace as error:
        raise SourceError(file, _mark(error.mark), error.problem) from None
    except yaml.MarkedYAMLError as error:
        raise _explained(error, file) from None
    except yaml.reader.ReaderError as error:
        problem = told(
            "has a character that is no text: %(character)s",
            character=repr(error.character),
        )
        raise SourceError(file, _place_of(error.position, text), problem) from None
    except RecursionError:
        raise SourceError(file, BEGINNING, told("is nested too deeply")) from None
    return value, Source(file=file, marks=marks)


def _place_of(position: int, text: str) -> Mark:
    before = text[:position].split("\n")
    return len(before), len(before[-1]) + 1


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
        problem = told("the file does not exist")
        raise SourceError(str(file), BEGINNING, problem) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = told("cannot be read: %(why)s", why=error)
        raise SourceError(str(file), BEGINNING, problem) from None


def _explained(error: yaml.MarkedYAMLError, file: str) -> SourceError:
    mark = error.problem_mark or error.context_mark
    problem = problem_of(error.problem or "", error.context or "")
    return SourceError(file, _mark(mark) if mark else BEGINNING, problem)


def _mark(mark: yaml.Mark) -> Mark:
    return mark.line + 1, mark.column + 1


def _note_marks(
    node: yaml.Node, place: Place, marks: dict[Place, Mark], file: str
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            marks[(*place, index)] = _mark(item.start_mark)
            _note_marks(item, (*place, index), marks, file)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            mark = _mark(key.start_mark)
            if inner in marks:
                problem = told(
                    "%(word)s is already there in line %(line)s",
                    word=repr(key.value),
                    line=marks[inner][0],
                )
                raise SourceError(file, mark, problem)
            marks[inner] = mark
            _note_marks(value, inner, marks, file)
