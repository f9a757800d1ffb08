"""Follow-up calls, their results and their reviews, put together from the settings."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from acd.equipment import Equipment
from acd.plans.store import last_state
from acd.run_time.seeded import Seeded
from config.database import Database
from config.outbound_settings import OutboundLimits
from config.settings import Settings
from config.webhook_settings import WebhookSection, secret_of
from hotline.campaigns import campaign_desk, dialler_rules, follow_up_rules
from hotline.recognition import reader_of
from ivr_flows.language import Flow
from ivr_flows.sentences import Language
from ivr_flows.survey import SurveyStep
from outbound.counts import FollowUpCounts
from outbound.deliveries.desk import DeliveryDesk
from outbound.deliveries.sender import DeliveryRules, DeliverySender
from outbound.deliveries.store import DeliveryStore, ResultBook
from outbound.dialler import Dialler
from outbound.endings.store import EndingStore
from outbound.endings.withdrawal import Withdrawal
from outbound.follow_ups import FollowUps
from outbound.modes.store import ModeStore
from outbound.overhearing import Overhearing
from outbound.results import ANSWERS
from outbound.reviews.desk import ReviewDesk
from outbound.store import CampaignStore
from outbound.transcripts.store import TranscriptStore
from outbound.transcripts.transcriber import Transcriber
from telephony.speech.recognition import Recogniser


@asynccontextmanager
async def open_follow_ups(
    settings: Settings,
    database: Database,
    equipment: Equipment,
    flows: Mapping[str, Flow],
    recognisers: Mapping[Language, Recogniser],
    limits: Seeded[OutboundLimits],
) -> AsyncIterator[FollowUps]:
    """The desks, and whoever calls and delivers inside the block.

    Without a trunk or a line contacts are kept, and nobody is called. `SettingsError`
    when the secret of the deliveries cannot be had.
    """
    bus, clock = equipment.bus, equipment.clock
    book = ResultBook(database, bus.publish, delivers=bool(settings.webhook.url))
    names = settings.outbound.every_flow
    async with AsyncExitStack() as stack:
        counts = await stack.enter_async_context(FollowUpCounts(database, bus))
        await stack.enter_async_context(
            _transcriber(settings, database, book, equipment)
        )
        withdrawal = Withdrawal(EndingStore(database, book), clock)
        await stack.enter_async_context(withdrawal)
        deliveries = await _deliveries(settings, database, equipment, stack)
        dialler = await _dialler(
            settings, database, book, equipment, flows, recognisers, limits, stack
        )
        desk = campaign_desk(settings, database, book, equipment.numbers, equipment)
        desk.on_change = lambda: _look(counts, withdrawal, dialler)
        if dialler:
            desk.attach(dialler.previews)
        yield FollowUps(
            campaigns=desk,
            reviews=ReviewDesk(
                database, book, clock, lambda: known_answers(map(flows.get, names))
            ),
            deliveries=deliveries,
            counts=counts,
            review_below=settings.outbound.review_below,
            dialler=dialler,
        )


async def _deliveries(
    settings: Settings,
    database: Database,
    equipment: Equipment,
    stack: AsyncExitStack,
) -> DeliveryDesk:
    store = DeliveryStore(database)
    desk = DeliveryDesk(store, equipment.clock)
    if settings.webhook.url:
        rules = delivery_rules(settings.webhook)
        sender = DeliverySender(store, rules, equipment.bus, equipment.clock)
        desk.on_change = (await stack.enter_async_context(sender)).look
    return desk


async def _dialler(
    settings: Settings,
    database: Database,
    book: ResultBook,
    equipment: Equipment,
    flows: Mapping[str, Flow],
    recognisers: Mapping[Language, Recogniser],
    limits: Seeded[OutboundLimits],
    stack: AsyncExitStack,
) -> Dialler | None:
    name = settings.outbound.flow
    if name not in flows:
        return None
    overheard = settings.hotline.data_dir / "overheard"
    overhearing = Overhearing(overheard, recognisers)
    ears = await stack.enter_async_context(overhearing)
    rules = dialler_rules(settings, flows, equipment, recognisers, ears, limits.now)
    store, modes = CampaignStore(database, book), ModeStore(database)
    level = (await last_state(database)).level
    dialler = Dialler(store, modes, rules, equipment, level)
    limits.follow(lambda now: dialler.limit(now.lines, follow_up_rules(settings, now)))
    return await stack.enter_async_context(dialler)


def _transcriber(
    settings: Settings, database: Database, book: ResultBook, equipment: Equipment
) -> Transcriber:
    return Transcriber(
        TranscriptStore(database, book),
        equipment.archive,
        partial(reader_of, settings),
        equipment.bus,
        equipment.clock,
        settings.hotline.data_dir / "transcribing",
    )


def _look(
    counts: FollowUpCounts, withdrawal: Withdrawal, dialler: Dialler | None
) -> None:
    counts.look()
    withdrawal.look()
    if dialler:
        dialler.look()


def known_answers(flows: Iterable[Flow | None]) -> dict[str, frozenset[str]]:
    """What each question may be answered with: as the rates know it, or one of the flows."""
    known = dict(ANSWERS)
    steps = (item for flow in flows if flow for item in flow.steps.items())
    for name, step in steps:
        if isinstance(step, SurveyStep) and step.asks_opinion:
            known[name] = known.get(name, frozenset()) | step.opinions
    return known


def delivery_rules(section: WebhookSection) -> DeliveryRules:
    """The rules of `[webhook]`; `SettingsError` without a secret."""
    return DeliveryRules(
        url=section.url,
        secret=secret_of(section),
        timeout_seconds=section.timeout_seconds,
        most_age=timedelta(hours=section.max_age_hours),
        at_once=section.at_once,
        kept=timedelta(days=section.keep_days),
    )
