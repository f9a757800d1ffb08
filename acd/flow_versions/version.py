"""A version of a flow as a value, and what refuses one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr_flows.finding import Finding
from ivr_flows.told import Told

FROM_FILE = "file"
"""Who wrote a version that a start of the service has read from the flow's file."""


class VersionState(StrEnum):
    """Whether calls meet a version."""

    DRAFT = "draft"
    """None ever did."""
    PUBLISHED = "published"
    """New calls do."""
    EARLIER = "earlier"
    """Calls did, before another one was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A text that is to be kept. With `from_file` a start of the service has read it."""

    name: str
    at: datetime
    saved_by: str
    peer: str
    note: str
    text: str
    from_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A kept version of a flow, without its text; `published_at` is the last time."""

    name: str
    number: int
    at: datetime
    saved_by: str
    peer: str
    note: str
    from_file: bool
    state: VersionState
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText(Version):
    """The same with its text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublication:
    """A version that new calls meet from now on, instead of `instead_of` (0: of none)."""

    name: str
    number: int
    instead_of: int
    at: datetime
    published_by: str
    peer: str
    note: str
    from_file: bool = False

    @property
    def is_roll_back(self) -> bool:
        """Whether it is an earlier version again."""
        return self.number < self.instead_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(NewPublication):
    """A line of the list that is only added to."""

    id: int


class FlowVersionError(Exception):
    """A version cannot be had, kept or published; the message says why."""

    error_id = "flow_refused"

    def __init__(self, words: Told) -> None:
        super().__init__(str(words))
        self.words = words


class FlowUnknown(FlowVersionError):
    """No call can meet a flow of this name."""

    error_id = "flow_unknown"


class VersionUnknown(FlowVersionError):
    """The flow has no version of this number."""

    error_id = "flow_version_unknown"


class TextUnchanged(FlowVersionError):
    """The newest version has this text already."""

    error_id = "flow_text_unchanged"


class AlreadyPublished(FlowVersionError):
    """New calls meet this version already."""

    error_id = "flow_already_published"


class PublishedMeanwhile(FlowVersionError):
    """Somebody has published another version since the reader looked."""

    error_id = "flow_published_meanwhile"


class NothingBefore(FlowVersionError):
    """No other version was ever published."""

    error_id = "flow_nothing_before"


class VersionRefused(FlowVersionError):
    """The checker finds faults in the text; nothing was published."""

    error_id = "flow_refused"

    def __init__(self, words: Told, findings: Sequence[Finding] = ()) -> None:
        super().__init__(words)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        """All faults, a line each."""
        return "\n".join(map(str, self.findings)) or str(self.words)
