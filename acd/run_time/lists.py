"""Settings that are a list of lines, in the order in which people see them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.rows import Changed
from acd.run_time.seeded import Shape

S = TypeVar("S", bound=BaseModel)


def list_shape(
    kind: Changed,
    name: str,
    section: type[S],
    *,
    key: str,
    most: int,
    check: Callable[[Sequence[S]], tuple[str, ...]],
) -> Shape[tuple[S, ...]]:
    """At most so many lines that the field `key` tells apart; `check` looks at them all."""
    words = name.replace("_", " ")

    def written(lines: tuple[S, ...]) -> dict[str, Any]:
        return {
            getattr(each, key): each.model_dump(mode="json", exclude={key})
            | {"place": place}
            for place, each in enumerate(lines)
        }

    def read(document: Mapping[str, Any]) -> tuple[S, ...]:
        lines = sorted(document.items(), key=lambda item: item[1]["place"])
        return tuple(
            section.model_validate(
                {key: id_, **{n: v for n, v in line.items() if n != "place"}}
            )
            for id_, line in lines
        )

    def checked(lines: tuple[S, ...]) -> tuple[str, ...]:
        if len(lines) > most:
            raise RulesRefused(f"there are more than {most} {words}")
        ids = [getattr(each, key) for each in lines]
        if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise RulesRefused(f"there are several {words} {', '.join(twice)}")
        return check(lines)

    return Shape(kind=kind, name=name, written=written, read=read, check=checked)
