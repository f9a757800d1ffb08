"""Campaigns in virtual time: the real dialler, store and rules; the test plays citizens."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from config.database import Database
from ivr_flows.flow import BUILT_IN, load_flow
from outbound.archive import ContactRecord, contacts_page
from outbound.attempt import CallRules
from outbound.campaign import CampaignState, Ending
from outbound.contact import FollowUpOutcome, NewContact
from outbound.deliveries.store import ResultBook
from outbound.dialler import Dialler
from outbound.dialler_rules import DiallerRules
from outbound.endings.store import EndingStore
from outbound.mode import CampaignMode
from outbound.modes.store import ModeStore
from outbound.own_rules import Offered
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore
from tests.fakes.leg import FakeLeg
from tests.story.hotline import StoryHotline, open_hotline

Behaviour = Callable[[str, FakeLeg], None]
"""What the citizen with a number does when his telephone is called."""

ALL_DAY = FollowUpRules(gap_hours=1)


def number_of(nth: int) -> str:
    """The telephone number of the nth citizen."""
    return f"+86138{nth:08}"


def busy(_number: str, leg: FakeLeg) -> None:
    """His line is engaged."""
    leg.peer_refuses(486)


class CampaignStory:
    """A hotline whose dialler works on a database of its own."""

    def __init__(
        self, hotline: StoryHotline, database: Database, rules: DiallerRules
    ) -> None:
        self.hotline, self.database, self.rules = hotline, database, rules
        self.store = CampaignStore(database)
        self.modes = ModeStore(database)
        self.running = AsyncExitStack()
        self.dialler = Dialler(self.store, self.modes, rules, hotline.equipment)

    async def enter(
        self,
        count: int,
        campaign: str = "november",
        mode: CampaignMode = CampaignMode(),  # noqa: B008 - it is frozen
    ) -> None:
        """So many contacts in a campaign that runs."""
        now = self.hotline.clock.now()
        orders = [
            NewContact(
                order_id=f"A-{nth}",
                number=number_of(nth),
                language="zh",
                closed_at=now - timedelta(days=1),
                unit=f"unit {nth % 3}",
                confidential=False,
            )
            for nth in range(count)
        ]
        await self.store.add(campaign, orders, now)
        await self.modes.change(campaign, mode, now)
        await self.store.turn(campaign, CampaignState.RUNNING, now)
        self.dialler.look()

    async def end(self, campaign: str = "november") -> None:
        """The campaign is ended for good, and whoever waits in it is withdrawn."""
        endings, now = (
            EndingStore(self.database, ResultBook(self.database)),
            self.hotline.clock.now(),
        )
        await endings.end(campaign, Ending(at=now, by="li", reason="it is settled"))
        withdrawn = 1
        while withdrawn:
            withdrawn = await endings.withdraw(now)
        self.dialler.look()

    async def stop(self) -> None:
        """The service stops; what it kept can still be read."""
        await self.running.aclose()

    async def records(self, campaign: str = "november") -> list[ContactRecord]:
        """All contacts with their tries."""
        return await contacts_page(self.database, campaign, limit=10_000)

    async def outcomes(self) -> Counter[FollowUpOutcome | None]:
        """How tries ended, those that run as None."""
        records = await self.records()
        return Counter(it.outcome for record in records for it in record.attempts)

    @property
    def called(self) -> list[str]:
        """The numbers that were called, in order."""
        return [request.number for request in self.hotline.placer.requests]


def citizens(story: StoryHotline, behaviour: Behaviour) -> None:
    """Let the citizens who are called behave so; agents' phones are left to the test."""
    before = story.endpoint.answer_policy

    def policy(leg: FakeLeg) -> None:
        target = next(p.target for p in story.endpoint.placed if p.leg is leg)
        if target.endswith("@trunk.test"):
            behaviour(target.removeprefix("sip:").partition("@")[0], leg)
        else:
            before(leg)

    story.endpoint.answer_policy = policy


@asynccontextmanager
async def open_campaigns(
    url: str,
    *agents: str,
    lines: int = 5,
    when: FollowUpRules = ALL_DAY,
    behaviour: Behaviour = busy,
    call: Mapping[str, Any] | None = None,
    offered: Offered = Offered(),  # noqa: B008 - it is frozen
    **rules: Any,
) -> AsyncIterator[CampaignStory]:
    """A hotline that places follow-up calls; it is Monday, 16:00 in the city.

    `call` are rules of the call, `rules` those of the queue.
    """
    async with Database(url) as database, open_hotline(*agents, **rules) as hotline:
        citizens(hotline, behaviour)
        flow = load_flow(BUILT_IN / "follow_up.yaml")
        placing = CallRules(flow_of=lambda: flow, **(call or {}))
        dialling = DiallerRules(
            lines=lines,
            kept_legs=lambda: 10,
            call=placing,
            when=when,
            offered=offered,
        )
        story = CampaignStory(hotline, database, dialling)
        async with story.running:
            await story.running.enter_async_context(story.dialler)
            yield story
