"""Follow-up calls that were, written into the database as the dialler would have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile

from outbound.answer import Answer, GivenBy
from outbound.campaign import CampaignState
from outbound.contact import FollowUpOutcome, NewContact
from outbound.deliveries.store import ResultBook
from outbound.own_rules import OwnRules
from outbound.rules import FollowUpRules
from outbound.standing import Pace, Standing
from outbound.store import CampaignStore
from recordings.entry import Recording, State
from tests.fakes.console import SmallService

MONDAY = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
"""09:30 in the city."""
RATE = 8000
RULES = FollowUpRules()
ORDER = NewContact(
    order_id="A-1",
    number="+8613812340001",
    language="zh",
    closed_at=MONDAY - timedelta(days=1),
    unit="市水务局",
    confidential=False,
)
SOLVED = Answer(
    question="solved",
    answer="yes",
    given_by=GivenBy.VOICE,
    confidence=0.41,
    transcript="解决了 吧 我的 号码 是 一 三 八 一 二 三 四 五 六 七 八",
    at=MONDAY,
    clip_start_seconds=1,
    clip_seconds=2,
)
SATISFIED = replace(
    SOLVED,
    question="satisfied",
    answer="satisfied",
    given_by=GivenBy.KEY,
    confidence=1,
    transcript="",
)
STANDING = Standing(
    pace=Pace.CITIZENS_WAIT,
    lines=5,
    under_way=2,
    free=0,
    waiting=3,
    opens_at=MONDAY,
    windows=("09:00-12:00", "14:00-20:00"),
    workdays_only=True,
    tries=3,
    caller_number="",
    flow="follow_up",
)
"""Three citizens wait for a person: what is left of the lines is theirs."""
UNITS = ("市水务局", "市交通运输局", "历下区")


def store_of(service: SmallService) -> CampaignStore:
    """The campaigns of a service, whose results are told on its bus."""
    return CampaignStore(
        service.database, ResultBook(service.database, service.bus.publish)
    )


async def fill_campaign(
    service: SmallService, count: int, name: str = "november"
) -> None:
    """A paused campaign of orders A-1 and so on, in three units; nobody was called."""
    orders = [
        replace(ORDER, order_id=f"A-{n}", number=f"+861381234{n:04}", unit=UNITS[n % 3])
        for n in range(1, count + 1)
    ]
    await store_of(service).add(name, orders, MONDAY)


async def follow_up(
    service: SmallService,
    call_id: str,
    given: Sequence[Answer] = (SOLVED, SATISFIED),
    *,
    outcome: FollowUpOutcome = FollowUpOutcome.COMPLETED,
    at: datetime = MONDAY,
) -> None:
    """Order A-n of a running campaign is followed up by CALLn, and answered so."""
    store = store_of(service)
    order_id = call_id.replace("CALL", "A-")
    due = await store.due(at, 100)
    (contact,) = [each for each in due if each.order_id == order_id]
    assert await store.lease(contact.id, call_id, at, RULES)
    await store.ended(call_id, outcome, given, at, RULES)


async def called_campaign(service: SmallService) -> None:
    """Of twelve orders seven were called on two days; two answers are doubtful."""
    await fill_campaign(service, 12)
    store = store_of(service)
    await store.turn("november", CampaignState.RUNNING, MONDAY)
    sure = replace(SOLVED, confidence=1, given_by=GivenBy.KEY, transcript="")
    unhappy = replace(SATISFIED, answer="dissatisfied")
    tuesday = MONDAY + timedelta(days=1)
    await follow_up(service, "CALL1")
    await follow_up(service, "CALL2", [sure, SATISFIED])
    await follow_up(service, "CALL3", [replace(sure, answer="no"), unhappy])
    await follow_up(service, "CALL4", (), outcome=FollowUpOutcome.BUSY)
    await follow_up(service, "CALL5", [sure, SATISFIED], at=tuesday)
    await follow_up(service, "CALL6", [replace(SOLVED, answer="unclear")], at=tuesday)
    await follow_up(service, "CALL7", (), outcome=FollowUpOutcome.MACHINE, at=tuesday)
    await store.turn("november", CampaignState.PAUSED, tuesday)


async def keep_its_recording(service: SmallService, call_id: str) -> None:
    """Four seconds of a tone."""
    tone = np.sin(np.arange(4 * RATE) / RATE * 2 * np.pi * 440) * 0.2
    file = _place(service, call_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, np.column_stack([tone, tone]), RATE)
    entry = Recording(
        call_id=call_id,
        state=State.CLOSED,
        started_at=MONDAY,
        path=f"2026/{call_id}.flac",
        seconds=4.0,
    )
    await service.archive.store.append(entry)


def _place(service: SmallService, call_id: str) -> Path:
    return service.archive.root / "2026" / f"{call_id}.flac"


class StandingDialler:
    """A dialler that stands so, and calls nobody."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def standing(self, own: OwnRules | None = None) -> Standing:
        """What it was given, whatever a campaign has of its own."""
        return self._standing


def stand(service: SmallService, standing: Standing) -> None:
    """Let the console of a service see a dialler that stands so."""
    dialler = StandingDialler(standing)
    follow_ups = replace(service.view.follow_ups, dialler=dialler)  # type: ignore[arg-type]
    service.app.state.view = replace(service.view, follow_ups=follow_ups)
