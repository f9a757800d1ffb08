"""What a start makes of a flow's file: the file seeds, until somebody publishes by hand."""

from datetime import UTC, datetime

import pytest

from acd.flow_versions.start import Turn, turn_of
from acd.flow_versions.version import Publication, VersionState, VersionText

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def read_before(text: str) -> VersionText:
    """A version that an earlier start has read from the file."""
    return VersionText(
        name="citizen",
        number=1,
        at=NOW,
        saved_by="file",
        peer="",
        note="",
        from_file=True,
        state=VersionState.EARLIER,
        text=text,
    )


def published(*, from_file: bool) -> Publication:
    """The publication that is in force."""
    return Publication(
        id=1,
        name="citizen",
        number=1,
        instead_of=0,
        at=NOW,
        published_by="zhang",
        peer="",
        note="",
        from_file=from_file,
    )


@pytest.mark.parametrize(
    ("last_read", "in_force", "turn"),
    [
        (None, None, Turn.PUBLISHED),
        ("old", None, Turn.PUBLISHED),
        ("same", published(from_file=True), Turn.NOTHING),
        ("old", published(from_file=True), Turn.PUBLISHED),
        ("same", published(from_file=False), Turn.NOTHING),
        ("old", published(from_file=False), Turn.DRAFT),
        (None, published(from_file=False), Turn.DRAFT),
    ],
)
def test_file_counts_while_nobody_has_published_by_hand(
    last_read: str | None, in_force: Publication | None, turn: Turn
) -> None:
    read = read_before(last_read) if last_read else None
    assert turn_of("same", read, in_force) is turn
