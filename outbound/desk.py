"""The desk of campaigns: takes contacts in, each read strictly, and reports the refused."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.clock import LoopClock
from outbound.campaign import NAME, CampaignNameRefused, CampaignState, ModeRefused
from outbound.contact import NewContact
from outbound.contact_reading import ContactReader, ContactRefused
from outbound.do_not_call.desk import DoNotCallDesk
from outbound.mode import CampaignMode, fault_of
from outbound.modes.store import ModeStore
from outbound.previews import Preview, PreviewRefused, Previews
from outbound.store import CampaignStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A contact that was not taken: its place in the list, from 1, and why."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of a list: new contacts, those known before, and the refused ones."""

    new: int
    known: int
    refused: tuple[Refused, ...]


class CampaignDesk:
    """What people and the order system may do with campaigns.

    `on_change` is called when somebody may have become due. `do_not_call` is the desk
    of the list of those who want no follow-up calls.
    """

    def __init__(
        self,
        store: CampaignStore,
        reader: ContactReader,
        clock: LoopClock,
        do_not_call: DoNotCallDesk,
        modes: ModeStore,
        queues: Callable[[], Collection[str]],
    ) -> None:
        self._store, self._reader, self._clock = store, reader, clock
        self._modes, self._queues = modes, queues
        self.do_not_call = do_not_call
        self.on_change: Callable[[], None] = lambda: None
        self._previews: Previews | None = None

    def attach(self, previews: Previews) -> None:
        """Show what the dialler shows to agents."""
        self._previews = previews

    def shown(self) -> list[Preview]:
        """The contacts that agents look at now."""
        return self._previews.all() if self._previews else []

    @property
    def previews(self) -> Previews:
        """What is shown to agents; `PreviewRefused` where nobody is ever called."""
        if self._previews is None:
            raise PreviewRefused("no follow-up calls are placed here: see [outbound]")
        return self._previews

    async def take(
        self, campaign: str, given: Sequence[Mapping[str, Any]]
    ) -> ImportReport:
        """Take contacts into a campaign, which is made when it is new.

        `CampaignNameRefused` or `DatabaseError` when none could be taken.
        """
        if not re.fullmatch(NAME, campaign):
            raise CampaignNameRefused(
                f"{campaign!r} is no name: small letters, digits, - and _, at most 40"
            )
        good, refused = self._read(given)
        done = await self._store.add(campaign, good, self._clock.now())
        self.on_change()
        return ImportReport(new=done.new, known=done.known, refused=tuple(refused))

    async def turn(self, campaign: str, state: CampaignState) -> None:
        """Start or pause; what is being called is not cut. `CampaignUnknown`."""
        await self._store.turn(campaign, state, self._clock.now())
        self.on_change()

    async def change_mode(self, campaign: str, mode: CampaignMode) -> None:
        """Dial so from now on; calls under way go on. `ModeRefused`, `CampaignUnknown`."""
        if words := fault_of(mode, self._queues()):
            raise ModeRefused(words)
        await self._modes.change(campaign, mode, self._clock.now())
        self.on_change()

    def _read(
        self, given: Sequence[Mapping[str, Any]]
    ) -> tuple[list[NewContact], list[Refused]]:
        good: list[NewContact] = []
        refused: list[Refused] = []
        now = self._clock.now()
        for place, each in enumerate(given, 1):
            try:
                good.append(self._reader.read(each, now))
            except ContactRefused as error:
                refused.append(Refused(place=place, reason=str(error)))
        return good, refused
