"""The end of the chain, noted beside the audio: so a lost tail of the table is noticed.

The file holds the newest end, and every end that the table has contradicted since (it
was restored from a backup, say): these stay, and `verify` names them for ever.
"""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recordings.chain import Head

logger = logging.getLogger(__name__)
HEAD_FILE = "chain-head.json"


def read_heads(root: Path) -> tuple[Head, ...]:
    """The ends that the chain must meet, the newest first; empty without a file."""
    try:
        values = json.loads((root / HEAD_FILE).read_text(encoding="utf-8"))
        return tuple(map(_head, [values, *values.get("lost", ())]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def note_head(root: Path, head: Head) -> None:
    """Note a new end of the chain. A full disk is logged: an older end proves too."""
    newest, *lost = read_heads(root) or (Head(),)
    if newest.sequence >= head.sequence and newest != head:
        logger.error(
            "the table of recordings has lost entries: it was at %s and is at %s",
            newest.sequence,
            head.sequence,
        )
        lost = [newest, *lost]
    try:
        _write(root, head, lost)
    except OSError as error:
        logger.warning("the chain's end could not be noted: %s", error)


def _write(root: Path, head: Head, lost: Sequence[Head]) -> None:
    partial = root / f"{HEAD_FILE}.partial"
    values = _values(head) | {"lost": [_values(old) for old in lost]}
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(values) + "\n", encoding="utf-8")
    partial.replace(root / HEAD_FILE)


def _head(values: dict[str, Any]) -> Head:
    return Head(sequence=int(values["sequence"]), chain=str(values["chain"]))


def _values(head: Head) -> dict[str, Any]:
    return {"sequence": head.sequence, "chain": head.chain}
