"""What a start of the service makes of a flow's file: the file seeds, the database holds.

While nobody has published by hand the file is what counts, and a changed one is the next
version. Once somebody has, a changed file is kept as a draft beside what he published.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from acd.flow_versions.store import (
    keep_published,
    keep_version,
    newest_from_file,
    publications_of,
    version_of,
)
from acd.flow_versions.version import (
    FROM_FILE,
    NewVersion,
    Publication,
    VersionText,
)
from config.database import Database
from ivr_flows.language import Flow, FlowError

logger = logging.getLogger(__name__)

Parse = Callable[[str, str], Flow]
"""A flow of a text and the name of its file; raises `FlowError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFile:
    """A flow's file as a start of the service finds it; `text` is None where it is not."""

    name: str
    path: str = ""
    text: str | None = None


class Turn(Enum):
    """What becomes of the file's text."""

    NOTHING = auto()
    PUBLISHED = auto()
    DRAFT = auto()


def turn_of(
    text: str, last_read: VersionText | None, in_force: Publication | None
) -> Turn:
    """Pure: what to do with a file's text, after what was read and published before."""
    if in_force is None:
        return Turn.PUBLISHED
    if last_read and last_read.text == text:
        return Turn.NOTHING
    return Turn.PUBLISHED if in_force.from_file else Turn.DRAFT


async def flow_at_start(
    database: Database, file: FlowFile, parse: Parse, now: datetime
) -> Flow:
    """The flow that new calls meet after this start.

    `FlowError` when neither what is published nor the file can be read.
    """
    published = await publications_of(database, file.name)
    in_force = published[0] if published else None
    if file.text is not None:
        last_read = await newest_from_file(database, file.name)
        match turn_of(file.text, last_read, in_force):
            case Turn.PUBLISHED:
                return await _seeded(database, file, parse, now, in_force)
            case Turn.DRAFT:
                await keep_version(database, _of_file(file, now))
                logger.warning(
                    "the file of flow %s has changed; it is kept as a draft, calls meet what was published",
                    file.name,
                )
    if in_force is None:
        raise FlowError(f"there is no flow {file.name!r}")
    return await _in_force(database, file, parse, in_force.number)


async def _seeded(
    database: Database,
    file: FlowFile,
    parse: Parse,
    now: datetime,
    in_force: Publication | None,
) -> Flow:
    flow = parse(file.text or "", file.path)
    instead_of = in_force.number if in_force else 0
    number = await keep_published(database, _of_file(file, now), instead_of)
    logger.info("flow %s: version %d is that of its file", file.name, number)
    return flow.as_version(number)


def _of_file(file: FlowFile, now: datetime) -> NewVersion:
    return NewVersion(
        name=file.name,
        at=now,
        saved_by=FROM_FILE,
        peer="",
        note="",
        text=file.text or "",
        from_file=True,
    )


async def _in_force(
    database: Database, file: FlowFile, parse: Parse, number: int
) -> Flow:
    """What is published; the file when this program cannot read that any more."""
    version = await version_of(database, file.name, number)
    assert version is not None, "what is published is kept"
    try:
        return parse(version.text, f"{file.name}.yaml").as_version(number)
    except FlowError:
        if file.text is None:
            raise
        logger.exception(
            "flow %s: version %d cannot be read any more; calls meet the file until another one is published",
            file.name,
            number,
        )
    last_read = await newest_from_file(database, file.name)
    flow = parse(file.text, file.path)
    is_kept = last_read is not None and last_read.text == file.text
    return flow.as_version(last_read.number if last_read and is_kept else 0)
