"""The desk of flows: texts are checked, kept as versions, published and published again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from acd.flow_versions.published import PublishedFlows
from acd.flow_versions.store import (
    keep_publication,
    keep_version,
    newest_from_file,
    publications_of,
    version_of,
    versions_of,
)
from acd.flow_versions.version import (
    AlreadyPublished,
    FlowUnknown,
    NewPublication,
    NewVersion,
    NothingBefore,
    Publication,
    PublishedMeanwhile,
    TextUnchanged,
    Version,
    VersionRefused,
    VersionText,
    VersionUnknown,
)
from acd.rule_changes.rows import Author
from config.clock import LoopClock
from config.database import Database
from ivr_flows.checks import check_structure
from ivr_flows.faults import hint_of
from ivr_flows.finding import Finding
from ivr_flows.interpreter import FlowDefect
from ivr_flows.language import Flow
from ivr_flows.picture import NO_MARKS, Marks, picture
from ivr_flows.prompts.catalogue import Catalogue, PromptError
from ivr_flows.told import told
from ivr_flows.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a text; `flow` is None when no flow can be read from it."""

    findings: Sequence[Finding]
    flow: Flow | None

    @property
    def is_good(self) -> bool:
        """Whether it may be published."""
        return not any(finding.fatal for finding in self.findings)


Check = Callable[[str, str], Awaitable[Checked]]
"""Looks at a text as the flow of a name, of the hotline as it is now."""

Try = Callable[[Flow, Sequence[str], datetime], Trial]
"""Goes through a flow without a telephone, as a call of the hotline would now."""

Prepare = Callable[[Flow], Awaitable[None]]
"""Makes what the flow says, before the first call asks for it; or `PromptError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView:
    """A flow that calls can meet, and which of its versions they do.

    `newest` is its newest version. `file_differs` is the number of the version that the
    flow's file holds, when calls meet another one; 0 when they meet the file.
    """

    name: str
    title: str
    steps: int
    version: int
    newest: int
    file_differs: int


class FlowDesk:
    """Takes one change after the other; every refusal is a `FlowVersionError`.

    `texts` are the sentences that flows name.

    A call keeps the flow that it began with; those that begin after a publication meet
    the new one.
    """

    def __init__(
        self,
        database: Database,
        flows: PublishedFlows,
        check: Check,
        tries: Try,
        texts: Catalogue,
        prepare: Prepare,
        clock: LoopClock,
    ) -> None:
        self._database, self._flows, self._tries = database, flows, tries
        self._texts = texts
        self._check, self._prepare, self._clock = check, prepare, clock
        self._one, self._checking = asyncio.Lock(), asyncio.Lock()

    async def flows(self) -> list[FlowView]:
        """Every flow that calls can meet."""
        return [await self.flow(name) for name in self._flows]

    async def flow(self, name: str) -> FlowView:
        """One of them."""
        flow = self.published(name)
        newest = await version_of(self._database, name)
        of_file = await newest_from_file(self._database, name)
        is_file = of_file is None or of_file.number == flow.version
        return FlowView(
            name=name,
            title=flow.title,
            steps=len(flow.steps),
            version=flow.version,
            newest=newest.number if newest else 0,
            file_differs=of_file.number if of_file and not is_file else 0,
        )

    def published(self, name: str) -> Flow:
        """What new calls meet."""
        if name not in self._flows:
            hint = hint_of(name, self._flows)
            words = told(
                "No call meets a flow %(name)s; %(hint)s", name=repr(name), hint=hint
            )
            raise FlowUnknown(words)
        return self._flows[name]

    async def versions(self, name: str) -> list[Version]:
        """All versions of a flow, the newest first."""
        self.published(name)
        return await versions_of(self._database, name)

    async def publications(self, name: str) -> list[Publication]:
        """Which version was published when and by whom, the newest first."""
        self.published(name)
        return await publications_of(self._database, name)

    async def version(self, name: str, number: int | None = None) -> VersionText:
        """One version with its text; the newest without a number."""
        self.published(name)
        found = await version_of(self._database, name, number)
        if found is None:
            raise VersionUnknown(
                told(
                    "The flow %(name)s has no version %(n)s", name=repr(name), n=number
                )
            )
        return found

    async def check(self, name: str, text: str) -> Checked:
        """What the checker finds in a text; one text after the other."""
        self.published(name)
        async with self._checking:
            return await self._check(name, text)

    async def sound(self, name: str, text: str) -> Flow:
        """The flow of a text that can be drawn and tried, though it may not be fit yet."""
        checked = await self.check(name, text)
        faults = list(checked.findings)
        if checked.flow is not None:
            faults = await asyncio.to_thread(check_structure, checked.flow)
        if checked.flow is None or faults:
            raise _refused(faults)
        return checked.flow

    async def try_text(
        self, name: str, text: str, acts: Sequence[str], at: datetime | None = None
    ) -> Trial:
        """Where a call stands after the acts; `TryRefused` for an impossible one."""
        flow = await self.sound(name, text)
        try:
            moment = at or self._clock.now()
            return await asyncio.to_thread(self._tries, flow, acts, moment)
        except FlowDefect as error:
            raise VersionRefused(
                told("It cannot be tried: %(why)s", why=error)
            ) from None

    async def draw(
        self,
        name: str,
        text: str,
        say: Callable[[str], str] = str,
        marks: Marks = NO_MARKS,
    ) -> str:
        """The text as an SVG; `VersionRefused`, `PictureTooLarge`. Calls go on meanwhile."""
        flow = await self.sound(name, text)
        return await asyncio.to_thread(picture, flow, self._texts, say, marks)

    async def save(
        self, name: str, text: str, note: str, author: Author
    ) -> VersionText:
        """Keep a text as a draft, under the next number; it may have faults yet."""
        async with self._one:
            newest = await self.version(name)
            if newest.text == text:
                raise TextUnchanged(
                    told("Version %(n)s has this text already", n=newest.number)
                )
            new = NewVersion(
                name=name,
                at=self._clock.now(),
                saved_by=author.name,
                peer=author.peer,
                note=note,
                text=text,
            )
            number = await keep_version(self._database, new)
        return await self.version(name, number)

    async def publish(
        self,
        name: str,
        number: int,
        note: str,
        author: Author,
        instead_of: int | None = None,
    ) -> FlowView:
        """Let new calls meet a version, also an earlier one again.

        With `instead_of` only while that one is in force.
        """
        async with self._one:
            return await self._publish(name, number, note, author, instead_of)

    async def roll_back(self, name: str, note: str, author: Author) -> FlowView:
        """Publish the version again that was in force before the present one."""
        async with self._one:
            present = self.published(name).version
            published = await publications_of(self._database, name)
            earlier = (p.number for p in published if p.number != present)
            number = next(earlier, 0)
            if not number:
                raise NothingBefore(
                    told(
                        "The flow %(name)s had no other version before", name=repr(name)
                    )
                )
            return await self._publish(name, number, note, author, present)

    async def _publish(
        self, name: str, number: int, note: str, author: Author, instead_of: int | None
    ) -> FlowView:
        present = self.published(name).version
        if instead_of not in (None, present):
            raise PublishedMeanwhile(
                told("Version %(n)s is published by now", n=present)
            )
        if number == present:
            raise AlreadyPublished(
                told("New calls meet version %(n)s already", n=number)
            )
        flow = await self._fit(await self.version(name, number))
        await self._prepared(flow)
        await keep_publication(
            self._database,
            NewPublication(
                name=name,
                number=number,
                instead_of=present,
                at=self._clock.now(),
                published_by=author.name,
                peer=author.peer,
                note=note,
            ),
        )
        self._flows.put(flow.as_version(number))
        return await self.flow(name)

    async def _prepared(self, flow: Flow) -> None:
        try:
            await self._prepare(flow)
        except PromptError as error:
            words = told("A sentence of the flow cannot be spoken: %(why)s", why=error)
            raise VersionRefused(words) from None

    async def _fit(self, version: VersionText) -> Flow:
        checked = await self.check(version.name, version.text)
        if checked.flow is None or not checked.is_good:
            raise _refused([each for each in checked.findings if each.fatal])
        return checked.flow


def _refused(faults: Sequence[Finding]) -> VersionRefused:
    return VersionRefused(told("Its faults must be mended first"), faults)
