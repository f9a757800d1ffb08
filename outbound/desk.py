"""The desk of campaigns: takes contacts in, each read strictly, and reports the refused."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.clock import LoopClock
from outbound.campaign import (
    NAME,
    CampaignNameRefused,
    CampaignState,
    Ending,
    EndRefused,
    ModeRefused,
    RulesRefused,
)
from outbound.contact import NewContact
from outbound.contact_reading import ContactFault, ContactReader, ContactRefused
from outbound.do_not_call.desk import DoNotCallDesk
from outbound.endings.store import EndingStore
from outbound.mode import CampaignMode, fault_of
from outbound.modes.store import ModeStore
from outbound.own_rules import Offered, OwnRules, fault_of_own
from outbound.previews import Preview, PreviewRefused, Previews
from outbound.store import CampaignStore

AT_ONCE = 100
"""So many contacts are read before the loop has its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A contact that was not taken: its place in the list, from 1, and why.

    `field` is the wrong one, "" when there is no such field.
    """

    place: int
    field: str
    fault: ContactFault
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
    of the list of those who want no follow-up calls, `offered` what campaigns may have
    of their own.
    """

    def __init__(
        self,
        store: CampaignStore,
        reader: ContactReader,
        clock: LoopClock,
        do_not_call: DoNotCallDesk,
        modes: ModeStore,
        endings: EndingStore,
        queues: Callable[[], Collection[str]],
        offered: Offered,
    ) -> None:
        self._store, self._reader, self._clock = store, reader, clock
        self._modes, self._endings, self._queues = modes, endings, queues
        self.do_not_call, self.offered = do_not_call, offered
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

        `CampaignNameRefused` and `CampaignEnded` when none is taken, `DatabaseError`
        when some may be: the same list can be sent again. Calls go on meanwhile.
        """
        _check_name(campaign)
        new, known, refused = 0, 0, list[Refused]()
        for at in range(0, max(1, len(given)), AT_ONCE):
            good, bad = self._read(given[at : at + AT_ONCE], at)
            done = await self._store.add(campaign, good, self._clock.now())
            new, known = new + done.new, known + done.known
            refused += bad
            self.on_change()
        return ImportReport(new=new, known=known, refused=tuple(refused))

    async def preview(
        self, campaign: str, given: Sequence[Mapping[str, Any]]
    ) -> ImportReport:
        """What `take` would come to now; nobody is entered, no campaign made.

        `CampaignNameRefused`, `CampaignEnded`.
        """
        _check_name(campaign)
        orders: list[str] = []
        refused: list[Refused] = []
        for at in range(0, len(given), AT_ONCE):
            good, bad = self._read(given[at : at + AT_ONCE], at)
            orders += [each.order_id for each in good]
            refused += bad
            await asyncio.sleep(0)  # calls go on meanwhile
        found = await self._store.would_add(campaign, orders)
        return ImportReport(new=found.new, known=found.known, refused=tuple(refused))

    async def create(self, campaign: str, mode: CampaignMode) -> None:
        """Make a campaign, paused and empty.

        `CampaignNameRefused`, `ModeRefused`, `CampaignExists`.
        """
        _check_name(campaign)
        self._check_mode(mode)
        await self._store.create(campaign, mode, self._clock.now())

    async def turn(self, campaign: str, state: CampaignState) -> None:
        """Start or pause; what is being called is not cut.

        `CampaignUnknown`, `CampaignEnded`.
        """
        await self._store.turn(campaign, state, self._clock.now())
        self.on_change()

    async def end(self, campaign: str, by: str, reason: str) -> None:
        """End it for good; what is being called is not cut, and nobody else is called.

        `EndRefused` without a reason, `CampaignUnknown`, `CampaignEnded`.
        """
        if not reason.strip():
            raise EndRefused("write why it shall end: it cannot be started again")
        ending = Ending(at=self._clock.now(), by=by, reason=reason.strip())
        await self._endings.end(campaign, ending)
        self.on_change()

    async def change_mode(self, campaign: str, mode: CampaignMode) -> None:
        """Dial so from now on; calls under way go on.

        `ModeRefused`, `CampaignUnknown`, `CampaignEnded`.
        """
        self._check_mode(mode)
        await self._modes.change(campaign, mode, self._clock.now())
        self.on_change()

    async def change_own(self, campaign: str, own: OwnRules) -> None:
        """Call with this number, flow and windows from now on; calls under way go on.

        `RulesRefused`, `CampaignUnknown`, `CampaignEnded`.
        """
        if words := fault_of_own(own, self.offered):
            raise RulesRefused(words)
        await self._modes.change_own(campaign, own, self._clock.now())
        self.on_change()

    def _check_mode(self, mode: CampaignMode) -> None:
        if words := fault_of(mode, self._queues()):
            raise ModeRefused(words)

    def _read(
        self, given: Sequence[Mapping[str, Any]], before: int = 0
    ) -> tuple[list[NewContact], list[Refused]]:
        good: list[NewContact] = []
        refused: list[Refused] = []
        now = self._clock.now()
        for place, each in enumerate(given, before + 1):
            try:
                good.append(self._reader.read(each, now))
            except ContactRefused as error:
                refused.append(_refused(place, error))
        return good, refused


def _check_name(campaign: str) -> None:
    if not re.fullmatch(NAME, campaign):
        raise CampaignNameRefused(
            f"{campaign!r} is no name: small letters, digits, - and _, at most 40"
        )


def _refused(place: int, error: ContactRefused) -> Refused:
    return Refused(place=place, field=error.field, fault=error.fault, reason=str(error))
