"""The descriptions that are kept in `docs/`, made from the code.

`python -m console.documents` writes them anew; a test fails when they differ.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.app import description
from console.mqtt_topics import TOPICS, schema_of
from console.told import name_of

DOCS = Path(__file__).parents[1] / "docs"


def documents() -> Iterator[tuple[Path, str]]:
    """Each file below `docs/` and its text."""
    yield Path("openapi.json"), _text(description())
    for kind in TOPICS:
        yield Path("mqtt") / f"{name_of(kind)}.schema.json", _text(schema_of(kind))


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every document."""
    for name, text in documents():
        file = DOCS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
