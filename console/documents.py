"""The descriptions that are kept in `docs/`, made from the code.

`python -m console.documents` writes them anew; a test fails when they differ.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.app import description
from console.mqtt_topics import TOPICS, schema_of

DOCS = Path(__file__).parents[1] / "docs"


def documents() -> Iterator[tuple[Path, str]]:
    """Each file below `docs/` and its text."""
    yield Path("openapi.json"), _text(description())
    for kind in TOPICS:
        yield Path("mqtt") / f"{schema_name(kind)}.schema.json", _text(schema_of(kind))


def schema_name(kind: type[Any]) -> str:
    """`AgentStateChanged` is `agent_state_changed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


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
